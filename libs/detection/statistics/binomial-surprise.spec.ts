import { binomialSurprise, cautiousShare } from '#detection/statistics/binomial-surprise';

/** The exact chance of `hits` or more of `trials`. */
function tail(hits: number, trials: number, p: number): number {
  let chance = 0;
  for (let of = hits; of <= trials; of++) {
    let term = p ** of * (1 - p) ** (trials - of);
    for (let at = 0; at < of; at++) term *= (trials - at) / (at + 1);
    chance += term;
  }
  return chance;
}

describe('how surprising it is that so many of so many hit', () => {
  it.each([
    [8, 10, 0.5],
    [10, 10, 0.1],
    [20, 100, 0.05],
    [3, 60, 0.01],
  ])('%p of %p at %p: at most what the exact tail says, and at most two powers of ten less', (hits, trials, expected) => {
    const exact = -Math.log10(tail(hits, trials, expected));
    const bound = binomialSurprise(hits, trials, expected);
    expect(bound).toBeLessThanOrEqual(exact);
    expect(bound).toBeGreaterThan(exact - 2);
  });

  it('is the divergence of the two shares, as worked out by hand', () => {
    expect(binomialSurprise(10, 10, 0.1)).toBeCloseTo(10, 12);
    expect(binomialSurprise(8, 10, 0.5)).toBeCloseTo((10 * (0.8 * Math.log(1.6) + 0.2 * Math.log(0.4))) / Math.LN10, 12);
  });

  it('is none where no more than expected hit, or nothing was tried', () => {
    expect([binomialSurprise(5, 10, 0.5), binomialSurprise(4, 10, 0.5), binomialSurprise(0, 0, 0.5)]).toEqual([0, 0, 0]);
  });
});

describe('a share taken for the usual', () => {
  const prior = { share: 0.05, trials: 20 };

  it('is the prior’s own and a deviation where nothing is known', () => {
    expect(cautiousShare(0, 0, prior)).toBeCloseTo(0.05 + Math.sqrt((0.05 * 0.95) / 20), 12);
  });

  it('comes to the share that was seen', () => {
    expect(cautiousShare(10, 100, prior)).toBeCloseTo(11 / 120 + Math.sqrt(((11 / 120) * (109 / 120)) / 120), 12);
    expect(cautiousShare(100_000, 1_000_000, prior)).toBeCloseTo(0.1, 2);
  });

  it('is never all', () => {
    expect(cautiousShare(50, 50, { share: 1, trials: 1 })).toBe(0.999);
  });
});

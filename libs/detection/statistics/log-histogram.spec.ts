import { Random } from '#simulator/random';
import { binOf, count, emptyHistogram, halve, quantile } from '#detection/statistics/log-histogram';
import { readHistogram, writeHistogram } from '#detection/statistics/histogram-text';
import { tailSurprise } from '#detection/statistics/tail-surprise';

const exact = (values: readonly number[], q: number): number =>
  [...values].sort((left, right) => left - right)[Math.max(0, Math.ceil(q * values.length) - 1)]!;

describe('a histogram of magnitudes', () => {
  it.each([0.05, 0.5, 0.9, 0.95, 0.99, 1])('knows the quantile %p within half a bin of the exact one', (q) => {
    const random = new Random(q);
    const values = Array.from({ length: 5_000 }, () => Math.exp(6 * random.next() - 1) * (1 + random.next()));
    const histogram = emptyHistogram(32);
    for (const value of values) count(histogram, value);
    const ratio = quantile(histogram, q)! / exact(values, q);
    expect(Math.abs(Math.log2(ratio))).toBeLessThanOrEqual(0.5 / 32 + 1e-9);
  });

  it('zero has a place of its own', () => {
    const histogram = emptyHistogram(4);
    for (const value of [0, 0, 0, 8]) count(histogram, value);
    expect([quantile(histogram, 0.5), quantile(histogram, 0.75), quantile(histogram, 0.8)]).toEqual([0, 0, 8]);
    expect(quantile(emptyHistogram(4), 0.5)).toBeUndefined();
  });

  it('halved, old sightings count half and the rarest are forgotten; the total stays the sum', () => {
    const histogram = emptyHistogram(4);
    for (let round = 0; round < 64; round += 1) count(histogram, 16);
    count(histogram, 1);
    count(histogram, 4_096);
    for (let round = 0; round < 5; round += 1) halve(histogram);
    expect(histogram).toMatchObject({ first: 16, weights: [2], zero: 0, total: 2 });
  });

  it('any magnitude has a bin, so that the text is bounded', () => {
    const histogram = emptyHistogram(4);
    for (const value of [Number.MAX_VALUE, Number.MIN_VALUE, 1e-11, 1e30]) count(histogram, value);
    expect(histogram.weights.length).toBeLessThanOrEqual(2 * 40 * 4 + 1);
    expect(histogram.total).toBe(4);
    expect(readHistogram(writeHistogram(histogram))).toEqual(histogram);
  });
});

describe('surprise', () => {
  it('is the rarity of what was at least as large, by powers of ten', () => {
    const histogram = emptyHistogram(4);
    for (let round = 0; round < 990; round += 1) tailSurprise(histogram, 1);
    for (let round = 0; round < 9; round += 1) tailSurprise(histogram, 64);
    expect(tailSurprise(histogram, 64)).toBeCloseTo(-Math.log10((9 / 2 + 0.5) / 1_000), 6);
    expect(tailSurprise(histogram, 1)).toBeLessThan(0.31);
  });

  it('grows beyond the largest sighting, by one for each factor of ten', () => {
    const fresh = () => {
      const histogram = emptyHistogram(4);
      for (let round = 0; round < 999; round += 1) tailSurprise(histogram, 1);
      return histogram;
    };
    const beyond = tailSurprise(fresh(), 1_024) - tailSurprise(fresh(), 16);
    expect(beyond).toBeCloseTo(Math.log10(64), 6);
  });

  it('a first sighting is not impossible', () => {
    expect(tailSurprise(emptyHistogram(4), 5)).toBeCloseTo(-Math.log10(0.5), 6);
  });
});

describe('a bin', () => {
  const bin = (magnitude: number) => binOf(emptyHistogram(4), magnitude);

  it('holds what is nearest to its power of two', () => {
    expect([bin(1), bin(2), bin(16), bin(0.5), bin(2 ** 0.12), bin(2 ** 0.13)]).toEqual([0, 4, 16, -4, 0, 1]);
  });

  it('is none for zero and what cannot be told from it, the outermost for what is larger than all', () => {
    expect([bin(0), bin(2 ** -40), bin(2 ** -39.9), bin(2 ** 40), bin(2 ** 41)]).toEqual([undefined, undefined, -160, 160, 160]);
  });
});

describe('counts', () => {
  it('grow to either side', () => {
    const histogram = emptyHistogram(1);
    for (const value of [8, 8, 2, 32, 0]) count(histogram, value);
    expect(histogram).toEqual({ binsPerOctave: 1, first: 1, weights: [1, 0, 2, 0, 1], zero: 1, total: 5 });
  });

  it('halved are multiples of a sixteenth, rounded down, and lose the empty ends', () => {
    const histogram = { binsPerOctave: 1, first: 1, weights: [0.0625, 3, 0.1875, 5, 0.0625], zero: 0.5, total: 8.8125 };
    halve(histogram);
    expect(histogram).toEqual({ binsPerOctave: 1, first: 2, weights: [1.5, 0.0625, 2.5], zero: 0.25, total: 4.3125 });
    const rare = { binsPerOctave: 1, first: 7, weights: [0.0625], zero: 0, total: 0.0625 };
    halve(rare);
    expect(rare).toMatchObject({ weights: [], total: 0 });
  });
});

describe('a quantile', () => {
  const histogram = { binsPerOctave: 1, first: 1, weights: [2, 0, 2], zero: 4, total: 8 };

  it('is the least bin up to which its share lies', () => {
    expect([0, 0.5, 0.51, 0.75, 0.76, 1].map((share) => quantile(histogram, share))).toEqual([0, 0, 2, 2, 8, 8]);
  });

  it('of nothing but magnitudes is never zero', () => {
    expect(quantile({ ...histogram, zero: 0, total: 4 }, 0)).toBe(2);
  });
});

describe('a surprise', () => {
  const known = () => ({ binsPerOctave: 1, first: 1, weights: [2, 3, 4], zero: 1, total: 10 });

  it('counts what was larger, half of what was alike, and half a sighting more', () => {
    expect(tailSurprise(known(), 4)).toBeCloseTo(-Math.log10((4 + 1.5 + 0.5) / 11), 12);
    expect(tailSurprise(known(), 8)).toBeCloseTo(-Math.log10((2 + 0.5) / 11), 12);
    expect(tailSurprise(known(), 1)).toBeCloseTo(-Math.log10((9 + 0.5) / 11), 12);
    expect(tailSurprise(known(), 0)).toBeCloseTo(-Math.log10((9 + 0.5 + 0.5) / 11), 12);
    expect(tailSurprise(known(), 32)).toBeCloseTo(-Math.log10(0.5 / 11 / 4), 12);
    expect(tailSurprise({ ...known(), weights: [], zero: 10 }, 32)).toBeCloseTo(-Math.log10(0.5 / 11), 12);
  });

  it('is counted afterwards, and half is forgotten after six thousand', () => {
    const histogram = known();
    tailSurprise(histogram, 4);
    expect(histogram).toMatchObject({ weights: [2, 4, 4], total: 11 });
    const full = { ...known(), weights: [2, 5_992, 4], total: 5_999 };
    tailSurprise(full, 4);
    expect(full).toMatchObject({ weights: [1, 2_996.5, 2], total: 3_000 });
  });
});

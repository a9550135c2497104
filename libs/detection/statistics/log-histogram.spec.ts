import { Random } from '#simulator/random';
import { count, emptyHistogram, halve, quantile } from '#detection/statistics/log-histogram';
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

import { Random } from '#simulator/random';
import { exceedsLimit, limitOf, trackQuantile } from '#detection/statistics/tracked-quantile';

const shareExceeding = (values: readonly number[], exceeding: number, from = 0): number => {
  const tracked = trackQuantile(exceeding);
  const later = values.map((value) => exceedsLimit(tracked, value, exceeding)).slice(from);
  return later.filter((exceeds) => exceeds === true).length / later.length;
};

describe('a quantile that is followed', () => {
  it('says nothing of the first value', () => {
    const tracked = trackQuantile(0.05);
    expect(limitOf(tracked)).toBeUndefined();
    expect(exceedsLimit(tracked, 3, 0.05)).toBeUndefined();
    expect(exceedsLimit(tracked, 30, 0.05)).toBe(true);
  });

  it.each([0.05, 0.1])('the share %p of what comes exceeds it, while nothing changes', (exceeding) => {
    const random = new Random(1);
    const values = Array.from({ length: 10_000 }, () => Math.exp(2 * random.next() + random.next()));
    expect(Math.abs(shareExceeding(values, exceeding, 500) - exceeding)).toBeLessThan(0.01);
  });

  it('and also while what comes doubles every thousand values', () => {
    const random = new Random(2);
    const values = Array.from({ length: 8_000 }, (_, at) => 2 ** (at / 1_000) * Math.exp(2 * random.next()));
    expect(Math.abs(shareExceeding(values, 0.05, 500) - 0.05)).toBeLessThan(0.02);
  });
});

describe('the limit of a quantile', () => {
  it('is moved against the error made: up by little when it holds, down by much when it does not', () => {
    const tracked = trackQuantile(0.05);
    exceedsLimit(tracked, 8, 0.05);
    expect(tracked.share).toBe(0.05);
    expect(exceedsLimit(tracked, 8, 0.05)).toBe(false);
    expect(tracked.share).toBeCloseTo(0.05 + 0.005 * 0.05, 12);
    expect(exceedsLimit(tracked, 9, 0.05)).toBe(true);
    expect(tracked.share).toBeCloseTo(0.05 + 0.005 * (0.05 + 0.05 - 1), 12);
  });

  it('stays between one in a thousand and twice the share asked for', () => {
    const tracked = trackQuantile(0.05);
    for (let at = 0; at < 400; at++) exceedsLimit(tracked, 2 ** (at / 20), 0.05);
    expect(tracked.share).toBe(0.001);
    const quiet = trackQuantile(0.05);
    for (let at = 0; at < 100; at++) exceedsLimit(quiet, 8, 0.05);
    expect(quiet.share).toBeCloseTo(0.05 + 99 * 0.005 * 0.05, 9);
    for (let at = 0; at < 200; at++) exceedsLimit(quiet, 8, 0.05);
    expect(quiet.share).toBe(0.1);
  });

  it('is what all but its share of the past lies below', () => {
    const tracked = trackQuantile(0.05);
    for (let at = 0; at < 20; at++) exceedsLimit(tracked, at < 18 ? 1 : 16, 0.05);
    expect([0.05, 0.09, 0.11, 0.5].map((share) => limitOf({ ...tracked, share }))).toEqual([16, 16, 1, 1]);
  });

  it('has a share that ends at the twofold of what is asked for', () => {
    const tracked = trackQuantile(0.05);
    exceedsLimit(tracked, 8, 0.05);
    tracked.share = 0.0999;
    exceedsLimit(tracked, 8, 0.05);
    expect(tracked.share).toBe(0.1);
  });

  it('forgets half after two thousand values', () => {
    const tracked = trackQuantile(0.05);
    for (let at = 0; at < 1_999; at++) exceedsLimit(tracked, 8, 0.05);
    expect(tracked.histogram.total).toBe(1_999);
    exceedsLimit(tracked, 8, 0.05);
    expect(tracked.histogram.total).toBe(1_000);
  });
});

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

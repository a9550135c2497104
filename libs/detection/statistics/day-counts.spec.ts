import fc from 'fast-check';
import { dayCount, DAYS_KEPT, type DayCounts } from '#detection/statistics/day-counts';

it('counts by day whatever the order, and keeps the newest days only', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 120 }), { minLength: 1, maxLength: 200 }), (told) => {
      const counts: DayCounts = [];
      for (const day of told) {
        const of = dayCount(counts, day);
        if (of !== undefined) of.count++;
      }
      const newest = Math.max(...told);
      expect(counts.map(({ day }) => day)).toEqual([...counts.map(({ day }) => day)].sort((left, right) => left - right));
      for (const { day, count } of counts) {
        expect(day).toBeGreaterThan(newest - DAYS_KEPT);
        expect(count).toBe(told.filter((one) => one === day).length);
      }
    }),
  );
});

it('a day that is too old is not counted', () => {
  const counts: DayCounts = [];
  dayCount(counts, 100);
  expect(dayCount(counts, 100 - DAYS_KEPT)).toBeUndefined();
  expect(dayCount(counts, 101 - DAYS_KEPT)).toEqual({ day: 101 - DAYS_KEPT, count: 0, bad: 0 });
});

it('a day told of twice is one, in its place; a newer one lets the oldest go', () => {
  const counts: DayCounts = [];
  for (const day of [10, 12, 11, 12]) dayCount(counts, day)!.count++;
  expect(counts).toEqual([
    { day: 10, count: 1, bad: 0 },
    { day: 11, count: 1, bad: 0 },
    { day: 12, count: 2, bad: 0 },
  ]);
  dayCount(counts, 11 + DAYS_KEPT);
  expect(counts.map(({ day }) => day)).toEqual([12, 11 + DAYS_KEPT]);
});

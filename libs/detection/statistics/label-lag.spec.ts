import { days } from '#kernel/time';
import { labelsCome, newLabelLag, noteLag, packLabelLag, settledAfter, unpackLabelLag } from '#detection/statistics/label-lag';

const lagOf = (...took: number[]) => {
  const lag = newLabelLag();
  for (const one of took) noteLag(lag, one);
  return lag;
};
const of = (count: number, make: (at: number) => number): number[] => Array.from({ length: count }, (_, at) => make(at));

it('labels that take seven days have come for payments of eight days ago and not for those of six', () => {
  const lag = lagOf(...of(100, () => days(7)));
  expect(labelsCome(lag, 6)).toBe(0);
  expect(labelsCome(lag, 7)).toBe(0.5);
  expect(labelsCome(lag, 8)).toBe(1);
  expect(settledAfter(lag)).toBe(days(8));
});

it('labels spread evenly over thirty days have come for half of the payments of fifteen days ago', () => {
  const lag = lagOf(...of(320, (at) => days(((at * 7) % 30) + 0.5)));
  expect(labelsCome(lag, 15)).toBeCloseTo(0.5, 1);
  expect(settledAfter(lag)).toBe(days(29));
});

it('labels that come at once settle a payment within a day', () => {
  expect(settledAfter(lagOf(...of(50, () => 0)))).toBe(days(1));
});

it('follows when labels come later than they did', () => {
  const lag = lagOf(...of(3_000, () => days(2)), ...of(12_000, () => days(20)));
  expect(labelsCome(lag, 10)).toBeLessThan(0.05);
});

it('a lag beyond the longest claim counts as the longest; one below zero as none', () => {
  const lag = lagOf(days(400), -5);
  expect(labelsCome(lag, 1)).toBe(0.5);
  expect(labelsCome(lag, 121)).toBe(1);
});

it('is the same after it was stored', () => {
  const lag = lagOf(...of(333, (at) => days(at % 40)));
  const stored = unpackLabelLag(packLabelLag(lag));
  for (let age = 0; age < 130; age++) expect(labelsCome(stored, age)).toBe(labelsCome(lag, age));
});

it('before any label came they are taken to come within a week', () => {
  const lag = newLabelLag();
  expect([0, 7, 8, 200].map((age) => labelsCome(lag, age))).toEqual([0, 0, 1, 1]);
  expect(labelsCome(lag, -1)).toBe(0);
  expect([settledAfter(lag), lag.freshDays]).toEqual([days(8), 8]);
});

it('a day’s own labels count half, those of the days before it whole', () => {
  const lag = lagOf(0, days(1), days(1), days(4) - 1);
  expect([0, 1, 2, 3, 3.9, 4, 119, 120, 121].map((age) => labelsCome(lag, age))).toEqual([
    0.125, 0.5, 0.75, 0.875, 0.875, 1, 1, 1, 1,
  ]);
  expect([settledAfter(lag), lag.freshDays]).toEqual([days(4), 1]);
});

it('nineteen of twenty labels settle a payment, and a quarter of them make it fresh', () => {
  const lag = unpackLabelLag([0, 25, 2, 70, 9, 5]);
  expect([settledAfter(lag), lag.freshDays]).toEqual([days(3), 1]);
  // Of the ninth day's own six, half have come.
  expect(settledAfter(unpackLabelLag([0, 94, 9, 6]))).toBe(days(9));
});

it('counts half after two thousand labels', () => {
  const lag = unpackLabelLag([3, 1_446, 120, 600]);
  noteLag(lag, days(3));
  expect([lag.total, lag.counts[3], lag.counts[120]]).toEqual([2_047, 1_447, 600]);
  noteLag(lag, days(3));
  expect([lag.total, lag.counts[3], lag.counts[120]]).toEqual([1_024, 724, 300]);
  expect(labelsCome(lag, 4)).toBeCloseTo(724 / 1_024, 12);
});

it('is stored as pairs of a day and its count', () => {
  const lag = lagOf(days(3), days(3), 0);
  expect(packLabelLag(lag)).toEqual([0, 1, 3, 2]);
  expect(unpackLabelLag([0, 1, 3, 2])).toEqual(lag);
});

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

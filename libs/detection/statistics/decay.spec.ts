import { decayed } from '#detection/statistics/decay';

it('half is left after one half-life, a quarter after two', () => {
  expect(decayed(8, 10, 10)).toBeCloseTo(4, 12);
  expect(decayed(8, 20, 10)).toBeCloseTo(2, 12);
});

it('decaying in two steps is decaying in one', () => {
  expect(decayed(decayed(5, 3, 7), 4, 7)).toBeCloseTo(decayed(5, 7, 7), 12);
});

it('late news takes nothing away', () => {
  expect(decayed(5, -3, 7)).toBe(5);
});

it('nothing stays nothing, and no time takes nothing', () => {
  expect([decayed(0, Infinity, 7), decayed(0, 5, 0), decayed(5, 0, 7), decayed(5, 0, 0)]).toEqual([0, 0, 5, 5]);
});

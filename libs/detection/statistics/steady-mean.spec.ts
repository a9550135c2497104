import fc from 'fast-check';
import { mean } from 'simple-statistics';
import { newSteadyMean, noteValue } from '#detection/statistics/steady-mean';

const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 40 });

it('below its bound it is the plain mean', () => {
  fc.assert(
    fc.property(values, (sample) => {
      const steady = newSteadyMean();
      for (const value of sample) noteValue(steady, value, 1, 100);
      expect(steady.mean).toBeCloseTo(mean(sample), 6);
      expect(steady.n).toBe(sample.length);
    }),
  );
});

it('at its bound each value counts 1/n and the past fades exponentially', () => {
  const steady = newSteadyMean();
  const sample = Array.from({ length: 60 }, (_, at) => (at * 37) % 11);
  for (const value of sample) noteValue(steady, value, 1, 10);
  const faded = sample.slice(10).reduce((old, value) => old * 0.9 + value * 0.1, mean(sample.slice(0, 10)));
  expect(steady.mean).toBeCloseTo(faded, 10);
});

it('the deviation of a steady uniform sample is that of the distribution, a quarter of its width', () => {
  const steady = newSteadyMean();
  for (let at = 0; at < 4_000; at++) noteValue(steady, (at * 0.618_033_988_749) % 1, 1, 4_000);
  expect(steady.deviation).toBeCloseTo(0.25, 2);
});

it('a weight of zero, or none, changes nothing; a weight of a half moves half as far', () => {
  const steady = newSteadyMean();
  noteValue(steady, 50, 0, 4);
  expect(steady).toEqual(newSteadyMean());
  noteValue(steady, 10, 1, 4);
  noteValue(steady, 50, 0, 4);
  noteValue(steady, 50, NaN, 4);
  expect(steady).toEqual({ n: 1, mean: 10, deviation: 0 });
  noteValue(steady, 40, 0.5, 4);
  expect(steady.mean).toBeCloseTo(20, 12);
});

it('the deviation is the mean distance from the mean before each value, the first apart', () => {
  const steady = newSteadyMean();
  for (const value of [10, 20, 0]) noteValue(steady, value, 1, 100);
  // 20 lies 10 from 10, half of which counts; 0 lies 15 from 15.
  expect([steady.n, steady.mean]).toEqual([3, 10]);
  expect(steady.deviation).toBeCloseTo(5 + (15 - 5) / 3, 12);
});

import { days, minutes } from '#kernel/time';
import { Random } from '#simulator/random';
import { anomalyThreshold, emptySeries, readSeries, type Reading } from '#detection/statistics/series-anomaly';
import { decodeSeries, encodeSeries } from '#detection/statistics/series-text';

const start = Date.UTC(2026, 2, 2);
const at = (index: number): number => start + index * minutes(5);
const noisy = (random: Random): number => 10 + random.next() + random.next();
const read = (values: readonly number[]): Reading[] => {
  const state = emptySeries();
  return values.map((value, index) => readSeries(state, at(index), value));
};
const alerts = (readings: readonly Reading[]): number[] =>
  readings.flatMap((reading, index) => (reading.state === 'known' && reading.alert ? [index] : []));
const quiet = (count: number, seed = 1): number[] => {
  const random = new Random(seed);
  return Array.from({ length: count }, () => noisy(random));
};

describe('the anomaly statistic of a series', () => {
  it('says that it is warming up for its first hundred values, never that they are ordinary', () => {
    const readings = read([...quiet(50), 1_000, ...quiet(60)]);
    expect(readings.slice(0, 100).every(({ state }) => state === 'warming-up')).toBe(true);
    expect(readings[100]).toMatchObject({ state: 'known' });
  });

  it('a jump after four quiet days is one alert, then silence', () => {
    const values = quiet(1_200);
    for (let index = 1_150; index < 1_200; index += 1) values[index]! += 40;
    expect(alerts(read(values)).filter((index) => index >= 1_150)).toEqual([1_150]);
  });

  it('a value that is constant has no anomaly, and its first change is one', () => {
    expect(alerts(read(Array<number>(2_000).fill(5)))).toEqual([]);
    expect(alerts(read([...Array<number>(2_000).fill(5), 6]))).toEqual([2_000]);
  });

  it('a value usual at noon is an alert at midnight', () => {
    const shaped = (index: number): number => ((index % 288) / 288 > 0.4 && (index % 288) / 288 < 0.6 ? 100 : 10);
    const noise = quiet(288 * 10, 3);
    const values = noise.map((value, index) => value + shaped(index));
    expect(alerts(read(values)).filter((index) => index > 288 * 4)).toEqual([]);
    const midnight = 288 * 9;
    for (let index = midnight; index < midnight + 20; index += 1) values[index]! += 90;
    const told = alerts(read(values)).filter((index) => index > 288 * 4);
    expect(told[0]).toBeGreaterThanOrEqual(midnight);
    expect(told[0]).toBeLessThanOrEqual(midnight + 3);
  });

  it('scale and unit do not matter', () => {
    const values = quiet(600, 5);
    values[500] = 25;
    // A power of 16 moves every bin by a whole number.
    expect(alerts(read(values.map((value) => value * 16 ** 3)))).toEqual(alerts(read(values)));
  });

  it('an alert has at least the threshold, anything else less', () => {
    const values = quiet(3_000, 7).map((value, index) => (index % 400 === 399 ? value * 3 : value));
    for (const reading of read(values)) {
      if (reading.state === 'known') expect(reading.alert).toBe(reading.score >= anomalyThreshold);
    }
  });

  it('decoded from its text it goes on as if it had not been stored, and the text is bounded', () => {
    const values = quiet(3_000, 9).map((value, index) => value * (1 + Math.sin(index / 40)));
    const kept = emptySeries();
    let stored = emptySeries();
    for (const [index, value] of values.entries()) {
      const expected = readSeries(kept, at(index), value);
      expect(readSeries(stored, at(index), value)).toEqual(expected);
      if (index % 97 === 0) stored = decodeSeries(encodeSeries(stored));
    }
    const text = encodeSeries(kept);
    expect(encodeSeries(decodeSeries(text))).toBe(text);
    expect(text.length).toBeLessThan(20_000);
  });

  it('what is not a number is our bug', () => {
    expect(() => readSeries(emptySeries(), start, NaN)).toThrow('finite');
  });

  it('is the mean of four surprises, each against its own past, as worked out by hand', () => {
    const state = emptySeries();
    for (let index = 0; index < 150; index += 1) readSeries(state, at(index), 5);
    const reading = readSeries(state, at(150), 6);
    if (reading.state !== 'known') throw new Error('still warming up');
    // No time of the day was seen twice.
    expect(reading.parts).toMatchObject({ season: 0, drift: 0 });
    const mean = (reading.parts.step + reading.parts.shape) / 4;
    expect(reading.score).toBeCloseTo(1 - 10 ** -mean, 12);
    expect(reading.parts.step).toBeCloseTo(-Math.log10(0.5 / 150), 12);
  });

  it('is told where all four agree, and halved while that is still what is wrong', () => {
    const state = emptySeries();
    const daily = (index: number, value: number) => {
      const reading = readSeries(state, start + days(index), value);
      if (reading.state !== 'known') throw new Error('still warming up');
      const { step, season, drift, shape } = reading.parts;
      return { ...reading, mean: (step + season + drift + shape) / 4 };
    };
    for (let index = 0; index < 200; index += 1) readSeries(state, start + days(index), 5);
    const usual = daily(200, 5);
    expect(usual.alert).toBe(false);
    expect(usual.score).toBeCloseTo(1 - 10 ** -usual.mean, 12);
    const odd = daily(201, 1_000);
    // Never before: half a sighting more than none of 200, of as many distances, and of what is left of them.
    expect(odd.parts.step).toBeCloseTo(-Math.log10(0.5 / 201), 12);
    expect(odd.parts.season).toBeCloseTo(-Math.log10(0.5 / 201), 12);
    expect(odd.parts.drift).toBeCloseTo(-Math.log10(0.5 / 201), 12);
    expect(odd.parts.shape).toBeGreaterThan(1.8);
    expect(odd).toMatchObject({ alert: true, score: expect.closeTo(1 - 10 ** -odd.mean, 12) });
    const back = daily(202, 5);
    // An alert before: a tenth of a power of ten is asked more, which one value let fade by a sixhundredth.
    const priced = back.mean - 0.1 * Math.log2(2 - 1 / 600);
    expect(priced).toBeGreaterThan(1.8);
    expect(back).toMatchObject({ alert: false, score: expect.closeTo((1 - 10 ** -priced) / 2, 12) });
  });

  it('drift is the distance from the season as it lasts, a part of which is learnt each time', () => {
    const state = emptySeries();
    readSeries(state, start, 10);
    expect(state.drift).toBe(0);
    readSeries(state, start + days(1), 20);
    expect(state.drift).toBeCloseTo(0.06 * 10, 12);
    // Expected by then: 12.
    readSeries(state, start + days(2), 2);
    expect(state.drift).toBeCloseTo(0.6 + 0.06 * (-10 - 0.6), 12);
    expect(state.tails.drift.total).toBe(2);
    expect(state.tails.season.total).toBe(2);
    expect(state.tails.step.total).toBe(2);
    expect(state.tails.shape.total).toBe(0);
  });

  it('while it is silent its score is halved and is no alert', () => {
    const values = quiet(1_200);
    for (let index = 1_150; index < 1_200; index += 1) values[index]! += 40;
    const [first, second] = read(values).slice(1_150);
    expect(first).toMatchObject({ alert: true });
    expect(second).toMatchObject({ alert: false });
    expect(second!.state === 'known' && second!.score).toBeLessThanOrEqual(0.5);
  });
});

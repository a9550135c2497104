import { days } from '#kernel/time';
import { anomalyParts, emptySeries, readSeries } from '#detection/statistics/series-anomaly';
import { decodeSeries, encodeSeries } from '#detection/statistics/series-text';

const start = Date.UTC(2026, 2, 2);

it('a series of which nothing is known is the same from its text', () => {
  expect(decodeSeries(encodeSeries(emptySeries()))).toEqual(emptySeries());
});

it('a series is the same from its text, and goes on alike', () => {
  const kept = emptySeries();
  for (let index = 0; index < 130; index += 1) readSeries(kept, start + days(index), (index * 37) % 11);
  const stored = decodeSeries(encodeSeries(kept));
  expect(stored).toEqual(kept);
  for (let index = 130; index < 150; index += 1)
    expect(readSeries(stored, start + days(index), 40)).toEqual(readSeries(kept, start + days(index), 40));
  expect(stored).toEqual(kept);
});

it('its text is its numbers in one order; what was not seen is null', () => {
  const state = emptySeries();
  readSeries(state, 0, 5);
  readSeries(state, days(1), 7);
  Object.assign(state.alerts, { seen: 4, silentUntil: 3, told: 2, habit: 1 });
  state.shapes.shapes.push([1, 2]);
  const [season, shapes, tails, alerts, last, drift] = JSON.parse(encodeSeries(state)) as unknown[];
  expect(season).toEqual([[5.4], [5, ...Array<null>(47).fill(null), 7], -1, -1]);
  expect(shapes).toEqual([[5, 7], [[1, 2]], 0]);
  expect(tails).toHaveLength(anomalyParts.length);
  expect([alerts, last]).toEqual([[4, 3, 2, 1], 7]);
  expect(drift).toBeCloseTo(0.06 * 2, 12);
  expect(JSON.parse(encodeSeries(emptySeries()))).toEqual([
    [[], [], -1, -1],
    [[], [], 0],
    anomalyParts.map(() => [4, 0, 0]),
    [0, 0, 0, 0],
    null,
    0,
  ]);
});

it('a text from before a part was told apart has that part unknown', () => {
  const cells = JSON.parse(encodeSeries(emptySeries())) as unknown[][];
  cells[2]!.pop();
  expect(decodeSeries(JSON.stringify(cells))).toEqual(emptySeries());
});

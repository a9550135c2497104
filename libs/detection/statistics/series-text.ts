import { anomalyParts, emptySeries, type SeriesState } from '#detection/statistics/series-anomaly';
import { readHistogram, writeHistogram, type HistogramText } from '#detection/statistics/histogram-text';

type SeriesText = readonly [
  season: readonly [day: readonly (number | null)[], week: readonly (number | null)[], dayError: number, weekError: number],
  shapes: readonly [recent: readonly number[], shapes: readonly (readonly number[])[], seen: number],
  tails: readonly HistogramText[],
  alerts: readonly [seen: number, silentUntil: number, told: number, habit: number],
  last: number | null,
  drift: number,
];

/** A series as compact JSON, at most some 20 kB; decoded it is the same to the last digit. */
export function encodeSeries({ season, shapes, tails, alerts, last, drift }: SeriesState): string {
  const text: SeriesText = [
    [season.day, season.week, season.dayError, season.weekError],
    [shapes.recent, shapes.shapes, shapes.seen],
    anomalyParts.map((part) => writeHistogram(tails[part])),
    [alerts.seen, alerts.silentUntil, alerts.told, alerts.habit],
    last,
    drift,
  ];
  // JSON has no NaN: an unseen bin and a missing last value are written as null.
  return JSON.stringify(text);
}

export function decodeSeries(text: string): SeriesState {
  const [season, shapes, tails, alerts, last, drift] = JSON.parse(text) as SeriesText;
  const known = (value: number | null): number => value ?? NaN;
  const state = emptySeries();
  for (const [at, part] of anomalyParts.entries()) {
    const histogram = tails[at];
    if (histogram !== undefined) Object.assign(state.tails[part], readHistogram(histogram));
  }
  return {
    ...state,
    season: { day: season[0].map(known), week: season[1].map(known), dayError: season[2], weekError: season[3] },
    shapes: { recent: [...shapes[0]], shapes: shapes[1].map((shape) => [...shape]), seen: shapes[2] },
    alerts: { seen: alerts[0], silentUntil: alerts[1], told: alerts[2], habit: alerts[3] },
    last: known(last),
    drift,
  };
}

import type { InstantMs } from '#kernel/time';
import { judgeAlert, noAlerts, type AlertSilence } from '#detection/statistics/alert-silence';
import { emptyHistogram, type LogHistogram } from '#detection/statistics/log-histogram';
import { emptySeason, expectSeason, type Season } from '#detection/statistics/season';
import { emptyShapes, shapeDistance, type ShapeMemory } from '#detection/statistics/shape-memory';
import { tailSurprise } from '#detection/statistics/tail-surprise';

/** The four ways in which a value can be unlike its past. */
export const anomalyParts = ['step', 'season', 'drift', 'shape'] as const;
export type AnomalyPart = (typeof anomalyParts)[number];

/** What is known of one series: at most 900 numbers of shapes, 624 of season, four histograms of some 100 bins. */
export interface SeriesState {
  readonly season: Season;
  readonly shapes: ShapeMemory;
  readonly tails: Readonly<Record<AnomalyPart, LogHistogram>>;
  readonly alerts: AlertSilence;
  last: number;
  /** Running mean of the difference from the season. */
  drift: number;
}

export type Reading =
  | { readonly state: 'warming-up' }
  | {
      readonly state: 'known';
      /** 0 … 1, one less the rarity of the value: .9842 means one value in 63. While silent it is halved. */
      readonly score: number;
      readonly alert: boolean;
      /** Surprise of each part: -log10 of the share of the past that was as extreme. */
      readonly parts: Readonly<Record<AnomalyPart, number>>;
    };

const binsPerOctave = 4;
/** A step of drift: it follows to a half within 11 values. .04 … .09 differ by 2 points of NAB. */
const driftRate = 0.06;
/** Values before anything is said: a share of one in a hundred cannot be known earlier. */
const warmUp = 100;
/** Mean surprise at which a value is an anomaly, and the score that it stands for. Fixed once for every series; docs/detection.md. */
const surpriseAtAlert = 1.8;
export const anomalyThreshold = 1 - 10 ** -surpriseAtAlert;

export const emptySeries = (): SeriesState => ({
  season: emptySeason(),
  shapes: emptyShapes(),
  tails: {
    step: emptyHistogram(binsPerOctave),
    season: emptyHistogram(binsPerOctave),
    drift: emptyHistogram(binsPerOctave),
    shape: emptyHistogram(binsPerOctave),
  },
  alerts: noAlerts(),
  last: NaN,
  drift: 0,
});

/**
 * Scores a value by what was known before it, then learns it. Four magnitudes are measured (the step from the value before, the distance
 * from the season, how long that distance has lasted to one side, how unlike the shape of the last 8 values is to any before), each is
 * turned into the share of its own past that was as large, and the score is one less their geometric mean. No scale, unit or
 * distribution is assumed; a part that is not known yet counts as ordinary.
 *
 * Weak cases: a slow rise within the usual range; a value that is missing where one was due (the caller feeds a zero); the first day.
 */
export function readSeries(state: SeriesState, at: InstantMs, value: number): Reading {
  if (!Number.isFinite(value)) throw new Error(`a series takes finite values only, not ${value}`);
  const { tails } = state;
  const surprise = (part: AnomalyPart, magnitude: number | undefined): number =>
    magnitude === undefined ? 0 : tailSurprise(tails[part], Math.abs(magnitude));

  const step = surprise('step', Number.isNaN(state.last) ? undefined : value - state.last);
  state.last = value;
  const expected = expectSeason(state.season, at, value);
  const distance = expected === undefined ? undefined : value - expected;
  const season = surprise('season', distance);
  if (distance !== undefined) state.drift += driftRate * (distance - state.drift);
  const drift = surprise('drift', distance === undefined ? undefined : state.drift);
  const shape = surprise('shape', shapeDistance(state.shapes, value));

  const parts = { step, season, drift, shape };
  if (state.alerts.seen < warmUp) {
    state.alerts.seen += 1;
    return { state: 'warming-up' };
  }
  const judged = judgeAlert(state.alerts, (step + season + drift + shape) / anomalyParts.length, surpriseAtAlert);
  const score = 1 - 10 ** -Math.max(0, judged.surprise);
  return {
    state: 'known',
    score: judged.silent ? score / 2 : score,
    alert: !judged.silent && judged.surprise >= surpriseAtAlert,
    parts,
  };
}

import { anomalyThreshold, emptySeries, readSeries } from '#detection/statistics/series-anomaly';
import type { Evaluation } from './evaluation';
import { readNabCorpus, type NabCorpus } from './nab-corpus';
import { normaliseScore, scoreSeries, type CostMatrix } from './nab-score';

type Series = NabCorpus['series'][number];

/** The product's statistic over a series, each value scored before it is learnt. Warming up is no detection. */
export function scoresOf({ times, values }: Pick<Series, 'times' | 'values'>): number[] {
  const state = emptySeries();
  return times.map((at, index) => {
    const reading = readSeries(state, at, values[index] as number);
    return reading.state === 'known' ? reading.score : 0;
  });
}

/** NAB's normalised score of those series, and what it is made of. */
export function scoreCorpus(series: readonly Series[], scores: ReadonlyMap<string, readonly number[]>, cost: CostMatrix) {
  const totals = { score: 0, windows: 0, scored: 0, detected: 0, falseAlarms: 0 };
  for (const one of series) {
    const { score, scored, detected, falseAlarms } = scoreSeries(one, scores.get(one.name) ?? [], anomalyThreshold, cost);
    totals.score += score;
    totals.windows += one.windows.length;
    totals.scored += scored;
    totals.detected += detected;
    totals.falseAlarms += falseAlarms;
  }
  const { score, windows, scored, detected, falseAlarms } = totals;
  return {
    score: windows === 0 ? null : normaliseScore(score, windows, scored, cost),
    windows,
    detected,
    falseAlarms,
    raw: score,
  };
}

export const nab: Evaluation = {
  name: 'nab',
  about: 'Numenta Anomaly Benchmark: the series statistic under NAB 1.1 scoring, one threshold for all series',
  folder: 'nab',
  run(directory) {
    const corpus = readNabCorpus(directory);
    if (corpus === undefined) return undefined;
    const scores = new Map(corpus.series.map((series) => [series.name, scoresOf(series)]));
    const groups = [...new Set(corpus.series.map(({ group }) => group))];
    const profiles = Object.entries(corpus.profiles).map(([profile, cost]) => ({
      profile,
      ...scoreCorpus(corpus.series, scores, cost),
      groups: Object.fromEntries(
        groups.map((group) => [
          group,
          scoreCorpus(
            corpus.series.filter((series) => series.group === group),
            scores,
            cost,
          ),
        ]),
      ),
    }));
    return {
      figures: profiles.flatMap(({ profile, score }) =>
        score === null
          ? []
          : [
              {
                name: `nab ${profile}`,
                value: score,
                unit: 'of 100',
                ...(profile === 'standard' && { goal: { atLeast: 70.5 } }),
              },
            ],
      ),
      measured: {
        series: corpus.series.length,
        values: corpus.series.reduce((sum, { values }) => sum + values.length, 0),
        threshold: anomalyThreshold,
        scores: Object.fromEntries(profiles.map(({ profile, score }) => [profile, score])),
        profiles,
      },
    };
  },
};

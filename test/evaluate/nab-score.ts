export interface CostMatrix {
  readonly tpWeight: number;
  readonly fpWeight: number;
  readonly fnWeight: number;
}

export interface LabelledSeries {
  readonly name: string;
  readonly group: string;
  readonly times: readonly number[];
  /** First and last time of each labelled anomaly, both within. */
  readonly windows: readonly (readonly [number, number])[];
}

export interface SeriesScore {
  /** In windows: a perfect detector has as many as there are windows. */
  readonly score: number;
  readonly detected: number;
  readonly falseAlarms: number;
  /** Windows that reach beyond the probationary period. */
  readonly scored: number;
}

/** Lavin and Ahmad 2015 (arXiv 1510.03336), as NAB 1.1 computes it: -1 is the left edge of a window, 0 just behind its right edge. */
const scaledSigmoid = (position: number): number => (position > 3 ? -1 : 2 / (1 + Math.exp(5 * position)) - 1);
const atLeftEdge = scaledSigmoid(-1);

/** Values at the beginning that are not scored: 15 % of the series, of its first 5,000 at most. */
export const probation = (length: number): number => Math.min(Math.floor(0.15 * length), 0.15 * 5000);

/**
 * NAB's score of one series. A window counts once, by its earliest detection; a value detected outside costs up to the weight of a
 * false positive, less shortly behind a window; a window never detected costs the weight of a false negative. A detection is a score of
 * at least `threshold`.
 */
export function scoreSeries(series: LabelledSeries, scores: readonly number[], threshold: number, cost: CostMatrix): SeriesScore {
  const { times } = series;
  const from = probation(times.length);
  const windows = series.windows.map(([first, last]) => ({ first: times.indexOf(first), last: times.indexOf(last) }));
  for (const { first, last } of windows) if (first < 0 || last < first) throw new Error(`${series.name}: a window names no row`);

  let score = 0;
  let detected = 0;
  let falseAlarms = 0;
  let scored = 0;
  for (const { first, last } of windows) {
    if (last < from) continue;
    scored += 1;
    let at = Math.max(first, Math.ceil(from));
    while (at <= last && (scores[at] as number) < threshold) at += 1;
    if (at > last) score -= cost.fnWeight;
    else {
      detected += 1;
      score += (cost.tpWeight * scaledSigmoid(-(last - at + 1) / (last - first + 1))) / atLeftEdge;
    }
  }
  let next = 0;
  for (let at = 0; at < times.length; at += 1) {
    while (next < windows.length && at > windows[next]!.last) next += 1;
    const inside = next < windows.length && at >= windows[next]!.first;
    if (inside || at < from || (scores[at] as number) < threshold) continue;
    falseAlarms += 1;
    const before = windows[next - 1];
    score += cost.fpWeight * (before === undefined ? -1 : scaledSigmoid((at - before.last) / (before.last - before.first)));
  }
  return { score, detected, falseAlarms, scored };
}

/** 0 for a detector that never speaks, 100 for one that finds each window at once and nothing else. NaN without windows. */
export function normaliseScore(sum: number, windows: number, scored: number, { tpWeight, fnWeight }: CostMatrix): number {
  const silent = -fnWeight * scored;
  return (100 * (sum - silent)) / (tpWeight * windows - silent);
}

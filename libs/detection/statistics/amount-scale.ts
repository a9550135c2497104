import { readHistogram, writeHistogram, type HistogramText } from '#detection/statistics/histogram-text';
import { count, emptyHistogram, halve, quantile, type LogHistogram } from '#detection/statistics/log-histogram';

/**
 * How large the amounts of one currency are, so that an amount has a place among them whatever its unit: 0 is the median, 1 the
 * 95th percentile.
 */
export interface AmountScale {
  readonly histogram: LogHistogram;
  /** The quantiles are worked out again at this count: a tenth later than the last time. */
  nextLook: number;
  /** Natural logarithms: the median, and how far above it the 95th percentile lies. */
  median: number;
  spread: number;
}

/** Quantiles are right to 1/24 of an octave, 3 %. */
const BINS_PER_OCTAVE = 12;
/** Above this, old counts are halved, so that a change of prices is followed. */
const COUNT_MAX = 100_000;
/** Fewer say nothing of a 95th percentile. */
const SPREAD_FROM = 16;
/** Before: [ours] a factor of three, usual between a median price and a high one. */
const SPREAD_PRIOR = 1.1;
const SPREAD_MIN = 0.3;

export const newAmountScale = (): AmountScale => ({
  histogram: emptyHistogram(BINS_PER_OCTAVE),
  nextLook: 1,
  median: 0,
  spread: SPREAD_PRIOR,
});

/** From 0 to 1: how much is known of the currency. */
const certainty = ({ histogram }: AmountScale): number => Math.min(1, histogram.total / SPREAD_FROM);

/** Near 0 as long as too few amounts were seen to say more. */
export const placeOnScale = (scale: AmountScale, minor: number): number =>
  (certainty(scale) * (Math.log(Math.max(1, minor)) - scale.median)) / scale.spread;

/** The median, or as long as it is not known an amount between it and `minor`. */
export function typicalAmount(scale: AmountScale, minor: number): number {
  const sure = certainty(scale);
  return Math.exp(sure * scale.median + (1 - sure) * Math.log(Math.max(1, minor)));
}

export function countAmount(scale: AmountScale, minor: number): void {
  const { histogram } = scale;
  count(histogram, Math.max(1, minor));
  if (histogram.total < scale.nextLook) return;
  if (histogram.total >= COUNT_MAX) halve(histogram);
  scale.nextLook = Math.min(COUNT_MAX, Math.ceil(histogram.total * 1.1));
  scale.median = Math.log(quantile(histogram, 0.5) ?? 1);
  if (histogram.total < SPREAD_FROM) return;
  scale.spread = Math.max(SPREAD_MIN, Math.log(quantile(histogram, 0.95) ?? 1) - scale.median);
}

export type AmountScaleText = readonly [nextLook: number, median: number, spread: number, histogram: HistogramText];

export const writeAmountScale = ({ histogram, nextLook, median, spread }: AmountScale): AmountScaleText => [
  nextLook,
  median,
  spread,
  writeHistogram(histogram),
];

export const readAmountScale = ([nextLook, median, spread, histogram]: AmountScaleText): AmountScale => ({
  histogram: readHistogram(histogram),
  nextLook,
  median,
  spread,
});

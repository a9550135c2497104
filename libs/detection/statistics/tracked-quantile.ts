import { count, emptyHistogram, halve, quantile, type LogHistogram } from '#detection/statistics/log-histogram';

/** The magnitude that a given share of what comes exceeds, followed while it moves. State: one histogram and a number. */
export interface TrackedQuantile {
  readonly histogram: LogHistogram;
  /** The share of the past above the limit that makes the share of the future `exceeding`. */
  share: number;
}

/** 32 bins to the octave: a quantile within 1.1 %. */
const binsPerOctave = 32;
/** How much a share is moved by one value. */
const rate = 0.005;
const shareMin = 0.001;
/** Values after which older ones count half. */
const remembered = 2_000;

export const trackQuantile = (exceeding: number): TrackedQuantile => ({
  histogram: emptyHistogram(binsPerOctave),
  share: exceeding,
});

/** `undefined` until one value is known. */
export const limitOf = ({ histogram, share }: TrackedQuantile): number | undefined => quantile(histogram, 1 - share);

/**
 * Whether `magnitude` exceeds the limit known before it; then it is learnt. The share asked of the past is moved against the error made, so
 * that in the long run the share `exceeding` of what comes is above its limit, however the distribution drifts (adaptive conformal
 * inference, Gibbs and Candès 2021). `undefined` for the first value.
 */
export function exceedsLimit(tracked: TrackedQuantile, magnitude: number, exceeding: number): boolean | undefined {
  const limit = limitOf(tracked);
  const exceeds = limit === undefined ? undefined : magnitude > limit;
  if (exceeds !== undefined) {
    const moved = tracked.share + rate * (exceeding - (exceeds ? 1 : 0));
    tracked.share = Math.min(2 * exceeding, Math.max(shareMin, moved));
  }
  count(tracked.histogram, magnitude);
  if (tracked.histogram.total >= remembered) halve(tracked.histogram);
  return exceeds;
}

import type { LogHistogram } from '#detection/statistics/log-histogram';

export type HistogramText = readonly [binsPerOctave: number, zero: number, first: number, ...weights: number[]];

export const writeHistogram = ({ binsPerOctave, zero, first, weights }: LogHistogram): HistogramText => [
  binsPerOctave,
  zero,
  first,
  ...weights,
];

/** The total is the sum of the weights: multiples of 1/16, which add up without error. */
export function readHistogram([binsPerOctave, zero, first, ...weights]: HistogramText): LogHistogram {
  return { binsPerOctave, first, weights, zero, total: weights.reduce((sum, weight) => sum + weight, zero) };
}

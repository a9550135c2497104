/**
 * Mean and mean absolute deviation of a value that may drift: each new one counts 1/n until `n` reaches its bound, from then on the past
 * fades exponentially. Constant memory. Source: running means as in Welford 1962, with the count bounded; the deviation is about the
 * mean before the value, which is at most 1/n too wide.
 */
export interface SteadyMean {
  /** The weight behind it, up to the bound. */
  n: number;
  mean: number;
  deviation: number;
}

export const newSteadyMean = (): SteadyMean => ({ n: 0, mean: 0, deviation: 0 });

/** `weight` from 0 to 1: how much of a whole value it counts for. */
export function noteValue(steady: SteadyMean, value: number, weight: number, countMax: number): void {
  if (!(weight > 0)) return;
  const isFirst = steady.n === 0;
  steady.n = Math.min(steady.n + weight, countMax);
  const share = weight / steady.n;
  const distance = value - steady.mean;
  steady.mean += share * distance;
  if (!isFirst) steady.deviation += share * (Math.abs(distance) - steady.deviation);
}

/** One measured number with its unit and, where there is one, its goal. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly goal?: Goal;
}

export type Goal = { readonly atLeast: number } | { readonly atMost: number };

export const isMet = (value: number, goal: Goal): boolean => ('atLeast' in goal ? value >= goal.atLeast : value <= goal.atMost);

/** The middle one, or the lower of the two in the middle; NaN of none. */
export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** The least value that is not exceeded by this share of all of them: no interpolation, no buckets. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

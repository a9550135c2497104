import type { DurationMs } from '#kernel/time';

/** What is left of a count after `elapsed`, where half of it goes every `halfLife`. An elapsed time below zero (late news) takes nothing. */
export const decayed = (count: number, elapsed: DurationMs, halfLife: DurationMs): number =>
  count === 0 || elapsed <= 0 ? count : count * 2 ** (-elapsed / halfLife);

/** Milliseconds since the epoch, UTC. */
export type InstantMs = number;
/** A length of time in milliseconds. */
export type DurationMs = number;

export const NEVER: InstantMs = Number.POSITIVE_INFINITY;

export const milliseconds = (count: number): DurationMs => count;
export const seconds = (count: number): DurationMs => count * 1_000;
export const minutes = (count: number): DurationMs => count * 60_000;
export const hours = (count: number): DurationMs => count * 3_600_000;
export const days = (count: number): DurationMs => count * 86_400_000;

export const formatInstant = (instant: InstantMs): string => new Date(instant).toISOString();

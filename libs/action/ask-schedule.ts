import { type DurationMs, days, hours, milliseconds } from '#kernel/time';

/**
 * When to ask again about an action whose outcome is not known. The first question comes at once (most answers were lost on the way),
 * then after the base, then ever more rarely, at last daily. Source: Kill Bill asks after 5 min, 1 h, then daily (facts.md).
 * @param asks questions asked so far
 */
export const askDelay = (asks: number, baseMs: DurationMs): DurationMs =>
  asks === 0 ? Math.min(milliseconds(500), baseMs) : Math.min(baseMs * 4 ** Math.min(asks - 1, 20), days(1));

/** When to call again after a call that did nothing (no connection, 429). The receiver's own wish is kept. */
export const callAgainDelay = (calls: number, retryAfterMs: DurationMs = 0): DurationMs =>
  Math.max(retryAfterMs, Math.min(milliseconds(250) * 2 ** Math.min(calls, 20), hours(1)));

/** Source: refunds come back from closed accounts within a month; Finix ends what is pending at 45 days (facts.md). */
const watchSchedule: readonly DurationMs[] = [days(1), days(2), days(4), days(8), days(16)];

/**
 * When to ask about a confirmed refund again, which may still fail; undefined when it counts as done for good.
 * @param asks questions asked since it was confirmed
 */
export const watchDelay = (asks: number): DurationMs | undefined => watchSchedule[asks];

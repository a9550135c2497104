import { type DurationMs, hours, minutes, seconds } from '#kernel/time';

/** Waits before each try. Source: Standard Webhooks, platform.md. */
export const retrySchedule: readonly DurationMs[] = [
  0,
  seconds(5),
  minutes(5),
  minutes(30),
  hours(2),
  hours(5),
  hours(10),
  hours(14),
  hours(20),
  hours(24),
];

/** Spreads the tries of many messages that failed together. */
const jitterShare = 0.2;

/**
 * How long to wait after so many failed tries; undefined when it is time to give up.
 * @param failures from 1
 * @param chance from 0 to 1, drawn by the caller: the wait grows by up to a fifth
 * @param retryAfterMs what the receiver asked for, if it did: never sooner than that
 */
export function retryDelay(failures: number, chance: number, retryAfterMs: DurationMs = 0): DurationMs | undefined {
  const wait = retrySchedule[failures];
  return wait === undefined ? undefined : Math.max(retryAfterMs, Math.round(wait * (1 + jitterShare * chance)));
}

/** `Retry-After` in seconds or as a date, at most a day; undefined when absent or unreadable. */
export function readRetryAfter(header: string | undefined, now: number): DurationMs | undefined {
  if (header === undefined) return undefined;
  const wait = /^\d{1,9}$/.test(header.trim()) ? seconds(Number(header)) : Date.parse(header) - now;
  return Number.isNaN(wait) ? undefined : Math.min(Math.max(wait, 0), hours(24));
}

/** What a receiver's answer means for a notice: only 2xx is success, a redirect is not followed, 410 ends the subscription. */
export function judgeDelivery(status: number): 'delivered' | 'again' | 'disable' {
  if (status >= 200 && status < 300) return 'delivered';
  return status === 410 ? 'disable' : 'again';
}

import { days, hours, type InstantMs } from '#kernel/time';

/**
 * What is usual is the busiest hour of the last seven days. Refunds follow the day and the week, so that a mean would call every evening
 * unusual; the busiest hour holds the daily peak. The last sixty minutes may hold the ends of two such hours: up to twice as much without
 * anything being wrong. So `times` is 3. Below `countMin` a few large refunds would open it by chance: there budgets hold.
 */
export interface BreakerSettings {
  /** How often the busiest hour, in number or in amount, opens it. 0: it never opens. */
  readonly times: number;
  /** So many payments in the hour at least. */
  readonly countMin: number;
  /** So many hours of history are needed: with less, nobody knows what is usual. */
  readonly historyHours: number;
  /** It closes by itself after this time, unless a person closes it before. */
  readonly openMinutes: number;
}

/** What went out in one hour of the clock, in one currency. */
export interface HourSum {
  readonly hourAt: InstantMs;
  readonly currency: string;
  readonly count: number;
  readonly minor: number;
}

export interface Usual {
  readonly currency: string;
  readonly count: number;
  readonly minor: number;
  readonly usualCount: number;
  readonly usualMinor: number;
}

export const hourOf = (at: InstantMs): InstantMs => at - (at % hours(1));
export const HISTORY_MS = days(7);

/**
 * The currency whose last hour left its usual range, with the figures, or undefined.
 * @param past hours before the present one, of the last seven days
 * @param since when the first payment of all went out
 * @param last the last sixty minutes by currency
 */
export function leftUsual(
  { times, countMin, historyHours }: BreakerSettings,
  past: readonly HourSum[],
  since: InstantMs | null,
  last: readonly Omit<HourSum, 'hourAt'>[],
  now: InstantMs,
): Usual | undefined {
  if (times === 0 || since === null || now - since < hours(historyHours)) return undefined;
  for (const { currency, count, minor } of last) {
    const own = past.filter((hour) => hour.currency === currency);
    const usualCount = Math.max(0, ...own.map((hour) => hour.count));
    const usualMinor = Math.max(0, ...own.map((hour) => hour.minor));
    if (count >= countMin && (count > times * usualCount || minor > times * usualMinor))
      return { currency, count, minor, usualCount, usualMinor };
  }
  return undefined;
}

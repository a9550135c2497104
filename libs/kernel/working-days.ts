import type { Calendar } from '#kernel/calendar';
import type { InstantMs } from '#kernel/time';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/**
 * The deadline `count` working days after an instant: day 1 is the next working day, and it is due at the same time of day on the
 * last. 0 is the instant itself. Days begin at midnight UTC, for every calendar: what a bank's own zone would add is hours, and a
 * clock that anyone can recompute from the event's `time` is worth more.
 */
export function addWorkingDays(instant: InstantMs, count: number, calendar: Calendar): InstantMs {
  const from = Math.floor(instant / DAY_MS);
  let day = from;
  for (let counted = 0; counted < count;) {
    day += 1;
    if (calendar.isWorkingDay(day)) counted += 1;
  }
  return instant + (day - from) * DAY_MS;
}

/** Working days after the day of one instant, up to and with the day of another. */
export function workingDaysBetween(from: InstantMs, to: InstantMs, calendar: Calendar): number {
  let counted = 0;
  for (let day = Math.floor(from / DAY_MS) + 1; day <= Math.floor(to / DAY_MS); day += 1)
    if (calendar.isWorkingDay(day)) counted += 1;
  return counted;
}

/** A clock that was due at one instant, and stood still from another to a third. */
export interface Pause {
  readonly pausedAt: InstantMs;
  readonly dueAt: InstantMs;
  readonly resumedAt: InstantMs;
}

/**
 * The deadline of a clock that stood still: as many working days after it went on as were left when it stopped, at the time of day at
 * which it was due. Never before it was due without the pause, nor with less left on its last day than there was.
 */
export function resumeWorkingDays({ pausedAt, dueAt, resumedAt }: Pause, calendar: Calendar): InstantMs {
  const left = workingDaysBetween(pausedAt, dueAt, calendar);
  if (left === 0) return dueAt + (resumedAt - pausedAt);
  const lastDay = Math.floor(addWorkingDays(resumedAt, left, calendar) / DAY_MS);
  return Math.max(dueAt, lastDay * DAY_MS + (((dueAt % DAY_MS) + DAY_MS) % DAY_MS));
}

/** An office that is open between two hours (UTC) of each working day. */
export interface Office {
  readonly calendar: Calendar;
  readonly opens: number;
  readonly closes: number;
}

/** When an office has worked for so many hours, whole or in part. */
export function addBusinessHours(instant: InstantMs, hours: number, office: Office): InstantMs {
  let left = Math.round(hours * HOUR_MS);
  for (let day = Math.floor(instant / DAY_MS); ; day += 1) {
    const [from, open] = openOn(day, instant, office);
    if (open > 0 && left <= open) return from + left;
    left -= open;
  }
}

/** How long the office is open between two instants, in hours. */
export function businessHoursBetween(from: InstantMs, to: InstantMs, office: Office): number {
  let open = 0;
  for (let day = Math.floor(from / DAY_MS); day <= Math.floor(to / DAY_MS); day += 1) {
    const [begins, length] = openOn(day, from, office);
    open += Math.min(length, Math.max(0, to - begins));
  }
  return open / HOUR_MS;
}

/** From when on a day the office is open, not before an instant, and for how long. */
function openOn(day: number, instant: InstantMs, { calendar, opens, closes }: Office): readonly [InstantMs, number] {
  const from = Math.max(instant, day * DAY_MS + opens * HOUR_MS);
  return [from, calendar.isWorkingDay(day) ? Math.max(0, day * DAY_MS + closes * HOUR_MS - from) : 0];
}

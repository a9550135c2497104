import type { Calendar } from '#kernel/calendar';
import type { InstantMs } from '#kernel/time';

const DAY_MS = 86_400_000;

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

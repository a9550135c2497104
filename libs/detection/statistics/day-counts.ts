/** Counts of one event-time day (UTC): how many there were, and how much of it turned out bad. */
export interface DayCount {
  readonly day: number;
  count: number;
  bad: number;
}

/** By day, ascending; never more than `DAYS_KEPT` of them, none older than that before the newest. */
export type DayCounts = DayCount[];

export const DAYS_KEPT = 45;

/** The day's entry, made where there is none; undefined for a day that is too old to be counted. */
export function dayCount(counts: DayCounts, day: number): DayCount | undefined {
  let at = counts.length;
  while (at > 0 && (counts[at - 1] as DayCount).day > day) at--;
  const known = counts[at - 1];
  if (known !== undefined && known.day === day) return known;
  const newest = Math.max(day, counts[counts.length - 1]?.day ?? day);
  if (day <= newest - DAYS_KEPT) return undefined;
  const made: DayCount = { day, count: 0, bad: 0 };
  counts.splice(at, 0, made);
  while ((counts[0] as DayCount).day <= newest - DAYS_KEPT) counts.shift();
  return made;
}

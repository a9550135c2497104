import { dateOfDay, weekday, type DayNumber } from '#kernel/civil-date';

/** Which days count for a clock. */
export interface Calendar {
  readonly name: string;
  isWorkingDay(day: DayNumber): boolean;
}

export interface CalendarRules {
  readonly name: string;
  /** Days of the week that are free: 0 is Sunday, 6 is Saturday. */
  readonly weekend: readonly number[];
  /** The free days of a year, on a weekend or not. */
  readonly holidays?: (year: number) => readonly DayNumber[];
  /** Days of a weekend that are worked all the same, such as China's make-up days. */
  readonly madeUp?: (year: number) => readonly DayNumber[];
}

/** A calendar that works out each year once and keeps it: a process meets a few years only. */
export function calendarOf(rules: CalendarRules): Calendar {
  const years = new Map<number, { readonly free: ReadonlySet<DayNumber>; readonly worked: ReadonlySet<DayNumber> }>();
  const yearOf = (year: number) => {
    const known = years.get(year);
    if (known) return known;
    const made = { free: new Set(rules.holidays?.(year)), worked: new Set(rules.madeUp?.(year)) };
    years.set(year, made);
    return made;
  };
  return {
    name: rules.name,
    isWorkingDay(day) {
      const { free, worked } = yearOf(dateOfDay(day).year);
      return worked.has(day) || (!free.has(day) && !rules.weekend.includes(weekday(day)));
    },
  };
}

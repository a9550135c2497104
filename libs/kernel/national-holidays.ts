import { dayNumber, weekday, type DayNumber } from '#kernel/civil-date';
import { datesOf, easterSunday, lastWeekday, MONDAY, nthWeekday, SATURDAY, SUNDAY, THURSDAY } from '#kernel/holiday-rules';

/** TARGET closing days (ECB, "long-term calendar for TARGET closing days", since 2002). */
export function targetHolidays(year: number): readonly DayNumber[] {
  const easter = easterSunday(year);
  return [...datesOf(year, '01-01 05-01 12-25 12-26'), easter - 2, easter + 1];
}

/** Germany: the holidays of all its states. */
export function germanHolidays(year: number): readonly DayNumber[] {
  const easter = easterSunday(year);
  return [...datesOf(year, '01-01 05-01 10-03 12-25 12-26'), easter - 2, easter + 1, easter + 39, easter + 50];
}

/** France: Code du travail, article L3133-1. */
export function frenchHolidays(year: number): readonly DayNumber[] {
  const easter = easterSunday(year);
  return [...datesOf(year, '01-01 05-01 05-08 07-14 08-15 11-01 11-11 12-25'), easter + 1, easter + 39, easter + 50];
}

/**
 * England and Wales: gov.uk/bank-holidays, with the single days that were proclaimed (2022 jubilee and funeral, 2023 coronation).
 * A holiday on a weekend moves to the next weekday that is none.
 */
export function britishHolidays(year: number): readonly DayNumber[] {
  const easter = easterSunday(year);
  const spring = year === 2022 ? datesOf(2022, '06-02 06-03 09-19') : [lastWeekday(year, 5, MONDAY)];
  return [
    substitute([dayNumber(year, 1, 1)]),
    easter - 2,
    easter + 1,
    nthWeekday(year, 5, MONDAY, 1),
    ...spring,
    ...(year === 2023 ? datesOf(2023, '05-08') : []),
    lastWeekday(year, 8, MONDAY),
    substitute([dayNumber(year, 12, 25), dayNumber(year, 12, 26)]),
  ].flat();
}

function substitute(days: readonly DayNumber[]): readonly DayNumber[] {
  const taken: DayNumber[] = [];
  for (const day of days) {
    let free = day;
    while (weekday(free) === SATURDAY || weekday(free) === SUNDAY || taken.includes(free)) free += 1;
    taken.push(free);
  }
  return taken;
}

/**
 * United States: the days on which Fedwire and FedACH rest (Federal Reserve, "holiday schedules"). One on a Sunday moves to Monday;
 * one on a Saturday is not made up for on Friday.
 */
export function fedwireHolidays(year: number): readonly DayNumber[] {
  const fixed = datesOf(year, year >= 2021 ? '01-01 06-19 07-04 11-11 12-25' : '01-01 07-04 11-11 12-25');
  return [
    ...fixed.map((day) => (weekday(day) === SUNDAY ? day + 1 : day)),
    nthWeekday(year, 1, MONDAY, 3),
    nthWeekday(year, 2, MONDAY, 3),
    lastWeekday(year, 5, MONDAY),
    nthWeekday(year, 9, MONDAY, 1),
    nthWeekday(year, 10, MONDAY, 2),
    nthWeekday(year, 11, THURSDAY, 4),
  ];
}

/**
 * Japan: the Act on National Holidays as it stands since 2022, with 31 December to 3 January, on which banks rest (Banking Act
 * Enforcement Order, article 5). The equinoxes follow the formula for 1980–2099; a holiday on a Sunday moves to the next day that
 * is none, and a day between two holidays is one.
 */
export function japaneseHolidays(year: number): readonly DayNumber[] {
  const since1980 = year - 1980;
  const equinox = (base: number): number => Math.floor(base + 0.242194 * since1980) - Math.floor(since1980 / 4);
  const national = new Set([
    ...datesOf(year, '01-01 02-11 02-23 04-29 05-03 05-04 05-05 08-11 11-03 11-23'),
    nthWeekday(year, 1, MONDAY, 2),
    dayNumber(year, 3, equinox(20.8431)),
    nthWeekday(year, 7, MONDAY, 3),
    nthWeekday(year, 9, MONDAY, 3),
    dayNumber(year, 9, equinox(23.2488)),
    nthWeekday(year, 10, MONDAY, 2),
  ]);
  const between = [...national].filter((day) => !national.has(day + 1) && national.has(day + 2)).map((day) => day + 1);
  const moved = [...national]
    .filter((day) => weekday(day) === SUNDAY)
    .map((day) => {
      let free = day + 1;
      while (national.has(free)) free += 1;
      return free;
    });
  return [...national, ...between, ...moved, ...datesOf(year, '01-02 01-03 12-31')];
}

import { dayNumber, daysInMonth, weekday, type DayNumber } from '#kernel/civil-date';

export const SUNDAY = 0;
export const MONDAY = 1;
export const THURSDAY = 4;
export const FRIDAY = 5;
export const SATURDAY = 6;

/** Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher; Meeus, "Astronomical Algorithms", chapter 8). */
export function easterSunday(year: number): DayNumber {
  const golden = year % 19;
  const century = Math.floor(year / 100);
  const ofCentury = year % 100;
  const skipped = Math.floor(century / 4);
  const correction = Math.floor((century - Math.floor((century + 8) / 25) + 1) / 3);
  const epact = (19 * golden + century - skipped - correction + 15) % 30;
  const dominical = (32 + 2 * (century % 4) + 2 * Math.floor(ofCentury / 4) - epact - (ofCentury % 4)) % 7;
  const late = Math.floor((golden + 11 * epact + 22 * dominical) / 451);
  const sum = epact + dominical - 7 * late + 114;
  return dayNumber(year, Math.floor(sum / 31), (sum % 31) + 1);
}

/** The nth such weekday of a month, counted from 1. */
export function nthWeekday(year: number, month: number, dayOfWeek: number, nth: number): DayNumber {
  const first = dayNumber(year, month, 1);
  return first + ((dayOfWeek - weekday(first) + 7) % 7) + 7 * (nth - 1);
}

export function lastWeekday(year: number, month: number, dayOfWeek: number): DayNumber {
  const last = dayNumber(year, month, daysInMonth(year, month));
  return last - ((weekday(last) - dayOfWeek + 7) % 7);
}

/** A list of `MM-DD` of a year as days. `MM-DD/MM-DD` is a range, both ends in it. */
export const datesOf = (year: number, dates: string): readonly DayNumber[] =>
  dates.split(/\s+/).flatMap((entry) => {
    const [from, to = from] = entry.split('/').map((date) => dayOfText(year, date));
    if (from === undefined || to === undefined) return [];
    return Array.from({ length: to - from + 1 }, (_, after) => from + after);
  });

const dayOfText = (year: number, date: string): DayNumber => dayNumber(year, Number(date.slice(0, 2)), Number(date.slice(3, 5)));

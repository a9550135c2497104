import { dateOfDay, dayNumber, daysInMonth, isLeapYear, weekday } from '#kernel/civil-date';

const DAY_MS = 86_400_000;

describe('days of the Gregorian calendar', () => {
  it('are numbered, named and put into weeks as the platform does, from 1896 to 2104', () => {
    for (let day = dayNumber(1896, 1, 1); day <= dayNumber(2104, 12, 31); day += 1) {
      const date = new Date(day * DAY_MS);
      const { year, month, day: dayOfMonth } = dateOfDay(day);
      if (date.getUTCFullYear() !== year || date.getUTCMonth() + 1 !== month || date.getUTCDate() !== dayOfMonth)
        throw new Error(`${date.toISOString()} became ${year}-${month}-${dayOfMonth}`);
      if (dayNumber(year, month, dayOfMonth) !== day || weekday(day) !== date.getUTCDay())
        throw new Error(`${date.toISOString()} is day ${dayNumber(year, month, dayOfMonth)}, weekday ${weekday(day)}`);
    }
    expect(weekday(0)).toBe(4);
  });

  it('a century is a leap year only when four hundred divides it', () => {
    expect([1900, 2000, 2024, 2026, 2100].map(isLeapYear)).toEqual([false, true, true, false, false]);
    expect([1900, 2000, 2024, 2026].map((year) => daysInMonth(year, 2))).toEqual([28, 29, 29, 28]);
    expect(daysInMonth(2026, 13)).toBe(0);
  });
});

import fc from 'fast-check';
import { calendarFor, countryCalendar, targetCalendar, weekendsOnly } from '#kernel/calendars';
import type { Calendar } from '#kernel/calendar';
import { dateOfDay, dayNumber, weekday } from '#kernel/civil-date';
import { easterSunday } from '#kernel/holiday-rules';
import { formatInstant } from '#kernel/time';
import { addWorkingDays } from '#kernel/working-days';

/** `MM-DD` of a year: weekdays that are free, and with `+` days of a Saturday-Sunday weekend that are worked. */
function unusualDays(calendar: Calendar, year: number): string {
  const unusual: string[] = [];
  for (let day = dayNumber(year, 1, 1); day <= dayNumber(year, 12, 31); day++) {
    const isWeekend = weekday(day) === 0 || weekday(day) === 6;
    if (calendar.isWorkingDay(day) !== isWeekend) continue;
    const { month, day: dayOfMonth } = dateOfDay(day);
    unusual.push(`${isWeekend ? '+' : ''}${String(month).padStart(2, '0')}-${String(dayOfMonth).padStart(2, '0')}`);
  }
  return unusual.join(' ');
}

describe('free weekdays and worked weekends as their authorities publish them', () => {
  it.each([
    ['TARGET', targetCalendar, 2026, '01-01 04-03 04-06 05-01 12-25'],
    ['TARGET', targetCalendar, 2024, '01-01 03-29 04-01 05-01 12-25 12-26'],
    ['US', countryCalendar('US'), 2026, '01-01 01-19 02-16 05-25 06-19 09-07 10-12 11-11 11-26 12-25'],
    ['US', countryCalendar('US'), 2027, '01-01 01-18 02-15 05-31 07-05 09-06 10-11 11-11 11-25'],
    ['GB', countryCalendar('GB'), 2022, '01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27'],
    ['GB', countryCalendar('GB'), 2023, '01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26'],
    ['GB', countryCalendar('GB'), 2026, '01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28'],
    ['GB', countryCalendar('GB'), 2027, '01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28'],
    ['DE', countryCalendar('DE'), 2025, '01-01 04-18 04-21 05-01 05-29 06-09 10-03 12-25 12-26'],
    ['FR', countryCalendar('FR'), 2025, '01-01 04-21 05-01 05-08 05-29 06-09 07-14 08-15 11-11 12-25'],
    [
      'JP',
      countryCalendar('JP'),
      2026,
      '01-01 01-02 01-12 02-11 02-23 03-20 04-29 05-04 05-05 05-06 07-20 08-11 09-21 09-22 09-23 10-12 11-03 11-23 12-31',
    ],
    [
      'JP',
      countryCalendar('JP'),
      2024,
      '01-01 01-02 01-03 01-08 02-12 02-23 03-20 04-29 05-03 05-06 07-15 08-12 09-16 09-23 10-14 11-04 12-31',
    ],
    ['IN', countryCalendar('IN'), 2026, '01-26 03-04 03-26 03-31 04-03 05-01 05-27 06-26 08-26 09-04 10-02 10-20 11-24 12-25'],
    [
      'CN',
      countryCalendar('CN'),
      2024,
      '01-01 +02-04 02-12 02-13 02-14 02-15 02-16 +02-18 04-04 04-05 +04-07 +04-28 05-01 05-02 05-03 +05-11 06-10 +09-14 09-16 09-17 +09-29 10-01 10-02 10-03 10-04 10-07 +10-12',
    ],
    [
      'CN',
      countryCalendar('CN'),
      2025,
      '01-01 +01-26 01-28 01-29 01-30 01-31 02-03 02-04 +02-08 04-04 +04-27 05-01 05-02 05-05 06-02 +09-28 10-01 10-02 10-03 10-06 10-07 10-08 +10-11',
    ],
    [
      'CN',
      countryCalendar('CN'),
      2026,
      '01-01 01-02 +01-04 +02-14 02-16 02-17 02-18 02-19 02-20 02-23 +02-28 04-06 05-01 05-04 05-05 +05-09 06-19 +09-20 09-25 10-01 10-02 10-05 10-06 10-07 +10-10',
    ],
  ])('%s', (_, calendar, year, expected) => {
    expect(unusualDays(calendar, year)).toBe(expected);
  });

  it('in the Gulf the week ends on Friday and Saturday, in the Emirates on Saturday and Sunday', () => {
    const week = (country: string) =>
      [0, 1, 2, 3, 4, 5, 6].filter((day) => !countryCalendar(country).isWorkingDay(dayNumber(2026, 6, 7) + day));
    expect(['SA', 'KW', 'QA', 'BH', 'OM', 'EG'].map(week)).toEqual(Array(6).fill([5, 6]));
    expect(week('AE')).toEqual([0, 6]);
  });

  it.each([
    [1961, '04-02'],
    [2000, '04-23'],
    [2024, '03-31'],
    [2025, '04-20'],
    [2026, '04-05'],
    [2027, '03-28'],
    [2038, '04-25'],
    [2285, '03-22'],
  ])('Easter of %i is on %s', (year, date) => {
    expect(formatInstant(easterSunday(year) * 86_400_000).slice(5, 10)).toBe(date);
  });
});

describe('which calendar a clock follows', () => {
  it.each([
    ['the country of the instrument', { country: 'DE', currency: 'USD' }, 'DE'],
    ['else the home of the currency', { currency: 'GBP' }, 'GB'],
    ['for the euro, TARGET', { currency: 'EUR' }, 'TARGET'],
    ['for a country of the euro area without a table, TARGET', { country: 'NL' }, 'TARGET'],
    ['weekends for a currency of several countries', { currency: 'XOF' }, 'weekends'],
    ['weekends for a country without a table', { country: 'BR', currency: 'USD' }, 'weekends'],
    ['weekends when nothing is known', {}, 'weekends'],
    ['weekends for a name that every object has', { country: 'constructor' }, 'weekends'],
  ])('%s', (_, of, name) => {
    expect(calendarFor(of).name).toBe(name);
  });
});

describe('a deadline in working days', () => {
  const due = (from: string, count: number, calendar: Calendar) =>
    formatInstant(addWorkingDays(Date.parse(from), count, calendar));

  it('counts from the next working day and falls due at the same time of day on the last', () => {
    expect(due('2026-06-11T14:00:00Z', 1, weekendsOnly)).toBe('2026-06-12T14:00:00.000Z');
    expect(due('2026-06-12T14:00:00Z', 1, weekendsOnly)).toBe('2026-06-15T14:00:00.000Z');
    expect(due('2026-06-13T09:30:00Z', 5, weekendsOnly)).toBe('2026-06-19T09:30:00.000Z');
    expect(due('2026-06-11T23:59:59.999Z', 10, weekendsOnly)).toBe('2026-06-25T23:59:59.999Z');
    expect(due('2026-06-11T14:00:00Z', 0, weekendsOnly)).toBe('2026-06-11T14:00:00.000Z');
  });

  it('passes over holidays and counts worked weekends', () => {
    expect(due('2026-04-02T10:00:00Z', 1, targetCalendar)).toBe('2026-04-07T10:00:00.000Z');
    expect(due('2026-02-13T10:00:00Z', 2, countryCalendar('CN'))).toBe('2026-02-24T10:00:00.000Z');
    expect(due('2026-06-11T10:00:00Z', 1, countryCalendar('SA'))).toBe('2026-06-14T10:00:00.000Z');
  });

  it('is the count of working days later, by any calendar', () => {
    const calendars = ['US', 'GB', 'DE', 'FR', 'IN', 'CN', 'JP', 'SA', 'IR']
      .map(countryCalendar)
      .concat(targetCalendar, weekendsOnly);
    const instants = fc.date({ min: new Date('2019-01-01'), max: new Date('2030-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(instants, fc.integer({ min: 1, max: 60 }), fc.constantFrom(...calendars), (from, count, calendar) => {
        const [first, last] = [Math.floor(+from / 86_400_000), Math.floor(addWorkingDays(+from, count, calendar) / 86_400_000)];
        let counted = 0;
        for (let day = first + 1; day <= last; day++) counted += calendar.isWorkingDay(day) ? 1 : 0;
        expect([counted, calendar.isWorkingDay(last)]).toEqual([count, true]);
      }),
    );
  });
});

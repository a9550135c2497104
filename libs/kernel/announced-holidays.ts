import type { DayNumber } from '#kernel/civil-date';
import { datesOf, easterSunday } from '#kernel/holiday-rules';

/**
 * China: the State Council's yearly notices, days off and the days of a weekend that are worked for them
 * (gov.cn/zhengce/zhengceku/202310/content_6911528.htm, 202411/content_6986383.htm, 202511/content_7047091.htm).
 * 2027 is not announced: it has its statutory days (Regulation on Public Holidays, 2024) and no make-up days. Other years have the
 * statutory days that the solar calendar tells.
 */
const chinaOff: Readonly<Record<number, string>> = {
  2024: '01-01 02-10/02-17 04-04/04-06 05-01/05-05 06-10 09-15/09-17 10-01/10-07',
  2025: '01-01 01-28/02-04 04-04/04-06 05-01/05-05 05-31/06-02 10-01/10-08',
  2026: '01-01/01-03 02-15/02-23 04-04/04-06 05-01/05-05 06-19/06-21 09-25/09-27 10-01/10-07',
  2027: '01-01 02-05/02-08 04-05 05-01/05-02 06-09 09-15 10-01/10-03',
};
const chinaWorked: Readonly<Record<number, string>> = {
  2024: '02-04 02-18 04-07 04-28 05-11 09-14 09-29 10-12',
  2025: '01-26 02-08 04-27 09-28 10-11',
  2026: '01-04 02-14 02-28 05-09 09-20 10-10',
};

export const chineseHolidays = (year: number): readonly DayNumber[] =>
  datesOf(year, chinaOff[year] ?? '01-01 05-01/05-02 10-01/10-03');

export const chineseMadeUpDays = (year: number): readonly DayNumber[] => {
  const worked = chinaWorked[year];
  return worked === undefined ? [] : datesOf(year, worked);
};

/**
 * India: the gazetted holidays of central government offices (Department of Personnel and Training, yearly memorandum; for 2026 of
 * 3 July 2025). States add their own, which no calendar of the whole country can hold. A year without a memorandum has the three
 * national days, Good Friday and Christmas.
 */
const indiaGazetted: Readonly<Record<number, string>> = {
  2024: '03-25 04-11 04-17 04-21 05-23 06-17 07-17 08-26 09-16 10-12 10-31 11-15',
  2025: '02-26 03-14 03-31 04-10 05-12 06-07 07-06 08-16 09-05 10-20 11-05',
  2026: '03-04 03-21 03-26 03-31 05-01 05-27 06-26 08-26 09-04 10-20 11-08 11-24',
};

export const indianHolidays = (year: number): readonly DayNumber[] => [
  ...datesOf(year, `01-26 08-15 10-02 12-25 ${indiaGazetted[year] ?? ''}`.trim()),
  easterSunday(year) - 2,
];

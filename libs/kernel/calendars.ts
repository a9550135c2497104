import { chineseHolidays, chineseMadeUpDays, indianHolidays } from '#kernel/announced-holidays';
import { calendarOf, type Calendar, type CalendarRules } from '#kernel/calendar';
import { FRIDAY, SATURDAY, SUNDAY } from '#kernel/holiday-rules';
import type { Currency } from '#kernel/money';
import {
  britishHolidays,
  fedwireHolidays,
  frenchHolidays,
  germanHolidays,
  japaneseHolidays,
  targetHolidays,
} from '#kernel/national-holidays';

export const weekendsOnly: Calendar = calendarOf({ name: 'weekends', weekend: [SATURDAY, SUNDAY] });
export const targetCalendar: Calendar = calendarOf({ name: 'TARGET', weekend: [SATURDAY, SUNDAY], holidays: targetHolidays });

const holidays: Readonly<Record<string, Pick<CalendarRules, 'holidays' | 'madeUp'>>> = {
  CN: { holidays: chineseHolidays, madeUp: chineseMadeUpDays },
  DE: { holidays: germanHolidays },
  FR: { holidays: frenchHolidays },
  GB: { holidays: britishHolidays },
  IN: { holidays: indianHolidays },
  JP: { holidays: japaneseHolidays },
  US: { holidays: fedwireHolidays },
};

/**
 * Weekends that are not Saturday and Sunday, by country (Unicode CLDR, supplemental weekData). The Emirates moved to Saturday and
 * Sunday in 2022.
 */
const weekends: ReadonlyMap<string, readonly number[]> = new Map([
  ...'BH DZ EG IL IQ JO KW LY OM QA SA SD SY YE'.split(' ').map((code): [string, number[]] => [code, [FRIDAY, SATURDAY]]),
  ['IR', [FRIDAY]],
] as [string, number[]][]);

/** Members of the euro area, whose banks follow TARGET where no table of the country's own stands above. */
const euroArea = new Set('AT BE BG CY EE ES FI GR HR IE IT LT LU LV MT NL PT SI SK'.split(' '));

const byCountry = new Map<string, Calendar>();

/** The calendar of a country by its ISO 3166 code: its weekend and, where this table has them, its holidays. */
export function countryCalendar(country: string): Calendar {
  const known = byCountry.get(country);
  if (known) return known;
  const made = makeCountryCalendar(country);
  byCountry.set(country, made);
  return made;
}

function makeCountryCalendar(country: string): Calendar {
  const own = Object.hasOwn(holidays, country) ? holidays[country] : undefined;
  const weekend = weekends.get(country);
  if (!own && !weekend) return euroArea.has(country) ? targetCalendar : weekendsOnly;
  return calendarOf({ name: country, weekend: weekend ?? [SATURDAY, SUNDAY], ...own });
}

/**
 * The calendar of a clock: of the instrument's country, else of the currency's home (its first two letters, as ISO 4217 forms
 * codes; EUR: TARGET), else weekends only.
 */
export function calendarFor(of: { readonly country?: string | undefined; readonly currency?: Currency | undefined }): Calendar {
  if (of.country !== undefined) return countryCalendar(of.country);
  if (of.currency === undefined || of.currency.startsWith('X')) return weekendsOnly;
  return of.currency === 'EUR' ? targetCalendar : countryCalendar(of.currency.slice(0, 2));
}

import type { Calendar } from '#kernel/calendar';
import { calendarFor } from '#kernel/calendars';
import type { Currency } from '#kernel/money';
import type { Instrument } from '#event/types';

/** Working days for money on an instrument: its country's, else those of the currency's home, else weekends only. */
export const moneyCalendar = (instrument: Instrument | null, currency: Currency): Calendar =>
  calendarFor({ country: instrument?.country, currency });

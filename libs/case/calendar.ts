import type { Calendar } from '#kernel/calendar';
import { calendarFor } from '#kernel/calendars';
import type { Case } from '#case/case';
import type { Finding, PaymentFacts } from '#detection/finding';

/** Whose rules on complaints hold. `EU` is wherever PSD2 is law, or its British copy; `other` where we know of none. */
export type Jurisdiction = 'CN' | 'EU' | 'IN' | 'US' | 'other';

/** By what calendar and under whose rules the clocks of a case run. */
export interface Place {
  readonly calendar: Calendar;
  readonly jurisdiction: Jurisdiction;
}

const underPsd2 = new Set(
  'AT BE BG CY CZ DE DK EE ES FI FR GB GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK'.split(' '),
);

/** Working days as the buyer's bank counts them: by the instrument's country, else the home of the currency, else weekends only. */
export function placeOf(finding: Finding | undefined, payments: readonly PaymentFacts[]): Place {
  const payment = payments.find(({ paymentId }) => finding?.paymentIds.includes(paymentId));
  const country = payment?.instrument?.country;
  const currency = finding?.loss?.currency ?? payment?.currency;
  return { calendar: calendarFor({ country, currency }), jurisdiction: jurisdictionOf(country ?? homeOf(currency)) };
}

/** By the first finding that names money: a takeover is often seen before anything is taken. */
export const placeOfCase = ({ findings, payments }: Case): Place =>
  placeOf(findings.find(({ loss, paymentIds }) => loss !== null || paymentIds.length > 0) ?? findings[0], payments);

const homeOf = (currency: string | undefined): string | undefined => (currency === 'EUR' ? 'DE' : currency?.slice(0, 2));

const jurisdictionOf = (country: string | undefined): Jurisdiction => {
  if (country === 'CN' || country === 'IN' || country === 'US') return country;
  return country !== undefined && underPsd2.has(country) ? 'EU' : 'other';
};

import { calendarFor } from '#kernel/calendars';
import { addWorkingDays } from '#kernel/working-days';
import type { AddWorkingDays } from '#case/clocks';
import type { Finding, PaymentFacts } from '#detection/finding';

/** Working days as the buyer's bank counts them: by the instrument's country, else the home of the currency, else weekends only. */
export function addWorkingDaysFor(finding: Finding, payments: readonly PaymentFacts[]): AddWorkingDays {
  const payment = payments.find(({ paymentId }) => finding.paymentIds.includes(paymentId));
  const calendar = calendarFor({
    country: payment?.instrument?.country,
    currency: finding.loss?.currency ?? payment?.currency,
  });
  return (from, count) => addWorkingDays(from, count, calendar);
}

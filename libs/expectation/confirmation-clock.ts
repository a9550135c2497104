import { addWorkingDays } from '#kernel/working-days';
import { days, type InstantMs } from '#kernel/time';
import type { MinorUnits } from '#kernel/money';
import { moneyCalendar } from '#expectation/payment-calendar';
import type { Payment } from '#ledger/payment';

/** Working days in which a bank debit is confirmed. Source: Stripe, bank debits. */
export const debitConfirmationDays: Readonly<Record<string, number>> = { ach: 4, sepa_debit: 14, bacs: 6, becs: 3 };

/** What India's central bank (RBI, 20 September 2019, "Harmonisation of Turn Around Time") gives the buyer a day, in paise. */
export const RBI_COMPENSATION_PER_DAY: MinorUnits = 10_000;

export interface ConfirmationClock {
  readonly dueAt: InstantMs;
  /** Days after the debit within which money must be back by the RBI's rule; undefined where the rule does not apply. */
  readonly rbiDays?: 1 | 5;
}

/** By when a payment that started at `from` must be confirmed. RBI days are calendar days; `otherwiseMs` is the default. */
export function confirmationClock(payment: Payment, from: InstantMs, otherwiseMs: number): ConfirmationClock {
  const rbiDays = rbiDaysOf(payment);
  if (rbiDays !== undefined) return { dueAt: from + days(rbiDays), rbiDays };
  const scheme = payment.instrument?.scheme;
  const workingDays = scheme === undefined ? undefined : debitConfirmationDays[scheme];
  if (workingDays === undefined) return { dueAt: from + otherwiseMs };
  return { dueAt: addWorkingDays(from, workingDays, moneyCalendar(payment.instrument, payment.currency)) };
}

/** Merchant category of UPI between persons (NPCI), and of transfers from card to card (Visa, Mastercard). */
const PERSON_TO_PERSON = new Set(['0000', '4829', '6012', '6536', '6537', '6538']);

function rbiDaysOf({ currency, instrument, mcc }: Payment): 1 | 5 | undefined {
  if (currency !== 'INR' || instrument === null) return undefined;
  if (instrument.scheme === 'imps') return 1;
  if (instrument.kind !== 'card' && instrument.kind !== 'upi') return undefined;
  return PERSON_TO_PERSON.has(mcc) ? 1 : 5;
}

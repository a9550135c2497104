import { addWorkingDays } from '#kernel/working-days';
import type { Setting, SettingSpec, SettingValues } from '#kernel/setting';
import { days, type InstantMs } from '#kernel/time';
import { moneyCalendar } from '#expectation/payment-calendar';
import type { Payment } from '#ledger/payment';

const STRIPE = 'Stripe, bank debits';
const RBI = 'RBI, 20 September 2019, "Harmonisation of Turn Around Time"';
const debit = (value: number, scheme: string): Setting<number> => ({
  unit: 'working_days',
  default: value,
  min: 1,
  max: 60,
  doc: `A debit by ${scheme} is confirmed within these days.`,
  source: STRIPE,
});
const india = (value: number, doc: string): Setting<number> => ({
  unit: 'days',
  default: value,
  min: 1,
  max: 60,
  doc,
  source: RBI,
});

/** Clocks of bank debits and of India's central bank. */
export const confirmationSettings = {
  achDays: debit(4, 'ACH'),
  sepaDebitDays: debit(14, 'SEPA direct debit'),
  bacsDays: debit(6, 'BACS'),
  becsDays: debit(3, 'BECS'),
  rbiMerchantDays: india(
    5,
    'In India, money debited by card, at a point of sale or by UPI to a merchant is confirmed or back within T and these days.',
  ),
  rbiPersonDays: india(
    1,
    'In India, money debited by IMPS, by UPI between persons or from card to card is confirmed or back within T and these days.',
  ),
  rbiCompensationMinor: {
    unit: 'minor',
    default: 10_000,
    min: 0,
    max: 10_000_000,
    doc: 'What the buyer in India is given for each day beyond that, in paise.',
    source: RBI,
  },
} as const satisfies SettingSpec;
export type ConfirmationSettings = SettingValues<typeof confirmationSettings> & {
  /** For every other payment. */
  readonly confirmWithinMs: number;
};

export interface ConfirmationClock {
  readonly dueAt: InstantMs;
  /** Days after the debit within which money must be back by the RBI's rule; undefined where the rule does not apply. */
  readonly rbiDays?: number;
}

/** By when a payment that started at `from` must be confirmed. RBI days are calendar days. */
export function confirmationClock(payment: Payment, from: InstantMs, settings: ConfirmationSettings): ConfirmationClock {
  const rbiDays = rbiDaysOf(payment, settings);
  if (rbiDays !== undefined) return { dueAt: from + days(rbiDays), rbiDays };
  const workingDays = debitDaysOf(payment.instrument?.scheme, settings);
  if (workingDays === undefined) return { dueAt: from + settings.confirmWithinMs };
  return { dueAt: addWorkingDays(from, workingDays, moneyCalendar(payment.instrument, payment.currency)) };
}

function debitDaysOf(scheme: string | undefined, settings: ConfirmationSettings): number | undefined {
  switch (scheme) {
    case 'ach':
      return settings.achDays;
    case 'sepa_debit':
      return settings.sepaDebitDays;
    case 'bacs':
      return settings.bacsDays;
    case 'becs':
      return settings.becsDays;
    default:
      return undefined;
  }
}

/** Merchant category of UPI between persons (NPCI), and of transfers from card to card (Visa, Mastercard). */
const PERSON_TO_PERSON = new Set(['0000', '4829', '6012', '6536', '6537', '6538']);

function rbiDaysOf({ currency, instrument, mcc }: Payment, settings: ConfirmationSettings): number | undefined {
  if (currency !== 'INR' || instrument === null) return undefined;
  if (instrument.scheme === 'imps') return settings.rbiPersonDays;
  if (instrument.kind !== 'card' && instrument.kind !== 'upi') return undefined;
  return PERSON_TO_PERSON.has(mcc) ? settings.rbiPersonDays : settings.rbiMerchantDays;
}

import { addWorkingDays } from '#kernel/working-days';
import type { Setting, SettingSpec, SettingValues } from '#kernel/setting';
import { days, type InstantMs } from '#kernel/time';
import type { Instrument } from '#event/types';
import { moneyCalendar } from '#expectation/payment-calendar';

const posting = (value: number, unit: 'working_days' | 'days', where: string, source: string): Setting<number> => ({
  unit,
  default: value,
  min: 1,
  max: 90,
  doc: `A refund that succeeded is on the buyer’s ${where} within these days, where the provider shows postings.`,
  source,
});

/** Days until a refund that succeeded is on the buyer's account, by where it went. */
export const postingSettings = {
  postCardDays: posting(10, 'working_days', 'card', 'cards: 5–10 business days'),
  postBankAccountDays: posting(10, 'days', 'bank account', 'Razorpay net-banking: 2–10 days'),
  postUpiDays: posting(7, 'days', 'UPI account', 'Razorpay UPI: 2–7 days'),
  postWalletDays: posting(3, 'days', 'wallet, balance or voucher', 'Razorpay wallet: 0–3 days'),
} as const satisfies SettingSpec;
export type PostingSettings = SettingValues<typeof postingSettings>;

/** Working days for cards and what has no row of its own, calendar days for the others. */
export function postedBy(
  succeededAt: InstantMs,
  instrument: Instrument | null,
  currency: string,
  settings: PostingSettings,
): InstantMs {
  switch (instrument?.kind) {
    case 'bank_account':
      return succeededAt + days(settings.postBankAccountDays);
    case 'upi':
      return succeededAt + days(settings.postUpiDays);
    case 'wallet':
    case 'balance':
    case 'voucher':
      return succeededAt + days(settings.postWalletDays);
    default:
      return addWorkingDays(succeededAt, settings.postCardDays, moneyCalendar(instrument, currency));
  }
}

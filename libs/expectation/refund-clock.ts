import { addWorkingDays } from '#kernel/working-days';
import { days, type InstantMs } from '#kernel/time';
import type { Instrument } from '#event/types';
import { moneyCalendar } from '#expectation/payment-calendar';

/** Days until a refund that succeeded is on the buyer's account, by where it went. */
interface PostingClock {
  readonly count: number;
  readonly unit: 'working' | 'calendar';
  readonly source: string;
}

const CARD: PostingClock = { count: 10, unit: 'working', source: 'cards: 5–10 business days' };
const postingClocks: Readonly<Record<string, PostingClock>> = {
  card: CARD,
  bank_account: { count: 10, unit: 'calendar', source: 'Razorpay net-banking: 2–10 days' },
  upi: { count: 7, unit: 'calendar', source: 'Razorpay UPI: 2–7 days' },
  wallet: { count: 3, unit: 'calendar', source: 'Razorpay wallet: 0–3 days' },
  balance: { count: 3, unit: 'calendar', source: 'as a wallet' },
  voucher: { count: 3, unit: 'calendar', source: 'as a wallet' },
};

export function postedBy(succeededAt: InstantMs, instrument: Instrument | null, currency: string): InstantMs {
  const clock = (instrument && postingClocks[instrument.kind]) ?? CARD;
  if (clock.unit === 'calendar') return succeededAt + days(clock.count);
  return addWorkingDays(succeededAt, clock.count, moneyCalendar(instrument, currency));
}

import type { Money } from '#kernel/money';
import type { InstantMs } from '#kernel/time';

export const plantedKinds = [
  'duplicate-charge',
  'paid-by-other-means',
  'stuck-hold',
  'payment-unconfirmed',
  'frozen-funds',
  'refund-overdue',
  'refund-amount-wrong',
  'amount-differs-from-order',
  'account-takeover',
  'impossible-travel',
  'undisclosed-fee',
  'not-delivered',
  'paid-out-before-delivery',
  'balance-differs',
  'refund-wrong-instrument',
  'refund-failed',
  'limit-exceeded',
  'statement-without-order',
  'order-without-statement',
  'statement-amount-differs',
  'buyer-complaint',
] as const;
export type FindingKindPlanted = (typeof plantedKinds)[number];

/** A loss that the simulator caused on purpose: what a finding about it should say. */
export interface Planted {
  readonly kind: FindingKindPlanted;
  readonly story: string;
  readonly accountId: string;
  readonly orderId?: string;
  /** Every payment that a finding about it may name. */
  readonly paymentIds: readonly string[];
  /** What the buyer should get back; null where no sum follows. */
  readonly loss: Money | null;
  /** When it can be known: the event that completes it, or a deadline not later than this; `Infinity` when the traffic ended before. */
  readonly dueAt: InstantMs;
}

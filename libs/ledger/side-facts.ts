import type { Currency, Money } from '#kernel/money';
import type { InstantMs } from '#kernel/time';

/** A fee told on its own, beside an order or a payment. */
export interface ChargedFee {
  readonly id: string;
  readonly kind: string;
  readonly amount: Money;
  readonly orderId: string;
  readonly paymentId: string;
  /** null where the event did not say. */
  readonly isDisclosed: boolean | null;
  readonly at: InstantMs;
  readonly eventId: string;
}

/** The merchant's money for an order, in escrow. */
export interface Payout {
  readonly id: string;
  merchantId: string;
  orderId: string;
  amount: Money | null;
  heldAt: InstantMs;
  /** When it left escrow: the first of its release and its payment. */
  paidAt: InstantMs;
  paidEventId: string;
}

export interface StatementLine {
  readonly id: string;
  readonly at: InstantMs;
  readonly bookedAt: InstantMs;
  readonly amount: Money;
  readonly isDebit: boolean;
  readonly reference: string;
  readonly eventId: string;
}

export interface WalletEntry {
  readonly id: string;
  readonly at: InstantMs;
  /** Above zero for a credit. */
  readonly minor: number;
  readonly eventId: string;
}

export interface WalletReport {
  readonly at: InstantMs;
  readonly minor: number;
  readonly eventId: string;
}

/** The buyer's balance in one currency: what moved it and what was shown. Both by time. */
export interface Wallet {
  readonly id: Currency;
  /** What sums start from: the first report, or later than that once entries were forgotten. */
  opening: { readonly at: InstantMs; readonly minor: number } | null;
  readonly entries: WalletEntry[];
  readonly reports: WalletReport[];
}

export interface Complaint {
  readonly id: string;
  readonly at: InstantMs;
  readonly about: string;
  readonly orderId: string;
  readonly paymentId: string;
  readonly eventId: string;
}

export interface Limit {
  /** `per` and currency: the newest one of them holds. */
  readonly id: string;
  readonly per: 'payment' | 'day' | 'month';
  readonly limit: Money;
  readonly at: InstantMs;
  readonly eventId: string;
}

/** What most accounts never have: made when first needed. */
export interface SideFacts {
  fees: ChargedFee[];
  payouts: Payout[];
  lines: StatementLine[];
  wallets: Wallet[];
  complaints: Complaint[];
  limits: Limit[];
}

/** Most entries kept in each list; the oldest go first. */
export const SIDE_MAX = 64;

export const noSideFacts = (): SideFacts => ({ fees: [], payouts: [], lines: [], wallets: [], complaints: [], limits: [] });

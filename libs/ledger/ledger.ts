import { NEVER, type InstantMs } from '#kernel/time';
import type { Freeze } from '#ledger/freeze';
import type { Order } from '#ledger/order';
import type { Payment } from '#ledger/payment';
import type { Profile } from '#ledger/profile';
import type { Refund } from '#ledger/refund';
import type { SideFacts } from '#ledger/side-facts';

/**
 * What happened to one account: a fold of its events that does not depend on the order in which they were told. Lists stand in
 * the order of first telling; they are short (see retention.ts for the bound), so that a search from the newest is faster than an
 * index.
 */
export interface Ledger {
  readonly accountId: string;
  payments: Payment[];
  orders: Order[];
  refunds: Refund[];
  freezes: Freeze[];
  profile: Profile | null;
  side: SideFacts | null;
  /** When purchases were last forgotten (detection/retention): what is older is told from less than it was. */
  forgotAt: InstantMs;
}

export const newLedger = (accountId: string): Ledger => ({
  accountId,
  payments: [],
  orders: [],
  refunds: [],
  freezes: [],
  profile: null,
  side: null,
  forgotAt: -NEVER,
});

export function findById<Item extends { readonly id: string }>(items: readonly Item[], id: string): Item | undefined {
  for (let at = items.length - 1; at >= 0; at--) {
    const item = items[at] as Item;
    if (item.id === id) return item;
  }
  return undefined;
}

/** The order's payment where it has just one: most have, and are passed over without making a list. */
export function solePayment(ledger: Ledger, orderId: string): Payment | undefined {
  let sole: Payment | undefined;
  for (const payment of ledger.payments) {
    if (payment.orderId !== orderId) continue;
    if (sole !== undefined) return undefined;
    sole = payment;
  }
  return sole;
}

/** By the time of their start. */
export function paymentsOfOrder(ledger: Ledger, orderId: string): readonly Payment[] {
  if (orderId === '') return [];
  const payments = ledger.payments.filter((payment) => payment.orderId === orderId);
  return payments.length < 2 ? payments : payments.sort(byStart);
}

const byStart = (left: Payment, right: Payment): number => {
  if (left.startedAt !== right.startedAt) return left.startedAt < right.startedAt ? -1 : 1;
  return left.id < right.id ? -1 : 1;
};

export const refundsOfPayment = (ledger: Ledger, paymentId: string): readonly Refund[] =>
  ledger.refunds.length === 0 ? ledger.refunds : ledger.refunds.filter((refund) => refund.paymentId === paymentId);

/** What an event changed; the rest is undefined. */
export interface Touched {
  payment: Payment | undefined;
  order: Order | undefined;
  refund: Refund | undefined;
  freeze: Freeze | undefined;
  /** Key of what side-facts.ts keeps: a fee, a payout, a statement line, a wallet currency, a complaint, a limit. */
  sideKey: string;
}

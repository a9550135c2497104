import type { MinorUnits } from '#kernel/money';
import { NEVER, type InstantMs } from '#kernel/time';
import { refundsOfPayment, type Ledger } from '#ledger/ledger';
import { capturedMinor, undoneAt, type Payment } from '#ledger/payment';
import { amountInChargeCurrency, paidStep, standingOf } from '#ledger/refund';

/** What came back to the buyer of one payment: refunds that succeeded and did not fail later, by time. */
export interface MoneyBack {
  readonly refunds: readonly { readonly at: InstantMs; readonly minor: MinorUnits; readonly refundId: string }[];
  /** When nothing of it was left with the seller: refunded in full, undone, or a chargeback was decided for the buyer. */
  readonly wholeAt: InstantMs;
}

const NOTHING: MoneyBack = { refunds: [], wholeAt: NEVER };

export function moneyBack(ledger: Ledger, payment: Payment): MoneyBack {
  if (
    ledger.refunds.length === 0 &&
    payment.chargebacks === null &&
    payment.ends.failedAt === NEVER &&
    payment.ends.voidedAt === NEVER
  )
    return NOTHING;
  const refunds = refundsOfPayment(ledger, payment.id)
    .flatMap((refund) => {
      const paid = paidStep(standingOf(refund));
      if (paid === undefined) return [];
      const amount = amountInChargeCurrency(paid);
      return amount.currency === payment.currency ? [{ at: paid.at, minor: amount.minor, refundId: refund.id }] : [];
    })
    .sort((left, right) => left.at - right.at || (left.refundId < right.refundId ? -1 : 1));
  return { refunds, wholeAt: Math.min(undoneAt(payment), wonAt(payment), refundedInFullAt(refunds, capturedMinor(payment))) };
}

/** A chargeback decided for the buyer settles everything about the payment. */
export function wonAt(payment: Payment): InstantMs {
  let at = NEVER;
  for (const chargeback of payment.chargebacks ?? []) if (chargeback.outcome === 'buyer') at = Math.min(at, chargeback.closedAt);
  return at;
}

function refundedInFullAt(refunds: MoneyBack['refunds'], captured: MinorUnits): InstantMs {
  let sum = 0;
  for (const refund of refunds) {
    sum += refund.minor;
    if (captured > 0 && sum >= captured) return refund.at;
  }
  return NEVER;
}

export function refundedBy(back: MoneyBack, at: InstantMs): MinorUnits {
  let sum = 0;
  for (const refund of back.refunds) if (refund.at <= at) sum += refund.minor;
  return sum;
}

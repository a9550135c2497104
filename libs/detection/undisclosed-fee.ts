import { NEVER } from '#kernel/time';
import { wonAt } from '#ledger/money-back';
import { findById, paymentsOfOrder, type Ledger } from '#ledger/ledger';
import { merchantOf, type Order } from '#ledger/order';
import type { ChargedFee } from '#ledger/side-facts';
import type { Detector } from '#detection/detector';

/**
 * A fee was charged that the buyer was not shown at checkout, or more than was shown. `certain` where the order's fees are known or
 * the event says that it was not disclosed, else `possible`; at the fee, loss the part that was not shown.
 *
 * Subject: a fee. Fees of one kind use up what was shown of that kind in the order of their times. No deadline. Cleared by a
 * chargeback decided for the buyer. Source: facts, "Amounts and fees".
 */
export const undisclosedFee: Detector<ChargedFee> = {
  name: 'undisclosed-fee',
  subject: 'fee',
  assess(fee, { ledger }, claims) {
    if (fee.isDisclosed === true || fee.amount.minor === 0) return NEVER;
    const payment = findById(ledger.payments, fee.paymentId);
    const orderId = fee.orderId === '' ? (payment?.orderId ?? '') : fee.orderId;
    const order = orderId === '' ? undefined : findById(ledger.orders, orderId);
    const isKnown = order !== undefined && order.placedAt !== NEVER;
    const hiddenMinor = isKnown ? hiddenPart(fee, order, ledger) : fee.amount.minor;
    if (hiddenMinor <= 0) return NEVER;
    const payments = payment === undefined ? paymentsOfOrder(ledger, orderId) : [payment];
    const { kind, amount } = fee;
    claims.push({
      kind: 'undisclosed-fee',
      confidence: isKnown || fee.isDisclosed === false ? 'certain' : 'possible',
      money: `fee/${fee.id}`,
      at: fee.at,
      clearedAt: Math.min(NEVER, ...payments.map(wonAt)),
      merchantId: merchantOf(order, payments),
      orderId,
      paymentIds: payments.map(({ id }) => id),
      loss: { minor: hiddenMinor, currency: amount.currency },
      because: {
        rule: 'fee-not-shown-at-checkout',
        fields: [`fees.${kind}`],
        figures: { kind, chargedMinor: amount.minor, shownMinor: amount.minor - hiddenMinor, currency: amount.currency },
      },
      eventIds: [order?.placedEventId ?? '', fee.eventId],
    });
    return NEVER;
  },
};

/** What of this fee exceeds what was shown of its kind, after the fees of that kind before it. */
function hiddenPart(fee: ChargedFee, order: Order, ledger: Ledger): number {
  const shown = (order.fees ?? []).reduce((sum, { kind, amount }) => {
    return kind === fee.kind && amount.currency === fee.amount.currency ? sum + amount.minor : sum;
  }, 0);
  const before = (ledger.side?.fees ?? []).reduce((sum, other) => {
    const isEarlier = other.at < fee.at || (other.at === fee.at && other.eventId < fee.eventId);
    const isSame = other.kind === fee.kind && other.orderId === fee.orderId && other.paymentId === fee.paymentId;
    return isEarlier && isSame ? sum + other.amount.minor : sum;
  }, 0);
  return fee.amount.minor - Math.max(0, Math.min(fee.amount.minor, shown - before));
}

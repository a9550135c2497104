import { NEVER, type InstantMs } from '#kernel/time';
import { moneyBack, wonAt } from '#ledger/money-back';
import { findById, paymentsOfOrder, type Ledger } from '#ledger/ledger';
import { merchantOf, type Order } from '#ledger/order';
import type { Payment } from '#ledger/payment';
import type { ChargedFee } from '#ledger/side-facts';
import type { Detector } from '#detection/detector';

/**
 * A fee was charged that the buyer was not shown at checkout, or more than was shown. `certain` where the order's fees are known or
 * the event says that it was not disclosed, else `possible`; at the fee, loss the part that was not shown.
 *
 * Subject: a fee. Fees of one kind use up what was shown of that kind in the order of their times. No deadline. Cleared by a
 * chargeback decided for the buyer, or by a later refund of just that part, each refund for one fee. Source: facts, "Amounts and fees".
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
    const hiddenMinor = hiddenPart(fee, isKnown ? order : undefined, ledger);
    if (hiddenMinor <= 0) return NEVER;
    const payments = payment === undefined ? paymentsOfOrder(ledger, orderId) : [payment];
    const { kind, amount } = fee;
    claims.push({
      kind: 'undisclosed-fee',
      confidence: isKnown || fee.isDisclosed === false ? 'certain' : 'possible',
      money: `fee/${fee.id}`,
      at: fee.at,
      clearedAt: Math.min(refundedAt(fee, hiddenMinor, payments, isKnown ? order : undefined, ledger), ...payments.map(wonAt)),
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

/** When just that part was given back on its payments: the first such refund is for the first fee of which as much was hidden. */
function refundedAt(
  fee: ChargedFee,
  hiddenMinor: number,
  payments: readonly Payment[],
  order: Order | undefined,
  ledger: Ledger,
): InstantMs {
  const refunds = payments
    .filter(({ currency }) => currency === fee.amount.currency)
    .flatMap((payment) => moneyBack(ledger, payment).refunds)
    .filter(({ at, minor }) => at >= fee.at && minor === hiddenMinor)
    .sort((left, right) => left.at - right.at);
  if (refunds.length === 0) return NEVER;
  const before = (ledger.side?.fees ?? []).filter(
    (other) =>
      isEarlier(other, fee) &&
      other.isDisclosed !== true &&
      payments.some(({ id, orderId }) => id === other.paymentId || (orderId !== '' && orderId === other.orderId)) &&
      hiddenPart(other, order, ledger) === hiddenMinor,
  );
  return refunds[before.length]?.at ?? NEVER;
}

const isEarlier = (one: ChargedFee, other: ChargedFee): boolean =>
  one.at < other.at || (one.at === other.at && one.eventId < other.eventId);

/** What of this fee exceeds what was shown of its kind, after the fees of that kind before it; all of it where no order tells. */
function hiddenPart(fee: ChargedFee, order: Order | undefined, ledger: Ledger): number {
  if (order === undefined) return fee.amount.minor;
  const shown = (order.fees ?? []).reduce((sum, { kind, amount }) => {
    return kind === fee.kind && amount.currency === fee.amount.currency ? sum + amount.minor : sum;
  }, 0);
  const before = (ledger.side?.fees ?? []).reduce((sum, other) => {
    const isSame = other.kind === fee.kind && other.orderId === fee.orderId && other.paymentId === fee.paymentId;
    return isSame && isEarlier(other, fee) ? sum + other.amount.minor : sum;
  }, 0);
  return fee.amount.minor - Math.max(0, Math.min(fee.amount.minor, shown - before));
}

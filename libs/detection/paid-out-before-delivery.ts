import { NEVER } from '#kernel/time';
import { moneyBack } from '#ledger/money-back';
import { findById, paymentsOfOrder } from '#ledger/ledger';
import type { Payout } from '#ledger/side-facts';
import type { Detector } from '#detection/detector';

/**
 * Money that was held in escrow left for the merchant before the goods were delivered. `certain`, at the release, loss the sum that
 * left. Only for orders whose payout was shown as held.
 *
 * Subject: a payout. Cleared when the goods come after all, or when the buyer's money came back. Source: interface, "Coverage";
 * PayPal releases a day after delivery. A payout without an account is kept apart from its order, whose delivery cannot be seen from
 * there: nothing is said of it.
 */
export const paidOutBeforeDelivery: Detector<Payout> = {
  name: 'paid-out-before-delivery',
  subject: 'payout',
  assess(payout, { ledger }, claims) {
    if (ledger.accountId.startsWith(PAYOUT_KEY)) return NEVER;
    const { heldAt, paidAt, orderId, amount } = payout;
    if (heldAt === NEVER || paidAt === NEVER || orderId === '' || amount === null) return NEVER;
    const order = findById(ledger.orders, orderId);
    const deliveredAt = order?.course.deliveredAt ?? NEVER;
    if (deliveredAt <= paidAt) return NEVER;
    const payments = paymentsOfOrder(ledger, orderId);
    const backAt = payments.length === 0 ? NEVER : Math.max(...payments.map((payment) => moneyBack(ledger, payment).wholeAt));
    if (backAt <= paidAt) return NEVER;
    claims.push({
      kind: 'paid-out-before-delivery',
      confidence: 'certain',
      money: `payout/${payout.id}`,
      at: paidAt,
      clearedAt: Math.min(deliveredAt, backAt),
      merchantId: payout.merchantId,
      orderId,
      paymentIds: payments.map(({ id }) => id),
      loss: amount,
      because: {
        rule: 'escrow-released-before-delivery',
        fields: ['payout', 'delivery.delivered'],
        figures: { payoutId: payout.id, paidMinor: amount.minor, currency: amount.currency },
      },
      eventIds: [payout.paidEventId],
    });
    return NEVER;
  },
};

/** Begins the key of the state of a payout that names no account. */
export const PAYOUT_KEY = '~payout/';

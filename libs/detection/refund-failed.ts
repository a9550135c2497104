import { NEVER } from '#kernel/time';
import { wonAt } from '#ledger/money-back';
import { findById, refundsOfPayment } from '#ledger/ledger';
import { paidStep, standingOf, type Refund } from '#ledger/refund';
import type { Detector } from '#detection/detector';

/**
 * A refund failed after it had succeeded (a closed account, say): the buyer was told of money that did not come. `certain`, at the
 * failure, loss its amount.
 *
 * Subject: a refund. Cleared when it, or another refund of at least its amount, succeeds afterwards, or by a chargeback decided for
 * the buyer. A failure before success is no finding of its own: refund-overdue.ts waits for the next attempt. Source: facts,
 * "Refunds".
 */
export const refundFailed: Detector<Refund> = {
  name: 'refund-failed',
  subject: 'refund',
  assess(refund, { ledger }, claims) {
    const standing = standingOf(refund);
    const { failed, succeededBefore } = standing;
    if (failed === undefined || succeededBefore === undefined) return NEVER;
    const payment = findById(ledger.payments, refund.paymentId);
    const again = refundsOfPayment(ledger, refund.paymentId).flatMap((other) => {
      const step = paidStep(standingOf(other));
      return step !== undefined && step.at >= failed.at && step.minor >= succeededBefore.minor ? [step.at] : [];
    });
    claims.push({
      kind: 'refund-failed',
      confidence: 'certain',
      money: `refund/${refund.id}`,
      at: failed.at,
      clearedAt: Math.min(NEVER, ...again, payment === undefined ? NEVER : wonAt(payment)),
      merchantId: payment?.merchantId ?? '',
      orderId: payment?.orderId ?? '',
      paymentIds: [refund.paymentId],
      loss: { minor: succeededBefore.minor, currency: succeededBefore.currency },
      because: {
        rule: 'refund-failed-after-success',
        fields: ['refund.failed'],
        figures: { refundId: refund.id, amountMinor: succeededBefore.minor, currency: succeededBefore.currency },
      },
      eventIds: [succeededBefore.eventId, failed.eventId],
    });
    return NEVER;
  },
};

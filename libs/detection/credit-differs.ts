import { NEVER } from '#kernel/time';
import { wonAt } from '#ledger/money-back';
import { findById } from '#ledger/ledger';
import { paidStep, standingOf, type Refund } from '#ledger/refund';
import type { Detector } from '#detection/detector';

/**
 * The bank credited less than a refund that had succeeded, in its currency. Kind `statement-amount-differs`, `certain`, at the first
 * credit that names the refund, loss what is missing.
 *
 * Subject: a refund. Credits add up: the one that completes the sum clears it, as does a chargeback decided for the buyer. Without any
 * credit there is nothing to compare: refund-overdue.ts waits for that. Source: design, "refund late or short"; interface,
 * `statement.line`.
 */
export const creditDiffers: Detector<Refund> = {
  name: 'credit-differs',
  subject: 'refund',
  assess(refund, { ledger }, claims) {
    const standing = standingOf(refund);
    const paid = paidStep(standing);
    if (paid === undefined) return NEVER;
    const { currency } = paid;
    // What was posted with less is refund-amount-wrong.ts's.
    const refundedMinor = standing.posted?.currency === currency ? Math.min(paid.minor, standing.posted.minor) : paid.minor;
    const credits = (ledger.side?.lines ?? []).filter(
      ({ isDebit, reference, amount }) => !isDebit && reference === refund.id && amount.currency === currency,
    );
    const [first] = credits;
    if (first === undefined || first.amount.minor >= refundedMinor) return NEVER;
    let creditedMinor = 0;
    const whole = credits.find(({ amount }) => (creditedMinor += amount.minor) >= refundedMinor);
    const payment = findById(ledger.payments, refund.paymentId);
    claims.push({
      kind: 'statement-amount-differs',
      confidence: 'certain',
      money: `refund/${refund.id}/statement`,
      at: Math.max(first.at, paid.at),
      clearedAt: Math.min(whole?.at ?? NEVER, payment === undefined ? NEVER : wonAt(payment)),
      merchantId: payment?.merchantId ?? '',
      orderId: payment?.orderId ?? '',
      paymentIds: [refund.paymentId],
      loss: { minor: refundedMinor - (whole === undefined ? creditedMinor : first.amount.minor), currency },
      because: {
        rule: 'credited-another-amount',
        fields: ['statement', 'refunded'],
        figures: { refundId: refund.id, creditedMinor, refundedMinor, currency },
      },
      eventIds: [paid.eventId, ...credits.map(({ eventId }) => eventId)],
    });
    return NEVER;
  },
};

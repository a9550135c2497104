import { NEVER, type InstantMs } from '#kernel/time';
import type { HoldClock } from '#expectation/hold-clock';
import { judge } from '#expectation/expectation';
import { wonAt } from '#ledger/money-back';
import { capturedMinor, type Payment } from '#ledger/payment';
import type { Detector } from '#detection/detector';

/**
 * A hold on the buyer's money was neither captured nor released by the end of its validity. `certain`, at that end, loss what is
 * still held. A capture that names no capture id is the payment's only one and ends the hold; after captures with ids the rest is
 * held until it is captured, voided or expired.
 *
 * Subject: a payment that was authorised. Deadline: the provider's own date, else the clock table. A release told late that
 * happened in time clears as if never missed; a late one, or a chargeback decided for the buyer, clears when it happened. Source:
 * facts, "Holds and stuck funds".
 */
export const stuckHold = (endsAt: HoldClock): Detector<Payment> => ({
  name: 'stuck-hold',
  subject: 'payment',
  assess(payment, view, claims) {
    if (payment.authorisedMinor === 0) return NEVER;
    const dueAt = endsAt(payment);
    const standing = judge({ dueAt, metAt: endedAt(payment), cancelledAt: wonAt(payment) }, view.now);
    if (standing.missedAt === NEVER) return standing.dueAt;
    const takenMinor = Math.min(capturedMinor(payment), capturedUntil(payment, dueAt));
    claims.push({
      kind: 'stuck-hold',
      confidence: 'certain',
      money: `payment/${payment.id}`,
      at: standing.missedAt,
      clearedAt: standing.clearedAt,
      merchantId: payment.merchantId,
      orderId: payment.orderId,
      paymentIds: [payment.id],
      loss: { minor: payment.authorisedMinor - takenMinor, currency: payment.currency },
      because: {
        rule: payment.captureBefore === NEVER ? 'hold-beyond-validity' : 'hold-beyond-provider-date',
        fields: ['authorised', 'captured'],
        figures: {
          authorisedMinor: payment.authorisedMinor,
          capturedMinor: takenMinor,
          currency: payment.currency,
          scheme: payment.instrument?.scheme ?? null,
        },
      },
      eventIds: [payment.authorisedEventId],
    });
    return NEVER;
  },
});

/** When nothing was held any more: released, expired, refused, settled, or captured to the end. */
function endedAt(payment: Payment): InstantMs {
  const { authorisedAt, captures } = payment;
  let at = payment.ends.settledAt;
  if (payment.ends.expiredAt >= authorisedAt) at = Math.min(at, payment.ends.expiredAt);
  if (payment.ends.voidedAt >= authorisedAt) at = Math.min(at, payment.ends.voidedAt);
  if (payment.ends.failedAt >= authorisedAt) at = Math.min(at, payment.ends.failedAt);
  if (payment.ends.releasedAgainAt >= authorisedAt) at = Math.min(at, payment.ends.releasedAgainAt);
  let captured = 0;
  for (const capture of captures) {
    captured += capture.minor;
    if (capture.id === '' || captured >= payment.authorisedMinor) return Math.min(at, capture.at);
  }
  return at;
}

function capturedUntil({ captures }: Payment, at: InstantMs): number {
  let sum = 0;
  for (const capture of captures) if (capture.at <= at) sum += capture.minor;
  return sum;
}

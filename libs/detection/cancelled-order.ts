import { addWorkingDays } from '#kernel/working-days';
import { formatInstant, NEVER, type InstantMs } from '#kernel/time';
import { judge } from '#expectation/expectation';
import { moneyCalendar } from '#expectation/payment-calendar';
import { wonAt } from '#ledger/money-back';
import { findById, refundsOfPayment, type Ledger } from '#ledger/ledger';
import { calledOffAt } from '#ledger/order';
import { capturedAt, capturedMinor, undoneAt, type Payment } from '#ledger/payment';
import { amountInChargeCurrency, standingOf } from '#ledger/refund';
import { declaredFeesMinor } from '#detection/declared-fees';
import type { Detector } from '#detection/detector';
import { isOwedByCallingOff, sentAt } from '#detection/refund-overdue';
import type { RefundOverdueSettings } from '#detection/refund-overdue-settings';

/**
 * An order was cancelled, or its goods are back at the seller and never reached the buyer, and what was captured for it is not on its way
 * back: the clock of an approved refund, started by that (or by a capture after it). Kind `refund-overdue`, `certain`, at the deadline, loss what no refund covers yet, less
 * fees that were declared. What happens to a refund once it was sent is its own clock's matter (refund-overdue.ts).
 *
 * Subject: a captured payment. Cleared when refunds that cover the rest were sent, by a void, by a chargeback decided for the
 * buyer, or by goods that came after all though they had gone back. Source: facts, "Holds and stuck funds".
 */
export const cancelledOrder = (settings: RefundOverdueSettings): Detector<Payment> => ({
  name: 'cancelled-order',
  subject: 'payment',
  assess(payment, view, claims) {
    if (!isOwedByCallingOff(payment, view.ledger)) return NEVER;
    const order = findById(view.ledger.orders, payment.orderId);
    if (order === undefined) return NEVER;
    const { cancelledAt, cancelledEventId, deliveredAt, returnedEventId } = order.course;
    const isCancelled = cancelledAt !== NEVER;
    const owedSince = Math.max(calledOffAt(order), capturedAt(payment));
    const owedMinor = capturedMinor(payment) - declaredFeesMinor(view.ledger, payment);
    if (owedMinor <= 0) return NEVER;
    const dueAt = addWorkingDays(owedSince, settings.submitDays, moneyCalendar(payment.instrument, payment.currency));
    const metAt = coveredAt(view.ledger, payment, owedMinor);
    const cameAt = isCancelled ? NEVER : deliveredAt;
    const standing = judge({ dueAt, metAt, cancelledAt: Math.min(undoneAt(payment), wonAt(payment), cameAt) }, view.now);
    if (standing.missedAt === NEVER) return standing.dueAt;
    const sentMinor = sentBy(view.ledger, payment, standing.clearedAt === NEVER ? NEVER : dueAt);
    claims.push({
      kind: 'refund-overdue',
      confidence: 'certain',
      money: `cancelled/${payment.id}`,
      at: standing.missedAt,
      clearedAt: standing.clearedAt,
      merchantId: payment.merchantId,
      orderId: payment.orderId,
      paymentIds: [payment.id],
      loss: { minor: owedMinor - sentMinor, currency: payment.currency },
      because: {
        rule: isCancelled ? 'order-cancelled-after-capture' : 'goods-returned-undelivered',
        fields: ['refund.submitted'],
        figures: { owedMinor, sentMinor, currency: payment.currency, waitingSince: formatInstant(owedSince) },
      },
      eventIds: [...payment.captures.map(({ eventId }) => eventId), isCancelled ? cancelledEventId : returnedEventId],
    });
    return NEVER;
  },
});

interface Sent {
  readonly at: InstantMs;
  readonly minor: number;
}

/** Refunds of the payment that left for the provider and were not rejected, by time. */
function sentRefunds(ledger: Ledger, payment: Payment): readonly Sent[] {
  return refundsOfPayment(ledger, payment.id)
    .flatMap((refund): readonly Sent[] => {
      const at = sentAt(refund);
      const standing = standingOf(refund);
      if (at === NEVER || standing.rejected !== undefined) return [];
      const step = standing.succeeded ?? standing.posted ?? standing.submitted ?? refund.steps.findLast(({ minor }) => minor > 0);
      if (step === undefined) return [];
      const amount = amountInChargeCurrency(step);
      return amount.currency === payment.currency ? [{ at, minor: amount.minor }] : [];
    })
    .sort((left, right) => left.at - right.at);
}

function coveredAt(ledger: Ledger, payment: Payment, owedMinor: number): InstantMs {
  let sum = 0;
  for (const sent of sentRefunds(ledger, payment)) {
    sum += sent.minor;
    if (sum >= owedMinor) return sent.at;
  }
  return NEVER;
}

const sentBy = (ledger: Ledger, payment: Payment, by: InstantMs): number =>
  sentRefunds(ledger, payment).reduce((sum, sent) => (sent.at <= by ? sum + sent.minor : sum), 0);

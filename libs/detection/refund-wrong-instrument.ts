import { NEVER } from '#kernel/time';
import { moneyBack, wonAt } from '#ledger/money-back';
import { findById, refundsOfPayment, type Ledger } from '#ledger/ledger';
import type { Payment } from '#ledger/payment';
import { paidStep, standingOf, type Refund, type RefundStep } from '#ledger/refund';
import type { Detector } from '#detection/detector';

/**
 * A refund went to another instrument than the payment came from. `certain`, at its success, loss its amount; `possible` where the
 * buyer paid with that instrument before, since then it is the buyer's own.
 *
 * Subject: a refund that names where the money went; its submission says so where nothing after it does. Cleared when it failed,
 * when as much was refunded to the payment's own instrument later, or by a chargeback decided for the buyer. Source: facts,
 * "Insiders".
 */
export const refundWrongInstrument: Detector<Refund> = {
  name: 'refund-wrong-instrument',
  subject: 'refund',
  assess(refund, { ledger }, claims) {
    const standing = standingOf(refund);
    const paid = paidStep(standing) ?? standing.succeededBefore;
    const payment = findById(ledger.payments, refund.paymentId);
    const went = [paid, standing.posted, standing.submitted].find((step) => step?.instrument != null);
    if (paid === undefined || went?.instrument == null || payment?.instrument == null) return NEVER;
    if (went.instrument.fingerprint === payment.instrument.fingerprint) return NEVER;
    const failedAt = paidStep(standing) === undefined ? (standing.failed?.at ?? NEVER) : NEVER;
    claims.push({
      kind: 'refund-wrong-instrument',
      confidence: isBuyers(ledger, went.instrument.fingerprint, paid.at) ? 'possible' : 'certain',
      money: `refund/${refund.id}`,
      at: paid.at,
      clearedAt: Math.min(failedAt, wonAt(payment), correctedAt(ledger, payment, payment.instrument.fingerprint, paid)),
      merchantId: payment.merchantId,
      orderId: payment.orderId,
      paymentIds: [payment.id],
      loss: { minor: paid.minor, currency: paid.currency },
      because: {
        rule: 'refund-to-another-instrument',
        fields: ['instrument'],
        figures: {
          refundId: refund.id,
          amountMinor: paid.minor,
          currency: paid.currency,
          kind: went.instrument.kind,
          paidBy: payment.instrument.kind,
        },
      },
      eventIds: [payment.captures[0]?.eventId ?? '', went.eventId],
    });
    return NEVER;
  },
};

const isBuyers = (ledger: Ledger, fingerprint: string, before: number): boolean =>
  ledger.payments.some(({ instrument, startedAt, captures }) => {
    return captures.length > 0 && startedAt < before && instrument?.fingerprint === fingerprint;
  });

/** As much went to the right instrument later. */
function correctedAt(ledger: Ledger, payment: Payment, fingerprint: string, paid: RefundStep): number {
  const right = refundsOfPayment(ledger, payment.id).filter((refund) => {
    const step = paidStep(standingOf(refund));
    return (
      step !== undefined &&
      step.at > paid.at &&
      step.minor >= paid.minor &&
      (step.instrument === null || step.instrument.fingerprint === fingerprint)
    );
  });
  const back = moneyBack(ledger, payment).refunds.filter(({ refundId }) => right.some(({ id }) => id === refundId));
  return back[0]?.at ?? NEVER;
}

import type { Money } from '#kernel/money';
import { NEVER, type DurationMs } from '#kernel/time';
import { moneyBack } from '#ledger/money-back';
import { paymentsOfOrder, solePayment, type Ledger } from '#ledger/ledger';
import type { Order } from '#ledger/order';
import { capturedAt, capturedMinor, type Payment } from '#ledger/payment';
import { chargesOf, lastEpisode, surplusAt, turningPoints } from '#detection/charges';
import type { Claim } from '#detection/claim';
import type { Detector } from '#detection/detector';
import { bySubscriptionPeriod, distinctPayments, moneyOf } from '#detection/duplicate-charge';
import type { Allowance } from '#detection/over-capture';

/**
 * More was captured than the order's total, and not by charging again: one capture is too large, or further captures and
 * payments for other lines exceed it. `certain`, at that capture, loss the part above what is allowed (over-capture.ts). A capture
 * in another currency than the total is `likely`, its loss null. Less than the total is no loss of the buyer's.
 *
 * Subject: an order whose total is known; where it is not known nothing is compared. A refund of the excess, a void or a chargeback
 * decided for the buyer clears it. Source: facts, "Amounts and fees"; Visa 12.5, 12.3.
 */
export const amountDiffersFromOrder = (keyLifeMs: DurationMs, allowedOver: Allowance): Detector<Order> => ({
  name: 'amount-differs-from-order',
  subject: 'order',
  assess(order, { ledger }, claims) {
    if (!isPriced(order)) return NEVER;
    const sole = solePayment(ledger, order.id);
    if (sole !== undefined && isRight(sole, order.total)) return NEVER;
    const payments = paymentsOfOrder(ledger, order.id).filter((payment) => payment.captures.length > 0);
    for (const group of bySubscriptionPeriod(payments)) claimExcess(order, group, ledger, keyLifeMs, allowedOver, claims);
    for (const payment of payments)
      if (payment.currency !== order.total.currency) claims.push(otherCurrency(order, payment, ledger));
    return NEVER;
  },
});

type Priced = Order & { readonly total: Money };

const isPriced = (order: Order): order is Priced => order.total !== null;

/** By far the most orders: one payment of no more than the total. */
const isRight = (payment: Payment, total: Money): boolean =>
  payment.captures.length === 0 || (payment.currency === total.currency && capturedMinor(payment) <= total.minor);

function claimExcess(
  order: Priced,
  group: readonly Payment[],
  ledger: Ledger,
  keyLifeMs: DurationMs,
  allowedOver: Allowance,
  claims: Claim[],
): void {
  const { minor: totalMinor, currency } = order.total;
  const inCurrency = group.filter((payment) => payment.currency === currency);
  const charges = chargesOf(ledger, inCurrency, keyLifeMs);
  const allowedMinor = Math.max(0, ...inCurrency.map((payment) => allowedOver(payment, totalMinor)));
  const episode = lastEpisode(
    turningPoints(charges),
    (at) => surplusAt(charges, totalMinor, at),
    ({ excessMinor }) => excessMinor > allowedMinor,
  );
  if (episode === undefined) return;
  const { active, excessMinor, oversized } = episode.answer;
  const lossMinor = excessMinor - allowedMinor;
  const named = active.filter(({ payment }) => payment === oversized?.payment);
  claims.push({
    kind: 'amount-differs-from-order',
    confidence: 'certain',
    money: moneyOf(order, group),
    at: episode.at,
    clearedAt: episode.clearedAt,
    merchantId: order.merchantId,
    orderId: order.id,
    paymentIds: distinctPayments(named),
    loss: { minor: lossMinor, currency },
    because: {
      rule: 'captured-above-order-total',
      fields: ['captured', 'total'],
      figures: {
        capturedMinor: active.reduce((sum, { capture }) => sum + capture.minor, 0),
        totalMinor,
        allowedOverMinor: allowedMinor,
        lossMinor,
        currency,
      },
    },
    eventIds: [order.placedEventId, ...named.map(({ capture }) => capture.eventId)],
  });
}

function otherCurrency(order: Priced, payment: Payment, ledger: Ledger): Claim {
  return {
    kind: 'amount-differs-from-order',
    confidence: 'likely',
    money: `payment/${payment.id}/currency`,
    at: capturedAt(payment),
    clearedAt: moneyBack(ledger, payment).wholeAt,
    merchantId: payment.merchantId,
    orderId: order.id,
    paymentIds: [payment.id],
    loss: null,
    because: {
      rule: 'captured-in-another-currency',
      fields: ['currency'],
      figures: {
        capturedMinor: capturedMinor(payment),
        capturedCurrency: payment.currency,
        totalMinor: order.total.minor,
        totalCurrency: order.total.currency,
      },
    },
    eventIds: [order.placedEventId, ...payment.captures.map(({ eventId }) => eventId)],
  };
}

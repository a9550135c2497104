import { NEVER } from '#kernel/time';
import { paymentsOfOrder, solePayment } from '#ledger/ledger';
import type { Order } from '#ledger/order';
import type { Payment } from '#ledger/payment';
import { chargesOf, lastEpisode, surplusAt, turningPoints, type Charge, type Surplus } from '#detection/charges';
import type { Claim } from '#detection/claim';
import type { Detector, View } from '#detection/detector';
import type { DuplicateChargeSettings } from '#detection/duplicate-charge-settings';
import { twinsWithin } from '#detection/twin-charge';
import type { Allowance } from '#detection/over-capture';

/**
 * One order was paid more than once: its charges exceed its total, and not because one of them is too large. `certain`, loss the
 * whole surplus, at the time of the charge that made it so; when that charge used an instrument of its own the kind is
 * `paid-by-other-means`. Where the order's total is not known, twins among its payments are `likely` or `possible`.
 *
 * Subject: an order. No deadline. Late and unordered events change the answer, not the way to it; a refund, void or chargeback
 * that takes the surplus back clears it. Weak where a feed names one order for several purchases. Source: facts, "Duplicate
 * charge", Visa 12.6.1 and 12.6.2.
 */
export const duplicateCharge = (settings: DuplicateChargeSettings, allowedOver: Allowance): Detector<Order> => ({
  name: 'duplicate-charge',
  subject: 'order',
  assess(order, view, claims) {
    const sole = solePayment(view.ledger, order.id);
    if (sole !== undefined && sole.captures.length < 2) return NEVER;
    const payments = paymentsOfOrder(view.ledger, order.id);
    for (const group of bySubscriptionPeriod(payments)) {
      if (order.total === null) twinsWithin({ payments: group, money: moneyOf(order, group) }, view, settings, claims);
      else claimSurplus(order, order.total.minor, group, view, settings, allowedOver, claims);
    }
    return NEVER;
  },
});

/** Each period of a subscription pays the total once. */
export function bySubscriptionPeriod(payments: readonly Payment[]): readonly (readonly Payment[])[] {
  if (payments.every((payment) => payment.subscription === null)) return [payments];
  const groups = new Map<string, Payment[]>();
  for (const payment of payments) {
    const key = payment.subscription === null ? '' : JSON.stringify([payment.subscription.id, payment.subscription.period]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [payment]);
    else group.push(payment);
  }
  return [...groups.values()];
}

/** The money of a group: the order, and the period where it is one of a subscription's. */
export const moneyOf = (order: Order, group: readonly Payment[]): string => {
  const subscription = group[0]?.subscription ?? null;
  return subscription === null ? `order/${order.id}` : `order/${order.id}/${subscription.id}/${subscription.period}`;
};

function claimSurplus(
  order: Order,
  totalMinor: number,
  group: readonly Payment[],
  view: View,
  settings: DuplicateChargeSettings,
  allowedOver: Allowance,
  claims: Claim[],
): void {
  const currency = order.total?.currency ?? '';
  const inCurrency = group.filter((payment) => payment.currency === currency);
  const charges = chargesOf(view.ledger, inCurrency, settings.keyLifeMs);
  if (charges.length < 2) return;
  const tolerated = Math.max(0, ...inCurrency.map((payment) => allowedOver(payment, totalMinor)));
  const episode = lastEpisode(
    turningPoints(charges),
    (at) => surplusAt(charges, totalMinor, at),
    (surplus) => surplus.repeatedMinor > tolerated,
  );
  if (episode === undefined) return;
  const { answer } = episode;
  claims.push({
    kind: isByOtherMeans(answer) ? 'paid-by-other-means' : 'duplicate-charge',
    confidence: 'certain',
    money: moneyOf(order, group),
    at: episode.at,
    clearedAt: episode.clearedAt,
    merchantId: order.merchantId,
    orderId: order.id,
    paymentIds: distinctPayments(answer.active),
    loss: { minor: answer.repeatedMinor, currency },
    because: {
      rule: 'order-charged-more-than-once',
      fields: ['captured', 'total'],
      figures: {
        charges: answer.active.length,
        capturedMinor: answer.active.reduce((sum, { capture }) => sum + capture.minor, 0),
        totalMinor,
        surplusMinor: answer.repeatedMinor,
        currency,
      },
    },
    eventIds: [order.placedEventId, ...answer.active.map(({ capture }) => capture.eventId)],
  });
}

function isByOtherMeans({ repeat, active }: Surplus): boolean {
  if (repeat === undefined) return false;
  const means = repeat.payment.instrument?.fingerprint;
  const earlier = active.slice(0, active.indexOf(repeat));
  return earlier.every(({ payment }) => payment.instrument?.fingerprint !== means);
}

export const distinctPayments = (charges: readonly Charge[]): readonly string[] => [
  ...new Set(charges.map(({ payment }) => payment.id)),
];

import { durationSetting, type SettingSpec, type SettingValues } from '#kernel/setting';
import { days, NEVER } from '#kernel/time';
import { judge, type Standing } from '#expectation/expectation';
import { moneyBack } from '#ledger/money-back';
import { paymentsOfOrder, type Ledger } from '#ledger/ledger';
import type { Order } from '#ledger/order';
import { capturedMinor } from '#ledger/payment';
import type { Detector, View } from '#detection/detector';

export const notDeliveredSettings = {
  shipWithinMs: {
    ...durationSetting(
      days(30),
      { min: days(1), max: days(180) },
      'Without a promised date an order is sent within this time.',
      'FTC 16 CFR 435',
    ),
    notAbove: 'deliverWithinMs',
  },
  deliverWithinMs: durationSetting(
    days(40),
    { min: days(1), max: days(240) },
    'Without a promised date an order is delivered within this time.',
    'Adyen issuing: claims from day 40',
  ),
} as const satisfies SettingSpec;
export type NotDeliveredSettings = SettingValues<typeof notDeliveredSettings>;

/**
 * Goods that were paid for did not come by the promised date; without one they were not sent within 30 days or not delivered
 * within 40. `certain`, at that deadline, loss what was captured and not given back.
 *
 * Subject: an order that was placed and paid. Delivery, a cancellation, a return or the money back end the expectation; late ones
 * clear it. It needs no coverage (coverage.ts): a feed that tells of no delivery looks just like goods that never came, and only the
 * clocks that the interface names wait for coverage. A platform whose feed never carries deliveries switches the detector off.
 * Source: facts, "Not delivered"; Visa 13.1.
 */
export const notDelivered = (settings: NotDeliveredSettings): Detector<Order> => ({
  name: 'not-delivered',
  subject: 'order',
  assess(order, view, claims) {
    if (order.placedAt === NEVER) return NEVER;
    const dueAt = dueOf(order, settings);
    if (order.course.deliveredAt <= dueAt && order.course.deliveredAt !== NEVER) return NEVER;
    const isUntouched =
      Math.min(order.course.deliveredAt, order.course.shippedAt, order.course.cancelledAt, order.course.returnedAt) === NEVER;
    const firstDueAt = order.deliverBy === NEVER ? order.placedAt + settings.shipWithinMs : dueAt;
    // Just placed and paid: what came back meanwhile is looked at when it is due.
    if (isUntouched && view.now < firstDueAt) return isPaid(order, view.ledger) ? firstDueAt : NEVER;
    const paid = paidFor(order, view);
    if (paid.minor <= 0 && paid.wholeAt === NEVER) return NEVER;
    const standing = standingOf(order, paid.wholeAt, view.now, settings);
    if (standing.missedAt === NEVER) return standing.dueAt;
    claims.push({
      kind: 'not-delivered',
      confidence: 'certain',
      money: `order/${order.id}`,
      at: standing.missedAt,
      clearedAt: standing.clearedAt,
      merchantId: order.merchantId,
      orderId: order.id,
      paymentIds: paid.ids,
      loss: { minor: standing.clearedAt === NEVER ? paid.minor : paid.grossMinor, currency: paid.currency },
      because: {
        rule: standing.rule,
        fields: [standing.rule === 'not-sent' ? 'delivery.shipped' : 'delivery.delivered'],
        figures: { capturedMinor: paid.grossMinor, currency: paid.currency, isPromised: order.deliverBy !== NEVER },
      },
      eventIds: [order.placedEventId, ...paid.eventIds],
    });
    return standing.dueAt;
  },
});

function isPaid(order: Order, ledger: Ledger): boolean {
  for (const { orderId, captures } of ledger.payments) if (orderId === order.id && captures.length > 0) return true;
  return false;
}

const dueOf = (order: Order, settings: NotDeliveredSettings): number =>
  order.deliverBy === NEVER ? order.placedAt + settings.deliverWithinMs : order.deliverBy;

function standingOf(
  order: Order,
  wholeAt: number,
  now: number,
  settings: NotDeliveredSettings,
): Standing & { readonly rule: string } {
  const cancelledAt = Math.min(order.course.cancelledAt, order.course.returnedAt, wholeAt);
  const delivered = judge({ dueAt: dueOf(order, settings), metAt: order.course.deliveredAt, cancelledAt }, now);
  if (order.deliverBy !== NEVER) return { ...delivered, rule: 'not-delivered-as-promised' };
  const sentAt = Math.min(order.course.shippedAt, order.course.deliveredAt);
  const sent = judge({ dueAt: order.placedAt + settings.shipWithinMs, metAt: sentAt, cancelledAt }, now);
  const isSentTheMatter = sent.missedAt !== NEVER && (sent.clearedAt === NEVER || delivered.missedAt === NEVER);
  const dueAt = Math.min(sent.dueAt, delivered.dueAt);
  return isSentTheMatter ? { ...sent, dueAt, rule: 'not-sent' } : { ...delivered, dueAt, rule: 'not-delivered' };
}

interface Paid {
  readonly ids: readonly string[];
  readonly eventIds: readonly string[];
  readonly currency: string;
  readonly grossMinor: number;
  /** Captured and not given back. */
  readonly minor: number;
  /** When all of it had been given back. */
  readonly wholeAt: number;
}

function paidFor(order: Order, { ledger }: View): Paid {
  const captured = paymentsOfOrder(ledger, order.id).filter(({ captures }) => captures.length > 0);
  const currency = order.total?.currency ?? captured[0]?.currency ?? '';
  const same = captured.filter((payment) => payment.currency === currency);
  let grossMinor = 0;
  let minor = 0;
  let wholeAt = same.length === 0 ? NEVER : -NEVER;
  for (const payment of same) {
    const back = moneyBack(ledger, payment);
    grossMinor += capturedMinor(payment);
    wholeAt = Math.max(wholeAt, back.wholeAt);
    if (back.wholeAt === NEVER) minor += capturedMinor(payment) - back.refunds.reduce((sum, refund) => sum + refund.minor, 0);
  }
  const eventIds = same.flatMap(({ captures }) => captures.map(({ eventId }) => eventId));
  return { ids: same.map(({ id }) => id), eventIds, currency, grossMinor, minor, wholeAt };
}

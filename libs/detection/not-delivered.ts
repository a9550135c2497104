import { durationSetting, type SettingSpec, type SettingValues } from '#kernel/setting';
import { days, NEVER, type InstantMs } from '#kernel/time';
import { judge, type Standing } from '#expectation/expectation';
import { moneyBack } from '#ledger/money-back';
import { paymentsOfOrder, type Ledger } from '#ledger/ledger';
import { calledOffAt, type Order } from '#ledger/order';
import { capturedMinor } from '#ledger/payment';
import type { Claim } from '#detection/claim';
import type { Detector, View } from '#detection/detector';
import { claimLostParcels } from '#detection/lost-parcel';

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
 * Subject: an order that was placed and paid. The first delivery, a cancellation, the return of all that was sent or the money back end
 * the expectation; late ones clear it. Then the other parcels are awaited (lost-parcel.ts), and the money of what was called off (cancelled-order.ts). It needs no coverage (coverage.ts): a feed that tells of no delivery looks just like goods that never came, and only the
 * clocks that the interface names wait for coverage. A platform whose feed never carries deliveries switches the detector off.
 * Source: facts, "Not delivered"; Visa 13.1.
 */
export const notDelivered = (settings: NotDeliveredSettings): Detector<Order> => ({
  name: 'not-delivered',
  subject: 'order',
  assess(order, view, claims) {
    if (order.placedAt === NEVER) return NEVER;
    const dueAt = dueOf(order, settings);
    const lostDueAt = hasSeveralParcels(order) ? claimLost(order, view, settings, claims) : NEVER;
    if (order.course.deliveredAt <= dueAt && order.course.deliveredAt !== NEVER) return lostDueAt;
    const isUntouched =
      Math.min(order.course.deliveredAt, order.course.shippedAt, order.course.cancelledAt, order.course.returnedAt) === NEVER;
    const firstDueAt = order.deliverBy === NEVER ? order.placedAt + settings.shipWithinMs : dueAt;
    // Just placed and paid: what came back meanwhile is looked at when it is due.
    if (isUntouched && view.now < firstDueAt) return isPaid(order, view.ledger) ? firstDueAt : NEVER;
    const paid = paidFor(order, view);
    if (paid.minor <= 0 && paid.wholeAt === NEVER) return lostDueAt;
    const standing = standingOf(order, paid.wholeAt, view.now, settings);
    if (standing.missedAt === NEVER) return Math.min(standing.dueAt, lostDueAt);
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
    return Math.min(standing.dueAt, lostDueAt);
  },
});

/** Of a single parcel the order's own delivery says all. */
const hasSeveralParcels = ({ course: { parcels, deliveredAt } }: Order): boolean =>
  deliveredAt !== NEVER && parcels !== null && parcels.length > 1;

function claimLost(order: Order, view: View, settings: NotDeliveredSettings, claims: Claim[]): InstantMs {
  const paid = paidFor(order, view);
  if (paid.ids.length === 0) return NEVER;
  const terms = { dueAt: dueOf(order, settings), transitMs: settings.deliverWithinMs - settings.shipWithinMs };
  return claimLostParcels(order, paid, terms, view.now, claims);
}

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
  const cancelledAt = Math.min(calledOffAt(order), wholeAt);
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
  /** When something was given back. */
  readonly backAt: readonly InstantMs[];
  /** When all of it had been given back. */
  readonly wholeAt: number;
}

function paidFor(order: Order, { ledger }: View): Paid {
  const captured = paymentsOfOrder(ledger, order.id).filter(({ captures }) => captures.length > 0);
  const currency = order.total?.currency ?? captured[0]?.currency ?? '';
  const same = captured.filter((payment) => payment.currency === currency);
  let grossMinor = 0;
  let minor = 0;
  const backAt: InstantMs[] = [];
  let wholeAt = same.length === 0 ? NEVER : -NEVER;
  for (const payment of same) {
    const back = moneyBack(ledger, payment);
    grossMinor += capturedMinor(payment);
    wholeAt = Math.max(wholeAt, back.wholeAt);
    backAt.push(...back.refunds.map(({ at }) => at));
    if (back.wholeAt === NEVER) minor += capturedMinor(payment) - back.refunds.reduce((sum, refund) => sum + refund.minor, 0);
  }
  const eventIds = same.flatMap(({ captures }) => captures.map(({ eventId }) => eventId));
  return { ids: same.map(({ id }) => id), eventIds, currency, grossMinor, minor, backAt, wholeAt };
}

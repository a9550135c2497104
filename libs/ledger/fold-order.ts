import { hashText } from '#kernel/hash';
import type { EventOf } from '#event/event';
import { parseInstant, NEVER, type InstantMs } from '#kernel/time';
import { findById, type Ledger, type Touched } from '#ledger/ledger';
import { newOrder, type Order } from '#ledger/order';
import { NO_NAME, withStep, type Parcel, type ParcelStep } from '#ledger/parcel';
import { withItem } from '#ledger/short-list';

function touchOrder(ledger: Ledger, orderId: string, at: InstantMs, touched: Touched): Order {
  let order = findById(ledger.orders, orderId);
  if (order === undefined) {
    order = newOrder(orderId);
    ledger.orders = withItem(ledger.orders, order);
  }
  if (at > order.lastAt) order.lastAt = at;
  touched.order = order;
  return order;
}

/** An order is placed once: of several tellings the first by event time counts. */
export function foldOrderPlaced(ledger: Ledger, event: EventOf<'order.placed'>, touched: Touched): void {
  const { data } = event;
  const order = touchOrder(ledger, data.orderId, event.at, touched);
  if (event.at > order.placedAt || (event.at === order.placedAt && event.id >= order.placedEventId)) return;
  order.placedAt = event.at;
  order.placedEventId = event.id;
  order.merchantId = data.merchantId;
  order.total = data.total;
  order.fees = data.fees !== undefined && data.fees.length > 0 ? data.fees : null;
  order.isGiftCard = data.giftCard === true;
  order.deliverBy = data.deliverBy === undefined ? NEVER : (parseInstant(data.deliverBy) ?? NEVER);
}

export function foldOrderConfirmed(ledger: Ledger, event: EventOf<'order.confirmed'>, touched: Touched): void {
  const order = touchOrder(ledger, event.data.orderId, event.at, touched);
  if (event.at < order.confirmedAt) order.confirmedAt = event.at;
}

export function foldOrderCancelled(ledger: Ledger, event: EventOf<'order.cancelled'>, touched: Touched): void {
  const order = touchOrder(ledger, event.data.orderId, event.at, touched);
  if (event.at > order.course.cancelledAt || (event.at === order.course.cancelledAt && event.id >= order.course.cancelledEventId))
    return;
  order.course = { ...order.course, cancelledAt: event.at, cancelledEventId: event.id };
}

export function foldDelivery(
  ledger: Ledger,
  event: EventOf<'delivery.shipped'> | EventOf<'delivery.delivered'> | EventOf<'delivery.returned'>,
  touched: Touched,
): void {
  const { at, data, id } = event;
  const order = touchOrder(ledger, data.orderId, at, touched);
  const step = deliverySteps[event.type];
  const { course } = order;
  const isFirst = at < course[step] || (step === 'returnedAt' && at === course[step] && id < course.returnedEventId);
  const parcels = parcelsAfter(course.parcels, data.trackingId, step, at);
  if (!isFirst && parcels === course.parcels) return;
  order.course = {
    ...course,
    ...(isFirst && { [step]: at }),
    ...(isFirst && step === 'returnedAt' && { returnedEventId: id }),
    parcels,
  };
}

/** A parcel that is sent without a name cannot be told from the order itself. */
function parcelsAfter(parcels: readonly Parcel[] | null, trackingId: string | undefined, step: ParcelStep, at: InstantMs) {
  if (trackingId === undefined) return step === 'shippedAt' ? parcels : withStep(parcels, NO_NAME, step, at);
  // A tracking id whose hash is that of no name is given another.
  return withStep(parcels, hashText(trackingId, 0) || 1, step, at);
}

const deliverySteps = {
  'delivery.shipped': 'shippedAt',
  'delivery.delivered': 'deliveredAt',
  'delivery.returned': 'returnedAt',
} as const;

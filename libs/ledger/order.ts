import type { Money } from '#kernel/money';
import { NEVER, type InstantMs } from '#kernel/time';
import { cameBackAt, type Parcel } from '#ledger/parcel';

export interface Fee {
  readonly kind: string;
  readonly amount: Money;
}

/** What became of it after it was placed and confirmed; orders share one object until something does. */
export interface OrderCourse {
  readonly cancelledAt: InstantMs;
  readonly cancelledEventId: string;
  readonly shippedAt: InstantMs;
  readonly deliveredAt: InstantMs;
  readonly returnedAt: InstantMs;
  readonly returnedEventId: string;
  /** Steps by parcel, in order of their marks; null where none was told. */
  readonly parcels: readonly Parcel[] | null;
}

export const NO_COURSE: OrderCourse = {
  cancelledAt: NEVER,
  cancelledEventId: '',
  shippedAt: NEVER,
  deliveredAt: NEVER,
  returnedAt: NEVER,
  returnedEventId: '',
  parcels: null,
};

/** What happened to one order. Of a step told twice the first time counts. A `total` of null is not known, which is not zero. */
export interface Order {
  readonly id: string;
  merchantId: string;
  total: Money | null;
  /** Shown at checkout, part of the total. */
  fees: readonly Fee[] | null;
  isGiftCard: boolean;
  deliverBy: InstantMs;
  placedAt: InstantMs;
  placedEventId: string;
  confirmedAt: InstantMs;
  course: OrderCourse;
  lastAt: InstantMs;
}

export const newOrder = (id: string): Order => ({
  id,
  merchantId: '',
  total: null,
  fees: null,
  isGiftCard: false,
  deliverBy: NEVER,
  placedAt: NEVER,
  placedEventId: '',
  confirmedAt: NEVER,
  course: NO_COURSE,
  lastAt: -NEVER,
});

/** When the seller showed that the order stands: confirmed it, or sent or delivered the goods. */
export const acceptedAt = (order: Order): InstantMs =>
  Math.min(order.confirmedAt, order.course.shippedAt, order.course.deliveredAt);

/** When it was plain that the goods will not come: cancelled, or all of them back at the seller without having been delivered. */
export const calledOffAt = ({ course }: Order): InstantMs => Math.min(course.cancelledAt, cameBackAt(course));

/** The seller: as the order says, else as its payments say; empty where nothing does. */
export function merchantOf(order: Order | undefined, payments: readonly { readonly merchantId: string }[]): string {
  if (order !== undefined && order.merchantId !== '') return order.merchantId;
  return payments.find(({ merchantId }) => merchantId !== '')?.merchantId ?? '';
}

import { formatInstant, NEVER, type InstantMs } from '#kernel/time';
import { judge } from '#expectation/expectation';
import type { Order } from '#ledger/order';
import { sentParcels } from '#ledger/parcel';
import type { Claim } from '#detection/claim';

/** What was paid for the order, and when some or all of it came back. */
interface Paid {
  readonly ids: readonly string[];
  readonly eventIds: readonly string[];
  readonly backAt: readonly InstantMs[];
  readonly wholeAt: InstantMs;
}
interface Terms {
  /** When the order as a whole is due. */
  readonly dueAt: InstantMs;
  /** What a parcel that is sent after that may take. */
  readonly transitMs: number;
}

/**
 * One parcel of an order did not come though another did: `not-delivered`, `likely`, at the order's deadline, or where it was sent after that,
 * when it has had the time between sending and delivery. Loss null: no event says what was in which parcel. While nothing was delivered the
 * order as a whole is not. Answers when silence changes something.
 *
 * Its arrival, its return, a cancellation and money back that was sent after it, be it a part, end the expectation. Weak cases: a parcel
 * that is sent without a tracking id is not seen; a parcel that is returned while others come (the buyer's share of the money is unknown).
 */
export function claimLostParcels(order: Order, paid: Paid, terms: Terms, now: InstantMs, claims: Claim[]): InstantMs {
  const { parcels, deliveredAt, cancelledAt } = order.course;
  let next = NEVER;
  for (const parcel of sentParcels(parcels ?? [])) {
    const ownDueAt = parcel.shippedAt <= terms.dueAt ? terms.dueAt : parcel.shippedAt + terms.transitMs;
    const dueAt = Math.max(ownDueAt, deliveredAt);
    const backAt = Math.min(paid.wholeAt, ...paid.backAt.filter((at) => at >= parcel.shippedAt));
    const standing = judge(
      { dueAt, metAt: parcel.deliveredAt, cancelledAt: Math.min(parcel.returnedAt, cancelledAt, backAt) },
      now,
    );
    next = Math.min(next, standing.dueAt);
    if (standing.missedAt === NEVER) continue;
    claims.push({
      kind: 'not-delivered',
      confidence: 'likely',
      money: `parcel/${order.id}/${parcel.mark}`,
      at: standing.missedAt,
      clearedAt: standing.clearedAt,
      merchantId: order.merchantId,
      orderId: order.id,
      paymentIds: paid.ids,
      loss: null,
      because: {
        rule: 'parcel-not-delivered',
        fields: ['delivery.delivered'],
        figures: { shippedAt: formatInstant(parcel.shippedAt) },
      },
      eventIds: [order.placedEventId, ...paid.eventIds],
    });
  }
  return next;
}

import { NEVER } from '#kernel/time';
import type { Ledger } from '#ledger/ledger';
import { acceptedAt, merchantOf, newOrder, type Order } from '#ledger/order';
import { inEveryOrder, ledgerAfter } from '#test/scenarios/ledger-after';
import { cancelled, confirmed, eur, placed, told, type ToldEvent } from '#test/scenarios/told-events';

const at = (time: string): number => Date.parse(`${time}:00Z`);
const orderOf = ({ orders }: Ledger): Order => {
  expect(orders).toHaveLength(1);
  return orders[0] as Order;
};
const everyOrder = (...events: readonly ToldEvent[]) => inEveryOrder(events, orderOf);
const delivery = (step: string, time: string) => told(`delivery.${step}`, time, { orderId: 'order-1' });

describe('an order', () => {
  it('is placed once: by its first telling, of one instant that of the smaller id', () => {
    const shipping = [{ kind: 'shipping', amount: eur(490) }];
    expect(
      everyOrder(
        { ...placed('2026-06-01T10:00', eur(900), { merchantId: 'market' }), id: 'b' },
        {
          ...placed('2026-06-01T10:00', eur(800), { fees: shipping, giftCard: true, deliverBy: '2026-06-09T10:00:00Z' }),
          id: 'a',
        },
        { ...placed('2026-06-02T10:00', eur(700), { fees: [{ kind: 'service', amount: eur(1) }] }), id: '0' },
      ),
    ).toMatchObject({
      placedAt: at('2026-06-01T10:00'),
      placedEventId: 'a',
      merchantId: 'shop',
      total: eur(800),
      fees: shipping,
      isGiftCard: true,
      deliverBy: at('2026-06-09T10:00'),
      lastAt: at('2026-06-02T10:00'),
    });
  });

  it('promises no date, no fee and no gift card where it says nothing of them', () => {
    const plain = { deliverBy: NEVER, fees: null, isGiftCard: false };
    expect(orderOf(ledgerAfter(placed('2026-06-01T10:00', eur(900))))).toMatchObject(plain);
    expect(orderOf(ledgerAfter(placed('2026-06-01T10:00', eur(900), { fees: [], giftCard: false })))).toMatchObject(plain);
  });

  it('is confirmed and cancelled once, whichever was told first', () => {
    expect(
      everyOrder(
        confirmed('2026-06-01T10:01'),
        confirmed('2026-06-01T10:05'),
        { ...cancelled('2026-06-02T10:00'), id: 'b' },
        { ...cancelled('2026-06-02T10:00'), id: 'a' },
        { ...cancelled('2026-06-03T10:00'), id: '0' },
      ),
    ).toMatchObject({
      confirmedAt: at('2026-06-01T10:01'),
      course: { cancelledAt: at('2026-06-02T10:00'), cancelledEventId: 'a' },
      placedAt: NEVER,
      total: null,
    });
  });

  it('goes each step of its delivery at the first telling', () => {
    const returned = delivery('returned', '2026-06-08T10:00');
    const { course } = everyOrder(
      delivery('shipped', '2026-06-02T10:00'),
      delivery('shipped', '2026-06-02T12:00'),
      delivery('delivered', '2026-06-04T10:00'),
      delivery('delivered', '2026-06-04T12:00'),
      returned,
    );
    expect(course).toEqual({
      cancelledAt: NEVER,
      cancelledEventId: '',
      shippedAt: at('2026-06-02T10:00'),
      deliveredAt: at('2026-06-04T10:00'),
      returnedAt: at('2026-06-08T10:00'),
      returnedEventId: returned.id,
      parcels: [{ mark: 0, shippedAt: NEVER, deliveredAt: at('2026-06-04T10:00'), returnedAt: at('2026-06-08T10:00') }],
    });
  });

  it('knows its parcels by their tracking ids, and steps that name none, whichever was told first', () => {
    const of = (step: string, time: string, trackingId: string) =>
      told(`delivery.${step}`, time, { orderId: 'order-1', trackingId });
    const { course } = everyOrder(
      of('shipped', '2026-06-02T10:00', 'a'),
      of('shipped', '2026-06-03T10:00', 'b'),
      of('delivered', '2026-06-04T10:00', 'a'),
      of('returned', '2026-06-05T10:00', 'b'),
      delivery('shipped', '2026-06-02T09:00'),
      delivery('delivered', '2026-06-06T10:00'),
    );
    const steps = { shippedAt: NEVER, deliveredAt: NEVER, returnedAt: NEVER };
    expect(course).toMatchObject({ shippedAt: at('2026-06-02T09:00'), deliveredAt: at('2026-06-04T10:00') });
    expect(course.parcels).toHaveLength(3);
    expect(course.parcels).toEqual(
      expect.arrayContaining([
        { ...steps, mark: 0, deliveredAt: at('2026-06-06T10:00') },
        { ...steps, mark: expect.any(Number), shippedAt: at('2026-06-02T10:00'), deliveredAt: at('2026-06-04T10:00') },
        { ...steps, mark: expect.any(Number), shippedAt: at('2026-06-03T10:00'), returnedAt: at('2026-06-05T10:00') },
      ]),
    );
  });

  it('stands from the first that its seller did for it', () => {
    expect(acceptedAt(newOrder('order-1'))).toBe(NEVER);
    const steps = [
      confirmed('2026-06-01T10:00'),
      delivery('shipped', '2026-06-02T10:00'),
      delivery('delivered', '2026-06-03T10:00'),
    ];
    steps.forEach((step, first) => {
      expect(acceptedAt(orderOf(ledgerAfter(...steps.slice(first))))).toBe(Date.parse(step.time));
    });
    expect(acceptedAt(orderOf(ledgerAfter(delivery('returned', '2026-06-08T10:00'))))).toBe(NEVER);
  });

  it('is that of the seller whom it names, else of whom its payments name', () => {
    const order = newOrder('order-1');
    expect(merchantOf(undefined, [])).toBe('');
    expect(merchantOf(order, [{ merchantId: '' }, { merchantId: 'market' }])).toBe('market');
    order.merchantId = 'shop';
    expect(merchantOf(order, [{ merchantId: 'market' }])).toBe('shop');
  });
});

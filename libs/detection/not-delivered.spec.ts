import type { Claim } from '#detection/claim';
import type { View } from '#detection/detector';
import { notDelivered } from '#detection/not-delivered';
import { days, NEVER } from '#kernel/time';
import { ledgerAfter } from '#test/scenarios/ledger-after';
import { captured, eur, forOrder, placed, refund, told, type ToldEvent } from '#test/scenarios/told-events';

const detector = notDelivered({ shipWithinMs: days(30), deliverWithinMs: days(40) });
const june = (day: number, hour = '10:00') => `2026-06-${String(day).padStart(2, '0')}T${hour}`;
const at = (time: string) => Date.parse(`${time}:00Z`);
const order = placed('2026-05-01T10:00', eur(9000));
const promised = placed('2026-05-01T10:00', eur(9000), { deliverBy: '2026-06-05T10:00:00Z' });
const paid = captured('2026-05-01T10:01', 'pay-1', eur(9000), forOrder);
const second = captured('2026-05-01T10:02', 'pay-2', eur(500), forOrder);
const step = (name: string, time: string) => told(`delivery.${name}`, time, forOrder);
const back = (minor: number, time: string, paymentId = 'pay-1') =>
  refund('succeeded', time, eur(minor), { paymentId, refundId: `${paymentId} ${time}` });
const sentBy = at('2026-05-31T10:00');
const thereBy = at('2026-06-10T10:00');

function assess(events: readonly ToldEvent[], now = at('2026-08-01T10:00')) {
  const ledger = ledgerAfter(...events);
  const claims: Claim[] = [];
  const due = detector.assess(ledger.orders[0]!, { ledger, now } as View, claims);
  return { due, claims };
}
const claimOf = (...events: readonly ToldEvent[]) => assess(events).claims[0];

describe('goods that did not come', () => {
  it('are claimed in full, by the order and what paid for it', () => {
    expect(assess([order, paid, second]).claims).toEqual([
      {
        kind: 'not-delivered',
        confidence: 'certain',
        money: 'order/order-1',
        at: sentBy,
        clearedAt: NEVER,
        merchantId: 'shop',
        orderId: 'order-1',
        paymentIds: ['pay-1', 'pay-2'],
        loss: eur(9500),
        because: {
          rule: 'not-sent',
          fields: ['delivery.shipped'],
          figures: { capturedMinor: 9500, currency: 'EUR', isPromised: false },
        },
        eventIds: [order.id, paid.id, second.id],
      },
    ]);
    expect(claimOf(promised, paid)).toMatchObject({
      at: at('2026-06-05T10:00'),
      because: { rule: 'not-delivered-as-promised', fields: ['delivery.delivered'], figures: { isPromised: true } },
    });
    expect(claimOf(order, paid, step('shipped', june(1)), step('shipped', '2026-05-20T10:00'))).toMatchObject({
      at: thereBy,
      because: { rule: 'not-delivered', fields: ['delivery.delivered'] },
    });
  });

  it('are looked at again when they are due: sent, then there', () => {
    expect(assess([order, paid], at('2026-05-02T10:00'))).toEqual({ due: sentBy, claims: [] });
    expect(assess([order, paid], sentBy - 1)).toEqual({ due: sentBy, claims: [] });
    expect(assess([order, paid], sentBy).claims).toHaveLength(1);
    expect(assess([order, paid, step('shipped', '2026-05-20T10:00')], sentBy)).toEqual({ due: thereBy, claims: [] });
    expect(assess([promised, paid], at('2026-05-02T10:00'))).toEqual({ due: at('2026-06-05T10:00'), claims: [] });
    expect(assess([order], at('2026-05-02T10:00'))).toEqual({ due: NEVER, claims: [] });
    const hold = { ...paid, type: 'payment.authorised' };
    const ofOther = captured('2026-05-01T10:01', 'pay-9', eur(9000), { orderId: 'order-9' });
    expect(assess([order, hold, ofOther], at('2026-05-02T10:00'))).toEqual({ due: NEVER, claims: [] });
  });

  it.each([
    ['never paid', [order]],
    ['paid and never placed', [paid, step('shipped', '2026-05-20T10:00')]],
    ['there at the last instant', [order, paid, step('shipped', '2026-05-20T10:00'), step('delivered', june(10))]],
    ['there as promised', [promised, paid, step('delivered', june(5))]],
    ['returned before', [promised, paid, step('returned', june(4))]],
    ['refunded before', [promised, paid, back(9000, june(4))]],
    ['refunded before, in parts', [promised, paid, back(4000, june(3)), back(5000, june(4))]],
    ['paid in another currency only', [order, captured('2026-05-01T10:01', 'pay-1', { minor: 9000, currency: 'USD' }, forOrder)]],
  ])('are none when they were %s', (_what, events) => {
    expect(assess(events).claims).toEqual([]);
  });

  it('are cleared by what came late: the goods, a return, or all of the money', () => {
    expect(claimOf(promised, paid, step('delivered', june(6)))).toMatchObject({ clearedAt: at(june(6)), loss: eur(9000) });
    expect(claimOf(promised, paid, step('returned', june(7)))).toMatchObject({ clearedAt: at(june(7)), loss: eur(9000) });
    expect(claimOf(promised, paid, back(9000, june(8)))).toMatchObject({ clearedAt: at(june(8)), loss: eur(9000) });
    expect(claimOf(promised, paid, second, back(9000, june(8)))).toMatchObject({ clearedAt: NEVER, loss: eur(500) });
    expect(claimOf(promised, paid, second, back(9000, june(8)), back(500, june(9), 'pay-2'))).toMatchObject({
      clearedAt: at(june(9)),
      loss: eur(9500),
    });
  });

  it('lose what was not given back', () => {
    expect(claimOf(promised, paid, back(4000, june(8)))).toMatchObject({ loss: eur(5000), clearedAt: NEVER });
    expect(claimOf(promised, paid, back(4000, june(2)))).toMatchObject({ loss: eur(5000), clearedAt: NEVER });
  });

  it('sent late are told as not sent until they are late themselves', () => {
    const late = step('shipped', june(2));
    expect(assess([order, paid, late], at(june(3)))).toMatchObject({
      due: thereBy,
      claims: [{ at: sentBy, clearedAt: at(june(2)), because: { rule: 'not-sent' } }],
    });
    expect(claimOf(order, paid, late)).toMatchObject({ at: thereBy, clearedAt: NEVER, because: { rule: 'not-delivered' } });
    expect(assess([order, paid, late, step('delivered', june(8))]).claims).toEqual([]);
  });
});

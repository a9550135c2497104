import type { SlimType } from '#detection/scope-event';
import { slimTold } from '#test/scenarios/slim-told';
import {
  authorised,
  captured,
  confirmed,
  created,
  ended,
  eur,
  forOrder,
  placed,
  refund,
  told,
  type ToldEvent,
} from '#test/scenarios/told-events';

/** Key and data of what is told of one type, without a payment's signals. */
const heard = (type: SlimType, events: readonly ToldEvent[], until?: string) =>
  slimTold(events, { wanted: [type], ...(until === undefined ? {} : { until }) }).map(({ key, at, data, eventId }) => ({
    key,
    time: new Date(at).toISOString(),
    data: data.filter((cell) => !Array.isArray(cell)),
    eventId,
  }));
const paid = captured('2026-06-01T10:01', 'pay-1', eur(2_000), forOrder);

describe('what a merchant hears of payments', () => {
  it('is each step that reserves or moves money, with the sum and the order', () => {
    const steps = [
      created('2026-06-01T10:00', 'pay-1', eur(2_000), forOrder),
      authorised('2026-06-01T10:01', 'pay-1', eur(2_000), forOrder),
      captured('2026-06-01T10:02', 'pay-1', eur(1_900), forOrder),
      ended('settled', '2026-06-02T10:00', 'pay-1'),
    ];
    expect(heard('payment', steps)).toEqual([
      {
        key: 'shop',
        time: '2026-06-01T10:01:00.000Z',
        data: ['authorised', 'pay-1', 2_000, 'EUR', 'order-1'],
        eventId: steps[1]!.id,
      },
      {
        key: 'shop',
        time: '2026-06-01T10:02:00.000Z',
        data: ['captured', 'pay-1', 1_900, 'EUR', 'order-1'],
        eventId: steps[2]!.id,
      },
    ]);
  });

  it('is nothing of one that failed', () => {
    const began = created('2026-06-01T10:00', 'pay-1', eur(700));
    expect(heard('payment', [began, ended('failed', '2026-06-01T10:01', 'pay-1')])).toEqual([]);
  });

  it('is said once, though told again under another event id', () => {
    expect(heard('payment', [paid, { ...paid, id: 'again' }])).toHaveLength(1);
  });
});

describe('what a merchant hears of trouble', () => {
  const chargeback = told('chargeback.opened', '2026-06-20T10:00', {
    chargebackId: 'cb-1',
    paymentId: 'pay-1',
    amount: eur(1_500),
  });

  it('is a chargeback with the time at which the money was first reserved or moved', () => {
    const at = (time: string) => Date.parse(`${time}:00Z`);
    const charged = (...before: readonly ToldEvent[]) => heard('chargeback', [...before, chargeback])[0]?.data;
    const held = authorised('2026-06-01T10:00', 'pay-1', eur(2_000));
    expect(charged(paid)).toEqual(['pay-1', 1_500, 'EUR', at('2026-06-01T10:01')]);
    expect(charged(held, captured('2026-06-03T10:00', 'pay-1', eur(2_000)))?.[3]).toBe(at('2026-06-01T10:00'));
    expect(charged(captured('2026-05-30T10:00', 'pay-1', eur(2_000)), held)?.[3]).toBe(at('2026-05-30T10:00'));
    expect(charged(created('2026-06-01T09:00', 'pay-1', eur(2_000)))?.[3]).toBe(at('2026-06-01T09:00'));
    const begun = created('2026-06-01T09:00', 'pay-1', eur(2_000));
    expect(charged(begun, paid)?.[3]).toBe(at('2026-06-01T10:01'));
    expect(charged()).toBeUndefined();
  });

  it('is no chargeback of a buyer who did pay: goods that did not come, a sum that was wrong', () => {
    const about = (reasonCode: string) => ({ ...chargeback, data: { ...chargeback.data, reasonCode } });
    expect(heard('chargeback', [paid, about('13.1')])).toEqual([]);
    expect(heard('chargeback', [paid, about('12.5')])).toEqual([]);
    expect(heard('chargeback', [paid, about('10.4')])).toHaveLength(1);
  });

  it('is a refund that succeeded, with the first words of its reason', () => {
    const reason = 'x'.repeat(50);
    const requested = refund('requested', '2026-06-02T10:00', eur(500));
    const succeeded = refund('succeeded', '2026-06-03T10:00', eur(500), { reason });
    expect(heard('refund', [paid, requested, succeeded])).toMatchObject([
      { key: 'shop', time: '2026-06-03T10:00:00.000Z', data: ['pay-1', 'refund-1', 500, 'EUR', 'x'.repeat(40)] },
    ]);
    expect(heard('refund', [paid, refund('succeeded', '2026-06-03T10:00', eur(500))])[0]!.data).toEqual([
      'pay-1',
      'refund-1',
      500,
      'EUR',
      '',
    ]);
    expect(heard('refund', [succeeded])).toEqual([]);
  });

  it('is a complaint about its order or its payment, whichever is known', () => {
    const complained = (more: object) => told('complaint.filed', '2026-06-05T10:00', { complaintId: 'c-1', ...more });
    const order = placed('2026-06-01T10:00', eur(2_000), { merchantId: 'bakery' });
    const of = (...events: readonly ToldEvent[]) => heard('complaint', events).map(({ key, data }) => [key, ...data]);
    expect(of(order, complained({ orderId: 'order-1', about: 'delivery' }))).toEqual([['bakery', 'c-1', 'delivery']]);
    expect(of(paid, complained({ paymentId: 'pay-1' }))).toEqual([['shop', 'c-1', 'other']]);
    expect(of(order, paid, complained({ orderId: 'order-1', paymentId: 'pay-1' }))).toEqual([['bakery', 'c-1', 'other']]);
    expect(of(confirmed('2026-06-01T10:00'), paid, complained({ orderId: 'order-1', paymentId: 'pay-1' }))).toEqual([
      ['shop', 'c-1', 'other'],
    ]);
    expect(of(paid, complained({}))).toEqual([]);
  });

  it('is its own vetting and what was reported of it', () => {
    const vetted = told('merchant.vetted', '2026-06-05T10:00', { merchantId: 'shop', outcome: 'passed', reason: 'y'.repeat(41) });
    const reported = told('merchant.reported', '2026-06-06T10:00', { merchantId: 'shop' });
    expect(heard('vetting', [vetted, reported])).toMatchObject([{ key: 'shop', data: ['passed', 'y'.repeat(40)] }]);
    expect(heard('reported', [vetted, reported])).toMatchObject([{ key: 'shop', data: ['', ''] }]);
  });

  it('is an order that did not come when silence shows it, and that it came after all', () => {
    const order = [
      placed('2026-06-01T10:00', eur(2_000), { deliverBy: '2026-06-10T10:00:00Z' }),
      paid,
      confirmed('2026-06-01T10:02'),
    ];
    const late = heard('undelivered', order, '2026-08-01T00:00:00Z');
    expect(late).toMatchObject([{ key: 'shop', data: ['order-1'], eventId: '' }]);
    expect(late[0]!.time.slice(0, 7)).toBe('2026-06');
    const came = told('delivery.delivered', '2026-06-05T10:00', { orderId: 'order-1' });
    expect(heard('undelivered', [...order, came], '2026-08-01T00:00:00Z')).toEqual([]);
    expect(heard('delivered', order, '2026-08-01T00:00:00Z')).toEqual([]);
    const after = told('delivery.delivered', '2026-07-05T10:00', { orderId: 'order-1' });
    expect(heard('delivered', [...order, after])).toMatchObject([{ key: 'shop', data: ['order-1'] }]);
    const twice = [order[0]!, paid, captured('2026-06-01T10:03', 'pay-2', eur(2_000), forOrder)];
    expect(heard('undelivered', [...twice, confirmed('2026-06-01T10:04'), came])).toEqual([]);
  });
});

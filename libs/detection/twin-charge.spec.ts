import { saysOf } from '#test/scenarios/says';
import { captured, confirmed, eur, otherCard, placed, refund, type ToldEvent } from '#test/scenarios/told-events';

const twins = (...events: readonly ToldEvent[]) => saysOf('duplicate-charge', events);
const coffee = (time: string, paymentId: string, more: object = {}) => captured(time, paymentId, eur(2390), more);
const first = coffee('2026-06-11T14:00', 'pay-1');

describe('two charges that look alike, without an order', () => {
  it.each([
    ['2026-06-11T14:05', 'likely'],
    ['2026-06-11T14:06', 'possible'],
    ['2026-06-12T13:59', 'possible'],
  ])('at %s are %s', (time, confidence) => {
    expect(twins(first, coffee(time, 'pay-2'))).toMatchObject([
      { confidence, status: 'open', paymentIds: ['pay-1', 'pay-2'], loss: eur(2390), eventIds: [first.id, expect.any(String)] },
    ]);
  });

  it.each([
    ['a day apart', coffee('2026-06-12T14:00', 'pay-2')],
    ['of another sum', captured('2026-06-11T14:01', 'pay-2', eur(2391))],
    ['in another currency', captured('2026-06-11T14:01', 'pay-2', { minor: 2390, currency: 'USD' })],
    ['on another card', coffee('2026-06-11T14:01', 'pay-2', { instrument: otherCard })],
    ['at another merchant', coffee('2026-06-11T14:01', 'pay-2', { merchantId: 'baker' })],
    ['under one idempotency key', coffee('2026-06-11T14:01', 'pay-2', { idempotencyKey: 'key-pay-1' })],
    ['on the bus', coffee('2026-06-11T14:01', 'pay-2', { mcc: '4111' })],
  ])('but %s say nothing', (_what, second) => {
    expect(twins(first, second)).toEqual([]);
  });

  it('are judged by when the buyer paid, not by when the merchant captured', () => {
    const start = (time: string, id: string) => ({ ...captured(time, id, eur(2390)), type: 'payment.authorised' });
    const batch = [coffee('2026-06-11T23:00', 'pay-1'), coffee('2026-06-11T23:01', 'pay-2')];
    expect(twins(start('2026-06-11T09:00', 'pay-1'), start('2026-06-11T17:00', 'pay-2'), ...batch)).toMatchObject([
      { confidence: 'possible', at: '2026-06-11T23:01:00.000Z' },
    ]);
  });

  it('are one finding for each later one', () => {
    expect(twins(first, coffee('2026-06-11T14:03', 'pay-2'), coffee('2026-06-11T14:07', 'pay-3'))).toMatchObject([
      { paymentIds: ['pay-1', 'pay-2'] },
      { paymentIds: ['pay-2', 'pay-3'], confidence: 'likely' },
    ]);
  });

  it('are healed when one is refunded, and none when the first had been refunded before', () => {
    const second = coffee('2026-06-11T14:03', 'pay-2');
    expect(twins(first, second, refund('succeeded', '2026-06-12T10:00', eur(2390)))).toMatchObject([{ status: 'cleared' }]);
    expect(twins(first, refund('succeeded', '2026-06-11T14:02', eur(2390)), second)).toEqual([]);
  });
});

describe('two charges that look alike, told in any order', () => {
  const second = coffee('2026-06-11T14:03', 'pay-2');
  const third = coffee('2026-06-11T14:07', 'pay-3');
  const chain = [
    ['pay-1', 'pay-2'],
    ['pay-2', 'pay-3'],
  ];

  it.each([
    ['1 2 3', [first, second, third]],
    ['1 3 2', [first, third, second]],
    ['2 1 3', [second, first, third]],
    ['2 3 1', [second, third, first]],
    ['3 1 2', [third, first, second]],
    ['3 2 1', [third, second, first]],
  ])('%s, are each compared with the one closest before it', (_order, events) => {
    expect(twins(...events).map(({ paymentIds }) => paymentIds)).toEqual(expect.arrayContaining(chain));
    expect(twins(...events)).toHaveLength(2);
  });

  it('and at one instant are one finding, the later by its capture, then by its id', () => {
    const start = (id: string) => ({ ...coffee('2026-06-11T14:00', id), type: 'payment.authorised' });
    const [one, two] = [coffee('2026-06-11T14:00', 'pay-1'), coffee('2026-06-11T14:00', 'pay-2')];
    expect(twins(one, two)).toMatchObject([{ paymentIds: ['pay-1', 'pay-2'] }]);
    expect(twins(two, one)).toMatchObject([{ paymentIds: ['pay-1', 'pay-2'] }]);
    const slower = coffee('2026-06-11T14:30', 'pay-1');
    expect(twins(start('pay-1'), start('pay-2'), two, slower)).toMatchObject([
      { paymentIds: ['pay-2', 'pay-1'], confidence: 'likely', at: '2026-06-11T14:30:00.000Z' },
    ]);
  });

  it('are none while one of them is only authorised', () => {
    const held = { ...second, type: 'payment.authorised' };
    expect(twins(first, held)).toEqual([]);
    expect(twins(held, first, third)).toMatchObject([{ paymentIds: ['pay-1', 'pay-3'] }]);
  });
});

describe('what tells two charges apart', () => {
  const lines = (time: string, id: string, lineIds: readonly string[]) => coffee(time, id, { lineIds });
  const period = (time: string, id: string, name: string, subscription = 's') =>
    coffee(time, id, { subscription: { id: subscription, period: name } });

  it('is order lines of which none is the same', () => {
    expect(twins(lines('2026-06-11T14:00', 'a', ['1']), lines('2026-06-11T14:01', 'b', ['2']))).toEqual([]);
    expect(twins(lines('2026-06-11T14:00', 'a', ['1', '2']), lines('2026-06-11T14:01', 'b', ['2', '3']))).toHaveLength(1);
    expect(twins(first, lines('2026-06-11T14:01', 'b', ['2']))).toHaveLength(1);
    expect(twins(lines('2026-06-11T14:00', 'a', ['1']), coffee('2026-06-11T14:01', 'b'))).toHaveLength(1);
  });

  it('is another period or another subscription, and not that only one of them has one', () => {
    expect(twins(period('2026-06-11T14:00', 'a', 'June'), period('2026-06-11T14:01', 'b', 'July'))).toEqual([]);
    expect(twins(period('2026-06-11T14:00', 'a', 'June'), period('2026-06-11T14:01', 'b', 'June', 't'))).toEqual([]);
    expect(twins(period('2026-06-11T14:00', 'a', 'June'), coffee('2026-06-11T14:01', 'b'))).toHaveLength(1);
    expect(twins(coffee('2026-06-11T14:00', 'a'), period('2026-06-11T14:01', 'b', 'June'))).toHaveLength(1);
  });

  it('is never time within one period, which is paid once', () => {
    expect(twins(period('2026-06-01T14:00', 'a', 'June'), period('2026-06-25T14:00', 'b', 'June'))).toMatchObject([
      { confidence: 'likely', paymentIds: ['a', 'b'] },
    ]);
    expect(twins(period('2026-06-01T14:00', 'a', 'June'), period('2026-06-25T14:00', 'b', 'July'))).toEqual([]);
    expect(twins(period('2026-06-01T14:00', 'a', 'June'), coffee('2026-06-25T14:00', 'b'))).toEqual([]);
    expect(twins(coffee('2026-06-01T14:00', 'a'), period('2026-06-25T14:00', 'b', 'June'))).toEqual([]);
  });

  it('is an idempotency key used again within its life, and not after it, nor for another sum', () => {
    const keyed = (time: string, id: string) => period(time, id, 'June');
    const again = (time: string) => ({ ...keyed(time, 'b'), data: { ...keyed(time, 'b').data, idempotencyKey: 'key-a' } });
    expect(twins(keyed('2026-06-11T14:00', 'a'), again('2026-06-12T14:00'))).toEqual([]);
    expect(twins(keyed('2026-06-11T14:00', 'a'), again('2026-06-12T14:01'))).toHaveLength(1);
  });

  it('is no key where neither has one', () => {
    const keyless = (time: string, id: string) => coffee(time, id, { idempotencyKey: undefined });
    expect(twins(keyless('2026-06-11T14:00', 'a'), keyless('2026-06-11T14:01', 'b'))).toHaveLength(1);
  });
});

describe('the loss of two charges that look alike', () => {
  const second = coffee('2026-06-11T14:03', 'pay-2');
  const back = (time: string, paymentId: string, minor: number) => refund('succeeded', time, eur(minor), { paymentId });

  it('is what is left of the later one', () => {
    expect(twins(first, second, back('2026-06-12T10:00', 'pay-2', 390))).toMatchObject([{ status: 'open', loss: eur(2000) }]);
    expect(twins(first, second, back('2026-06-12T10:00', 'pay-1', 390))).toMatchObject([{ status: 'open', loss: eur(2390) }]);
  });

  it('is all of it once either came back as a whole', () => {
    expect(twins(first, second, back('2026-06-12T10:00', 'pay-2', 2390))).toMatchObject([{ status: 'cleared', loss: eur(2390) }]);
  });

  it('is none when the first was back by the very instant of the second', () => {
    expect(twins(first, back('2026-06-11T14:03', 'pay-1', 2390), second)).toEqual([]);
  });
});

describe('charges of one order whose total is not known', () => {
  const ofOrder = (time: string, id: string, more: object = {}) => coffee(time, id, { orderId: 'o-1', ...more });
  const one = ofOrder('2026-06-11T14:00', 'pay-1');
  const two = ofOrder('2026-06-11T14:10', 'pay-2');
  const three = ofOrder('2026-06-11T14:12', 'pay-3');
  const back = (time: string, paymentId: string, minor = 2390) =>
    refund('succeeded', time, eur(minor), { paymentId, refundId: `back-${paymentId}` });

  it('are one finding of the order, as sure as the surest pair, its loss every later one', () => {
    expect(twins(one, two)).toMatchObject([{ confidence: 'possible', loss: eur(2390) }]);
    const total = placed('2026-06-11T13:59', eur(2390), { orderId: 'o-1' });
    expect(twins(one, two)[0]?.findingId).toBe(twins(total, one, two)[0]?.findingId);
    expect(twins(three, two, one)).toMatchObject([{ paymentIds: ['pay-1', 'pay-2', 'pay-3'], loss: eur(4780) }]);
    expect(twins(one, two, three)).toMatchObject([
      {
        confidence: 'likely',
        status: 'open',
        at: '2026-06-11T14:10:00.000Z',
        paymentIds: ['pay-1', 'pay-2', 'pay-3'],
        loss: eur(4780),
        eventIds: [one.id, two.id, three.id],
      },
    ]);
  });

  it('are one finding for each period of a subscription, however far apart', () => {
    const ofPeriod = (time: string, id: string, period: string) => ofOrder(time, id, { subscription: { id: 'sub-1', period } });
    const june = [ofPeriod('2026-06-01T14:00', 'pay-1', '2026-06'), ofPeriod('2026-06-06T14:00', 'pay-2', '2026-06')];
    const july = [ofPeriod('2026-07-01T14:00', 'pay-3', '2026-07'), ofPeriod('2026-07-01T14:02', 'pay-4', '2026-07')];
    const found = twins(...june, ...july);
    expect(found).toMatchObject([
      { confidence: 'likely', status: 'open', paymentIds: ['pay-1', 'pay-2'], loss: eur(2390) },
      { confidence: 'likely', status: 'open', paymentIds: ['pay-3', 'pay-4'], loss: eur(2390) },
    ]);
    expect(new Set(found.map(({ findingId }) => findingId)).size).toBe(2);
    expect(twins(...june, july[0]!)).toHaveLength(1);
    const total = placed('2026-06-01T13:59', eur(2390), { orderId: 'o-1' });
    expect(twins(total, ...june)[0]?.findingId).toBe(found[0]?.findingId);
  });

  it('are what still stands open of them, and healed when the last pair is', () => {
    expect(twins(one, two, three, back('2026-06-12T10:00', 'pay-3'))).toMatchObject([
      { status: 'open', paymentIds: ['pay-1', 'pay-2'], loss: eur(2390), confidence: 'possible' },
    ]);
    expect(twins(one, two, three, back('2026-06-12T10:00', 'pay-1'))).toMatchObject([
      { status: 'open', paymentIds: ['pay-2', 'pay-3'], loss: eur(2390), confidence: 'likely' },
    ]);
    const both = [back('2026-06-12T10:00', 'pay-1'), back('2026-06-13T10:00', 'pay-3')];
    expect(twins(one, two, three, ...both)).toMatchObject([{ status: 'cleared', paymentIds: ['pay-1', 'pay-2', 'pay-3'] }]);
  });

  it('are none with another sum, a day apart, or within a habit', () => {
    expect(twins(one, captured('2026-06-11T14:01', 'pay-2', eur(2391), { orderId: 'o-1' }))).toEqual([]);
    expect(twins(one, ofOrder('2026-06-12T14:00', 'pay-2'))).toEqual([]);
    expect(twins(ofOrder('2026-06-11T14:00', 'a', { mcc: '4111' }), ofOrder('2026-06-11T14:01', 'b', { mcc: '4111' }))).toEqual(
      [],
    );
  });

  it('are none while only one of them is captured', () => {
    expect(twins(one, { ...two, type: 'payment.authorised' })).toEqual([]);
  });
});

describe('two charges that look alike, for two orders', () => {
  const order = (time: string, orderId: string) => placed(time, eur(2390), { orderId });
  const purchase = [
    order('2026-06-11T14:00', 'o-1'),
    coffee('2026-06-11T14:00', 'pay-1', { orderId: 'o-1' }),
    confirmed('2026-06-11T14:01', 'o-1'),
    order('2026-06-11T14:02', 'o-2'),
    coffee('2026-06-11T14:02', 'pay-2', { orderId: 'o-2' }),
  ];

  it('are two purchases when both are confirmed, and nothing is said while that may still come', () => {
    expect(twins(...purchase, confirmed('2026-06-11T20:00', 'o-2'))).toEqual([]);
    expect(saysOf('duplicate-charge', purchase, '2026-06-12T14:00:00Z')).toEqual([]);
  });

  it('are likely one purchase when the second was not confirmed in a day', () => {
    expect(twins(...purchase)).toMatchObject([{ confidence: 'likely', at: '2026-06-11T14:02:00.000Z', orderId: 'o-2' }]);
  });

  it('are told a day after the later capture, not before', () => {
    expect(saysOf('duplicate-charge', purchase, '2026-06-12T14:01:59Z')).toEqual([]);
    expect(saysOf('duplicate-charge', purchase, '2026-06-12T14:02:00Z')).toHaveLength(1);
  });

  it('wait for orders that were named and not told', () => {
    const named = [coffee('2026-06-11T14:00', 'a', { orderId: 'o-8' }), coffee('2026-06-11T14:02', 'b', { orderId: 'o-9' })];
    expect(saysOf('duplicate-charge', named, '2026-06-12T14:01:59Z')).toEqual([]);
    expect(saysOf('duplicate-charge', named, '2026-06-12T14:02:00Z')).toHaveLength(1);
  });

  it('wait for no order where one of the two has none', () => {
    const [, paid] = purchase;
    const alone = coffee('2026-06-11T14:02', 'pay-2');
    expect(saysOf('duplicate-charge', [order('2026-06-11T14:00', 'o-1'), paid!, alone], '2026-06-11T14:02:00Z')).toHaveLength(1);
    expect(
      saysOf('duplicate-charge', [first, coffee('2026-06-11T14:02', 'b', { orderId: 'o-2' })], '2026-06-11T14:03:00Z'),
    ).toHaveLength(1);
  });

  it('compare with the closest of those that need no more waiting', () => {
    const alone = coffee('2026-06-11T13:58', 'pay-0');
    expect(saysOf('duplicate-charge', [alone, ...purchase], '2026-06-11T15:00:00Z')).toMatchObject([
      { paymentIds: ['pay-0', 'pay-1'] },
      { paymentIds: ['pay-0', 'pay-2'] },
    ]);
  });
});

describe('a buyer who repeats purchases', () => {
  const day = (n: number) => `2026-06-${String(n).padStart(2, '0')}`;
  const twiceADay = [1, 2, 3, 4, 5, 6].flatMap((n) => [coffee(`${day(n)}T08:00`, `m${n}`), coffee(`${day(n)}T18:30`, `e${n}`)]);

  it('is told of at first and then left alone: repeats are normal here', () => {
    const said = twins(...twiceADay);
    expect(said.length).toBeGreaterThan(0);
    expect(said.every(({ confidence }) => confidence === 'possible')).toBe(true);
    expect(said.some(({ at }) => at.startsWith(day(6)))).toBe(false);
  });

  it('is told of when the same sum is charged twice within minutes', () => {
    expect(twins(...twiceADay, coffee(`${day(7)}T08:00`, 'a'), coffee(`${day(7)}T08:01`, 'b'))).toContainEqual(
      expect.objectContaining({ confidence: 'likely', paymentIds: ['a', 'b'] }),
    );
  });
});

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

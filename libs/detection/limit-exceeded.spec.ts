import { accountStage } from '#detection/account-stage';
import type { LimitSettings } from '#detection/limit-caps';
import { defaultDetectionSettings } from '#detection/settings';
import { play } from '#test/scenarios/play';
import { captured, eur, otherCard, refund, told, type ToldEvent } from '#test/scenarios/told-events';
import { endOf } from '#test/scenarios/verdict';

const settings = (limits: Partial<LimitSettings>) => ({
  ...defaultDetectionSettings,
  'limit-exceeded': { ...defaultDetectionSettings['limit-exceeded'], ...limits },
});
const exceeds = (limits: Partial<LimitSettings>, ...events: readonly ToldEvent[]) =>
  endOf(
    play(
      events.map((event) => JSON.stringify(event)),
      '2026-12-31T00:00:00Z',
      accountStage(settings(limits)),
    ).lines,
  )
    .map(({ last }) => last)
    .filter(({ kind }) => kind === 'limit-exceeded');
const pay = (time: string, id: string, minor: number, more: object = {}) =>
  captured(time, id, eur(minor), { merchantId: `shop-${id}`, ...more });
const limit = (per: string, minor: number, time = '2026-05-01T09:00') =>
  told('account.limit_set', time, { limit: eur(minor), per });

describe('limits of configuration', () => {
  it('are none by default', () => {
    expect(exceeds({}, pay('2026-06-01T10:00', 'a', 100_000_000))).toEqual([]);
  });

  it('hold for every account, per payment, day and month', () => {
    const story = [
      pay('2026-06-01T10:00', 'a', 9_000),
      pay('2026-06-01T20:00', 'b', 3_000),
      pay('2026-06-30T23:59', 'c', 4_000),
      pay('2026-07-01T00:00', 'd', 4_000),
    ];
    expect(exceeds({ accountPayment: { EUR: 8_000 } }, ...story)).toMatchObject([
      { paymentIds: ['a'], loss: eur(1_000), confidence: 'certain', because: { rule: 'limit-per-payment' } },
    ]);
    expect(exceeds({ accountDay: { EUR: 10_000 } }, ...story)).toMatchObject([
      { paymentIds: ['b'], loss: eur(2_000), at: '2026-06-01T20:00:00.000Z', because: { rule: 'limit-per-day' } },
    ]);
    expect(exceeds({ accountMonth: { EUR: 12_000 } }, ...story)).toMatchObject([
      { paymentIds: ['c'], loss: eur(4_000), because: { rule: 'limit-per-month', figures: { period: '2026-06' } } },
    ]);
  });

  it('give way to what the account was told, from then on', () => {
    const limits = { accountPayment: { EUR: 1_000 } };
    const early = pay('2026-06-01T10:00', 'a', 2_000);
    expect(exceeds(limits, limit('payment', 5_000), early)).toEqual([]);
    expect(
      exceeds(limits, early, limit('payment', 5_000, '2026-06-02T09:00'), pay('2026-06-03T10:00', 'b', 2_000)),
    ).toMatchObject([{ paymentIds: ['a'], loss: eur(1_000) }]);
  });

  it('are those of their currency alone', () => {
    expect(exceeds({ accountPayment: { USD: 10 } }, pay('2026-06-01T10:00', 'a', 2_000))).toEqual([]);
  });

  it('of an instrument count what was paid by it, beside those of the account', () => {
    const story = [
      pay('2026-06-01T10:00', 'a', 3_000),
      pay('2026-06-01T11:00', 'b', 3_000, { instrument: otherCard }),
      pay('2026-06-01T12:00', 'c', 3_000),
      pay('2026-06-02T12:00', 'd', 3_000),
    ];
    expect(exceeds({ instrumentDay: { EUR: 5_000 } }, ...story)).toMatchObject([
      { paymentIds: ['c'], loss: eur(1_000), because: { rule: 'instrument-limit-per-day' } },
    ]);
    expect(exceeds({ instrumentPayment: { EUR: 2_900 } }, ...story)).toHaveLength(4);
    expect(exceeds({ instrumentMonth: { EUR: 8_000 } }, limit('month', 10_000), ...story)).toMatchObject([
      { paymentIds: ['d'], loss: eur(2_000), because: { rule: 'limit-per-month' } },
      { paymentIds: ['d'], loss: eur(1_000), because: { rule: 'instrument-limit-per-month' } },
    ]);
  });

  it('let what the merchant initiates pass, and are made good by money that comes back', () => {
    const limits = { accountDay: { EUR: 5_000 } };
    const recurring = pay('2026-06-01T12:00', 'b', 9_000, { initiator: 'merchant', subscription: { id: 's', period: '6' } });
    expect(exceeds(limits, pay('2026-06-01T10:00', 'a', 3_000), recurring)).toEqual([]);
    const back = refund('succeeded', '2026-06-05T10:00', eur(6_000), { paymentId: 'a' });
    expect(exceeds(limits, pay('2026-06-01T10:00', 'a', 6_000), back)).toMatchObject([{ status: 'cleared', loss: eur(1_000) }]);
  });
});

describe('what is claimed of a limit', () => {
  const shown = limit('day', 5_000);
  const first = pay('2026-06-01T10:00', 'a', 6_000);
  const second = pay('2026-06-01T11:00', 'b', 2_000);

  it('rests on the limit that was told and on each capture beyond it, and names each payment once', () => {
    expect(exceeds({}, shown, first, second)).toMatchObject([
      {
        at: '2026-06-01T10:00:00.000Z',
        paymentIds: ['a', 'b'],
        loss: eur(3_000),
        because: { fields: ['captured', 'limit'], figures: { spentMinor: 8_000, limitMinor: 5_000, currency: 'EUR' } },
        eventIds: [shown.id, first.id, second.id],
      },
    ]);
    const parts = ['c1', 'c2'].map((captureId) => pay('2026-06-01T10:00', 'a', 6_000, { captureId }));
    expect(exceeds({}, shown, ...parts)).toMatchObject([{ paymentIds: ['a'], loss: eur(7_000) }]);
    expect(exceeds({ accountDay: { EUR: 5_000 } }, first)).toMatchObject([{ eventIds: [first.id] }]);
  });

  it('is made good only when every payment beyond it came back', () => {
    const back = (paymentId: string, minor: number) =>
      refund('succeeded', '2026-06-05T10:00', eur(minor), { paymentId, refundId: paymentId });
    expect(exceeds({}, shown, first, second, back('a', 6_000))).toMatchObject([{ status: 'open' }]);
    expect(exceeds({}, shown, first, second, back('a', 6_000), back('b', 2_000))).toMatchObject([{ status: 'cleared' }]);
  });

  it('is by the limit that was the newest at the capture, that of its instant too', () => {
    expect(exceeds({}, shown, limit('day', 9_000, '2026-06-01T10:00'), first)).toEqual([]);
    expect(exceeds({}, shown, limit('day', 9_000, '2026-06-01T10:01'), first)).toMatchObject([{ loss: eur(1_000) }]);
    expect(exceeds({}, limit('day', 5_000, '2026-06-01T10:01'), first)).toEqual([]);
  });

  it('is by no limit of another span or currency', () => {
    const dollars = told('account.limit_set', '2026-05-01T09:00', { limit: { minor: 10, currency: 'USD' }, per: 'day' });
    expect(exceeds({}, limit('month', 6_000), limit('payment', 6_000), dollars, first)).toEqual([]);
  });

  it('is nothing at just the limit', () => {
    expect(exceeds({}, limit('day', 6_000), first)).toEqual([]);
    expect(exceeds({}, limit('day', 5_999), first)).toHaveLength(1);
  });

  it('takes payments of one instant in the order of their ids, whatever was told first', () => {
    const same = ['a', 'b', 'c'].map((id) => pay('2026-06-01T10:00', id, 3_000));
    for (const told of [same, same.toReversed()])
      expect(exceeds({}, shown, ...told)).toMatchObject([{ paymentIds: ['b', 'c'], loss: eur(4_000) }]);
  });
});

describe('a day', () => {
  it('counts each capture made on it, whenever its payment began', () => {
    const story = [
      limit('day', 10_000),
      pay('2026-06-02T20:00', 'a', 6_000, { captureId: 'c1' }),
      pay('2026-06-03T08:00', 'a', 6_000, { captureId: 'c2' }),
    ];
    expect(exceeds({}, ...story)).toEqual([]);
    expect(exceeds({}, ...story, pay('2026-06-03T09:00', 'b', 7_000))).toMatchObject([{ paymentIds: ['b'], loss: eur(3_000) }]);
    expect(exceeds({}, ...story, pay('2026-06-02T09:00', 'b', 7_000))).toMatchObject([
      { paymentIds: ['a'], loss: eur(3_000), at: '2026-06-02T20:00:00.000Z' },
    ]);
  });

  it('that was exceeded stays exceeded when its purchases are forgotten', () => {
    const day = [limit('month', 10_000), pay('2026-06-01T10:00', 'a', 9_000), pay('2026-06-01T11:00', 'b', 3_000)];
    const many = Array.from({ length: 90 }, (_, n) =>
      pay(new Date(Date.UTC(2026, 6, 1 + n)).toISOString(), `x${n}`, 10, { merchantId: `m${n}` }),
    );
    expect(exceeds({}, ...day, ...many)).toMatchObject([{ status: 'open', paymentIds: ['b'] }]);
  });
});

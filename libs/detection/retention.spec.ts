import { days } from '#kernel/time';
import { accountStage } from '#detection/account-stage';
import { newAccountState, type AccountState } from '#detection/account-state';
import { needsTidying, RETENTION, tidy } from '#detection/retention';
import type { Told } from '#detection/told';
import { fold } from '#ledger/fold';
import type { Touched } from '#ledger/ledger';
import { eventOf } from '#test/scenarios/ledger-after';
import {
  authorised,
  captured,
  confirmed,
  eur,
  forOrder,
  placed,
  refund,
  told as toldEvent,
  type ToldEvent,
} from '#test/scenarios/told-events';

const stage = accountStage();
const START = Date.UTC(2026, 0, 1);
const time = (day: number) => new Date(START + days(day)).toISOString();

function stateAfter(events: readonly ToldEvent[]) {
  const state = stage.newState('buyer');
  const coverage = stage.newShared();
  for (const event of events) {
    const decoded = stage.decode({ value: Buffer.from(JSON.stringify(event)), headers: undefined });
    if (decoded.kind !== 'event') throw new Error(JSON.stringify(decoded));
    const watermark = decoded.at - stage.latenessMs;
    stage.fire(state, coverage, watermark, []);
    stage.apply(state, decoded.event, coverage, watermark, { value: Buffer.alloc(0), headers: undefined }, []);
  }
  return state;
}

const purchase = (n: number, day: number): readonly ToldEvent[] => {
  const orderId = `o-${n}`;
  const delivered = { ...confirmed(time(day), orderId), id: `d-${n}`, type: 'delivery.delivered' };
  return [
    placed(time(day), eur(1000 + n), { orderId }),
    captured(time(day), `p-${n}`, eur(1000 + n), { orderId }),
    confirmed(time(day), orderId),
    delivered,
  ];
};

describe('what is kept of an account', () => {
  it('is bounded, whatever was told: the oldest purchases that wait for nothing are forgotten', () => {
    const state = stateAfter(Array.from({ length: 400 }, (_, n) => purchase(n, n / 10)).flat());
    expect(state.ledger.payments.length).toBeLessThanOrEqual(RETENTION.paymentsKept + 16);
    expect(state.ledger.orders.length).toBeLessThanOrEqual(RETENTION.paymentsKept + 17);
    expect(state.ledger.payments.at(-1)?.id).toBe('p-399');
    expect(stage.encode(state).length).toBeLessThan(32_000);
  });

  it('is bounded also when everything waits', () => {
    const state = stateAfter(Array.from({ length: 400 }, (_, n) => authorised(time(n / 1_000), `p-${n}`, eur(1000 + n))));
    expect(state.ledger.payments.length).toBeLessThanOrEqual(RETENTION.paymentsMax);
    expect(state.deadlines.length).toBeLessThanOrEqual(RETENTION.paymentsMax);
  });

  it('keeps what still waits, and forgets the rest half a year after its newest event', () => {
    const waiting = refund('requested', time(1), eur(1000), { paymentId: 'p-2', refundId: 'r-1' });
    const state = stateAfter([...purchase(1, 0), ...purchase(2, 0), waiting, ...purchase(3, 200)]);
    expect(state.ledger.payments.map(({ id }) => id)).toEqual(['p-2', 'p-3']);
    expect(state.ledger.orders.map(({ id }) => id)).toEqual(['o-2', 'o-3']);
    expect(state.ledger.refunds).toHaveLength(1);
  });
});

describe('what is tidied away', () => {
  const at = (day: number, ms = 0) => START + days(day) + ms;
  function tidied(now: number, events: readonly ToldEvent[], change: (state: AccountState) => void = () => {}) {
    const state = newAccountState('buyer');
    for (const event of events) fold(state.ledger, eventOf(event), {} as Touched);
    change(state);
    tidy(state, now);
    return state;
  }
  const ids = ({ ledger }: AccountState) => ledger.payments.map(({ id }) => id);
  const one = (day: number, id = 'p-1', more: object = {}) => captured(time(day), id, eur(1000), more);
  const waits = (subject: string) => ({ at: at(900), detector: 'any', subject });
  const told = (subject: string, day: number, status: 'open' | 'cleared', more: object = {}) =>
    ({ detector: 'any', subject, at: at(day), revision: 1, finding: { status, paymentIds: [], ...more } }) as unknown as Told;

  it('is a purchase, once 180 days have passed since its newest event', () => {
    expect(ids(tidied(at(180), [one(0)]))).toEqual(['p-1']);
    const gone = tidied(at(180, 1), [one(0), refund('succeeded', time(0), eur(1), { paymentId: 'p-1' })]);
    expect(gone.ledger).toMatchObject({ payments: [], refunds: [], forgotAt: at(180, 1) });
    expect(ids(tidied(at(180, 1), [placed(time(9), eur(1000)), one(0, 'p-1', forOrder)]))).toEqual(['p-1']);
    expect(ids(tidied(at(180, 1), [placed(time(0), eur(1000)), one(0, 'p-1', forOrder), one(9, 'p-2', forOrder)]))).toEqual([
      'p-1',
      'p-2',
    ]);
  });

  it('is nothing where nothing is old: then nothing was forgotten', () => {
    expect(tidied(at(1), [one(0)]).ledger.forgotAt).toBe(-Infinity);
  });

  it('goes as a whole: payments of an order that was never told are one purchase, those of none are each their own', () => {
    expect(ids(tidied(at(200), [one(0, 'p-1', forOrder), one(100, 'p-2', forOrder)]))).toEqual(['p-1', 'p-2']);
    expect(ids(tidied(at(200), [one(0, 'p-1'), one(100, 'p-2')]))).toEqual(['p-2']);
    const awaited = (state: AccountState) => void state.deadlines.push(waits('p-2'));
    expect(ids(tidied(at(400), [one(0, 'p-1', forOrder), one(0, 'p-2', forOrder)], awaited))).toEqual(['p-1', 'p-2']);
  });

  const refunded = refund('requested', time(0), eur(1000), { paymentId: 'p-1' });
  it.each([
    ['a deadline of the payment', [], (state: AccountState) => state.deadlines.push(waits('p-1'))],
    ['a deadline of its order', [], (state: AccountState) => state.deadlines.push(waits('order-1'))],
    ['a deadline of its refund', [refunded], (state: AccountState) => state.deadlines.push(waits('refund-1'))],
    ['an open finding about it', [], (state: AccountState) => state.told.push(told('p-1', 0, 'open'))],
    [
      'an open finding that names it',
      [],
      (state: AccountState) => state.told.push(told('x', 0, 'open', { paymentIds: ['p-1'] })),
    ],
    [
      'an open finding that names its order',
      [],
      (state: AccountState) => state.told.push(told('x', 0, 'open', { orderId: 'order-1' })),
    ],
  ])('is no purchase that waits for something: %s', (_what, more, change) => {
    const state = tidied(at(400), [placed(time(0), eur(1000)), one(0, 'p-1', forOrder), ...more], (of) => void change(of));
    expect(ids(state)).toEqual(['p-1']);
  });

  it('takes with it what was told and awaited of it; a cleared finding about something else goes after 180 days', () => {
    const change = (state: AccountState) => {
      state.told = [
        told('p-1', 0, 'cleared', { paymentIds: ['p-1'] }),
        told('p-1', 199, 'cleared', { paymentIds: ['p-1'] }),
        told('y', 20, 'cleared'),
        told('z', 19, 'cleared'),
        told('w', 0, 'open'),
      ];
    };
    const state = tidied(at(200), [one(0)], change);
    expect(ids(state)).toEqual([]);
    expect(state.told.map(({ subject }) => subject)).toEqual(['y', 'w']);
  });

  it('is a freeze 180 days after its newest event, unless it is awaited', () => {
    const freeze = toldEvent('funds.frozen', time(0), { freezeId: 'f-1' });
    const left = (now: number, change?: (state: AccountState) => void) => tidied(now, [freeze], change).ledger.freezes.length;
    expect([left(at(180)), left(at(180, 1)), left(at(180, 1), (state) => state.deadlines.push(waits('f-1')))]).toEqual([1, 0, 1]);
  });

  it('is what only its first days need of a captured payment: after seven days, where nothing waits for it', () => {
    const hold = authorised(time(0), 'p-1', eur(1000));
    const detail = (now: number, events: readonly ToldEvent[], change?: (state: AccountState) => void) => {
      const { idempotencyKey, startedEventId, authorisedEventId } = tidied(now, events, change).ledger.payments[0]!;
      return [idempotencyKey, startedEventId, authorisedEventId];
    };
    const whole = ['key-p-1', hold.id, hold.id];
    expect(detail(at(7), [hold, one(0)])).toEqual(whole);
    expect(detail(at(7, 1), [hold, one(0)])).toEqual(['', '', '']);
    expect(detail(at(7, 1), [hold])).toEqual(whole);
    expect(detail(at(7, 1), [hold, one(0)], (state) => state.deadlines.push(waits('p-1')))).toEqual(whole);
    expect(detail(at(7, 1), [hold, one(0)], (state) => void (state.ledger.payments[0]!.toldFacts = 'digest'))).toEqual(whole);
  });

  it('is what goes beyond 64 payments that wait for nothing, the oldest first, and beyond 256 of any', () => {
    const many = (count: number) => Array.from({ length: count }, (_, n) => one(n / 1_000, `p-${n}`));
    expect(ids(tidied(at(1), many(64)))).toHaveLength(64);
    expect(ids(tidied(at(1), many(66)))).toEqual(
      many(66)
        .slice(2)
        .map(({ data }) => data['paymentId']),
    );
    const reversed = ids(tidied(at(1), many(66).toReversed()));
    expect([reversed.length, reversed.includes('p-0'), reversed.includes('p-1'), reversed.includes('p-65')]).toEqual([
      64,
      false,
      false,
      true,
    ]);
    const all = (state: AccountState) => void (state.deadlines = state.ledger.payments.map(({ id }) => waits(id)));
    expect(ids(tidied(at(1), many(256), all))).toHaveLength(256);
    const over = tidied(at(1), many(257), all);
    expect(ids(over)).toHaveLength(256);
    expect(over.deadlines).toHaveLength(256);
  });

  it('is looked for weekly, and once there are sixteen payments more than were left', () => {
    const state = newAccountState('buyer');
    expect([needsTidying(state, at(0)), needsTidying(state, at(7, -1)), needsTidying(state, at(7))]).toEqual([
      false,
      false,
      true,
    ]);
    tidy(state, at(7));
    expect([needsTidying(state, at(14, -1)), needsTidying(state, at(14))]).toEqual([false, true]);
    expect(state.tidyAbove).toBe(80);
    const seventy = Array.from({ length: 70 }, (_, n) => one(0, `p-${n}`));
    const all = (of: AccountState) => void (of.deadlines = of.ledger.payments.map(({ id }) => waits(id)));
    const crowded = tidied(at(1), seventy, all);
    expect(crowded.tidyAbove).toBe(86);
    const add = (count: number) => {
      for (let n = 0; n < count; n++) fold(crowded.ledger, eventOf(one(1, `q-${n}`)), {} as Touched);
      return needsTidying(crowded, at(1));
    };
    expect([add(16), add(17)]).toEqual([false, true]);
    const most = Array.from({ length: 250 }, (_, n) => one(0, `p-${n}`));
    expect(tidied(at(1), most, all).tidyAbove).toBe(256);
  });
});

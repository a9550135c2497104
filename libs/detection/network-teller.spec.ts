import { accountStage } from '#detection/account-stage';
import type { Outgoing } from '#detection/emission';
import { unpackSlimEvent } from '#detection/scope-event';
import { defaultDetectionSettings } from '#detection/settings';
import { slimLines, slimTold } from '#test/scenarios/slim-told';
import {
  account,
  authorised,
  AWAY,
  captured,
  created,
  ended,
  eur,
  HOME,
  otherCard,
  type ToldEvent,
} from '#test/scenarios/told-events';

/** Keys and outcomes of the attempts that are told of one payment. */
function told(type: string, minor: number, currency = 'EUR', smallMax = 10): readonly string[] {
  const settings = { ...defaultDetectionSettings, 'card-testing': { ...defaultDetectionSettings['card-testing'], smallMax } };
  const stage = accountStage(settings, { slimTypes: new Set(['attempt']) });
  const event = {
    ...{ specversion: '1.0', id: 'e-1', source: '/test', type, time: '2026-05-04T08:00:00Z' },
    data: {
      ...{ accountId: 'ann', paymentId: 'p-1', merchantId: 'm-1', amount: { minor, currency } },
      instrument: { kind: 'card', fingerprint: 'card-1' },
      context: { ip: '203.0.113.7', deviceId: 'phone-1' },
    },
  };
  const decoded = stage.decode({ value: Buffer.from(JSON.stringify(event)), headers: undefined });
  if (decoded.kind !== 'event') throw new Error(JSON.stringify(decoded));
  const out: Outgoing[] = [];
  const { event: read, at } = decoded;
  stage.apply(stage.newState('ann'), read, stage.newShared(), at, { value: null, headers: undefined }, out);
  return out.flatMap((one) => {
    if (one.kind !== 'slim') return [];
    const { key, data } = unpackSlimEvent(one.cells, 0);
    return [`${key} ${String(data[0])}`];
  });
}

describe('what networks hear of payments', () => {
  it('is a first payment with an instrument where it is small: a large one is no trial of a card', () => {
    expect(told('payment.captured', 1_000)).toEqual(['203.0.113.7 passed', 'phone-1 passed']);
    expect(told('payment.captured', 1_001)).toEqual([]);
    expect(told('payment.authorised', 1_000, 'JPY')).toHaveLength(2);
  });

  it('follows the bound that is set', () => {
    expect(told('payment.captured', 1_001, 'EUR', 11)).toHaveLength(2);
  });

  it('is every one that failed, whatever its sum, told to the merchant too', () => {
    expect(told('payment.failed', 90_000)).toEqual(['m-1 failed', '203.0.113.7 failed', 'phone-1 failed']);
  });
});

const heard = (...events: readonly ToldEvent[]) => slimLines(slimTold(events, { wanted: ['login', 'attempt'] }));

describe('what networks hear of log-ins', () => {
  const failed = (time: string, context: object = HOME) => account('login_failed', time, context);
  const loggedIn = (time: string, context: object | undefined = HOME) => account('logged_in', time, context);

  it('is every failure, at its address and its device', () => {
    expect(heard(failed('2026-06-01T10:00'))).toEqual(['network/81.2.69.10 login: failed', 'network/phone-home login: failed']);
    expect(heard(failed('2026-06-01T10:00', { ip: '81.2.69.10' }))).toEqual(['network/81.2.69.10 login: failed']);
    expect(heard(account('login_failed', '2026-06-01T10:00', undefined))).toEqual([]);
  });

  it('is a log-in from a place that was new to the account: another device, or another network', () => {
    const known = loggedIn('2026-06-01T10:00');
    const then = (context: object | undefined) => heard(known, loggedIn('2026-06-09T10:00', context)).slice(2);
    expect(heard(known)).toEqual(['network/81.2.69.10 login: passed', 'network/phone-home login: passed']);
    expect(then(HOME)).toEqual([]);
    expect(then({ ip: '81.2.69.99' })).toEqual([]);
    expect(then({ deviceId: 'phone-home' })).toEqual([]);
    expect(then(undefined)).toEqual([]);
    expect(then({ ...HOME, ip: '81.2.70.10' })).toHaveLength(2);
    expect(then({ ...HOME, deviceId: 'tablet' })).toHaveLength(2);
    expect(then({ ip: '81.2.70.10' })).toHaveLength(1);
    expect(then(AWAY)).toEqual(['network/197.210.8.8 login: passed', 'network/unknown-pc login: passed']);
  });

  it('is also one from a known place within two hours after a failure: whoever mistyped is no attacker', () => {
    const known = loggedIn('2026-06-01T10:00');
    const after = (time: string, ...failures: readonly string[]) =>
      heard(known, ...failures.map((at) => failed(at)), loggedIn(time)).filter((line) => line.endsWith('passed')).length - 2;
    expect(after('2026-06-05T12:00', '2026-06-05T10:00')).toBe(2);
    expect(after('2026-06-05T12:01', '2026-06-05T10:00')).toBe(0);
    expect(after('2026-06-05T12:01', '2026-06-05T10:00', '2026-06-05T11:00')).toBe(2);
    expect(after('2026-06-05T10:00', '2026-06-05T10:00')).toBe(2);
    expect(after('2026-06-05T10:00', '2026-06-05T10:01')).toBe(0);
  });
});

describe('what is no trial of a card', () => {
  const context = { ip: '203.0.113.7' };
  const small = (time: string, id: string, more: object = {}) => captured(time, id, eur(100), { context, ...more });

  it('is a payment in person, one that the merchant initiates, and one from nowhere', () => {
    expect(heard(small('2026-06-01T10:00', 'pay-1'))).toHaveLength(1);
    for (const more of [{ presence: 'in_person' }, { initiator: 'merchant' }]) {
      expect(heard(small('2026-06-01T10:00', 'pay-1', more))).toEqual([]);
      expect(heard(created('2026-06-01T10:00', 'pay-1', eur(100), more), ended('failed', '2026-06-01T10:01', 'pay-1'))).toEqual(
        [],
      );
    }
    expect(heard(captured('2026-06-01T10:00', 'pay-1', eur(100)))).toEqual([]);
  });

  it('is the capture of what was told at its authorisation', () => {
    const held = authorised('2026-06-01T10:00', 'pay-1', eur(100), { context });
    expect(heard(held, small('2026-06-01T10:00', 'pay-1'))).toEqual([
      'network/203.0.113.7 attempt: passed pay-1 100 EUR card-1 shop',
    ]);
    expect(heard(small('2026-06-01T09:59', 'pay-1'), held)).toHaveLength(2);
  });

  it('is a payment with an instrument that the account paid with before', () => {
    const first = small('2026-06-01T10:00', 'pay-1');
    expect(heard(first, small('2026-06-02T10:00', 'pay-2'))).toHaveLength(1);
    expect(heard(first, small('2026-06-02T10:00', 'pay-2', { instrument: otherCard }))).toHaveLength(2);
    expect(heard(first, small('2026-06-01T10:00', 'pay-2'))).toHaveLength(2);
    expect(heard(first, small('2026-05-31T10:00', 'pay-2'))).toHaveLength(2);
  });
});

describe('a payment that failed', () => {
  const context = { ip: '203.0.113.7', deviceId: 'phone-1' };

  it('is told with what was known of it before, where the failure does not say', () => {
    const began = created('2026-06-01T10:00', 'pay-1', { minor: 700, currency: 'JPY' });
    expect(heard(began, ended('failed', '2026-06-01T10:01', 'pay-1'))).toEqual([
      'merchant/shop attempt: failed pay-1 700 JPY card-1 shop',
    ]);
    expect(heard(began, ended('failed', '2026-06-01T10:01', 'pay-1', { context, amount: eur(90_000) }))).toEqual([
      'merchant/shop attempt: failed pay-1 90000 EUR card-1 shop',
      'network/203.0.113.7 attempt: failed pay-1 90000 EUR card-1 shop',
      'network/phone-1 attempt: failed pay-1 90000 EUR card-1 shop',
    ]);
  });

  it('is told to its places although nothing else is known of it', () => {
    expect(heard(ended('failed', '2026-06-01T10:01', 'pay-1', { context }))).toEqual([
      'network/203.0.113.7 attempt: failed pay-1 0   ',
      'network/phone-1 attempt: failed pay-1 0   ',
    ]);
  });
});

import { days, hours, minutes } from '#kernel/time';
import { insiderAbuse, insiderAbuseDefaults } from '#detection/insider-abuse';
import { findingId } from '#detection/claim';
import type { AnyScopeDetector } from '#detection/scope-detector';
import { playScope, slim } from '#detection/scope-play';

const START = Date.UTC(2026, 4, 4, 8);
const detector = insiderAbuse(insiderAbuseDefaults) as AnyScopeDetector;

const refund = (n: number, at: number, flags: string, { accountId = `a-${n}`, instrument = `iban-${n}` } = {}) =>
  slim('operator', 'op-9', 'act', at, ['refund.succeeded', `r-${n}`, `p-${n}`, 5_000, 'EUR', flags, instrument], {
    accountId,
    eventId: `r-${n}`,
  });
const change = (accountId: string, at: number) =>
  slim('operator', 'op-9', 'act', at, ['account.payout_changed', '', '', 0, 'EUR', '', ''], {
    accountId,
    eventId: `c-${accountId}`,
  });

describe('insider abuse', () => {
  it('is likely when an operator refunds to an instrument of nobody after changing the bank details', () => {
    const { findings } = playScope(detector, [change('a-1', START), refund(1, START + hours(2), 'i')]);
    expect(findings).toMatchObject([
      {
        kind: 'insider-abuse',
        confidence: 'likely',
        accountId: null,
        scope: { kind: 'operator', key: 'op-9' },
        paymentIds: ['p-1'],
        eventIds: ['c-a-1', 'r-1'],
      },
    ]);
  });

  it('is likely when refunds of several accounts go to one instrument', () => {
    const to = { instrument: 'iban-x' };
    const { findings } = playScope(detector, [refund(1, START, 'i', to), refund(2, START + days(1), 'i', to)]);
    expect(findings).toMatchObject([{ confidence: 'likely' }]);
    expect(findings[0]!.because.fields).toContain('one-instrument-several-accounts');
  });

  it('is possible at two refunds above what was paid, and likely at four', () => {
    const above = (count: number) => Array.from({ length: count }, (_, n) => refund(n, START + days(n), 'a'));
    expect(playScope(detector, above(1)).lines).toEqual([]);
    expect(playScope(detector, above(2)).findings).toMatchObject([{ confidence: 'possible' }]);
    expect(playScope(detector, above(4)).findings).toMatchObject([{ confidence: 'likely' }]);
  });

  it('says nothing of a busy desk: plain refunds, many to one customer, one late in the evening', () => {
    const plain = Array.from({ length: 150 }, (_, n) => refund(n, START + minutes(n), '', { accountId: `a-${n % 40}` }));
    const favourite = Array.from({ length: 200 }, (_, n) =>
      refund(500 + n, START + hours(3) + minutes(n), '', { accountId: 'a-1' }),
    );
    expect(playScope(detector, [...plain, ...favourite, refund(900, START + hours(15), '')]).lines).toEqual([]);
  });

  it('takes a refund told in three steps for one', () => {
    const steps = ['refund.requested', 'refund.approved', 'refund.succeeded'].map((what, n) =>
      slim('operator', 'op-9', 'act', START + n, [what, 'r-1', 'p-1', 5_000, 'EUR', 'a', ''], {
        accountId: 'a-1',
        eventId: `s-${n}`,
      }),
    );
    expect(playScope(detector, steps).lines).toEqual([]);
  });
});

const act = (what: string, accountId: string, at: number, eventId = `${what}-${accountId}`) =>
  slim('operator', 'op-9', 'act', at, [what, '', '', 0, '', '', ''], { accountId, eventId });
const saidOf = (...events: Parameters<typeof playScope>[1]) => playScope(detector, events).lines;

describe('a finding about an operator', () => {
  it('shows the signs, the refunds and the events, a change of the same person before its refund', () => {
    expect(saidOf(change('a-1', START), refund(1, START + hours(2), 'i'))).toEqual([
      {
        ...{ kind: 'insider-abuse', confidence: 'likely', status: 'open', accountId: null, loss: null, paymentIds: ['p-1'] },
        ...{
          scope: { kind: 'operator', key: 'op-9' },
          findingId: findingId('insider-abuse', 'operator/op-9', 'refunds'),
          at: '2026-05-04T10:00:00.000Z',
        },
        because: {
          rule: 'refunds-that-serve-the-operator',
          fields: ['after-own-change', 'instrument-not-the-buyers'],
          figures: { refunds: 1, points: 3, pointsOfOneMax: 3, windowMs: days(30) },
        },
        eventIds: ['c-a-1', 'r-1'],
      },
    ]);
  });

  it.each([
    ['account.payout_changed', true],
    ['account.contact_changed', true],
    ['account.address_changed', true],
    ['account.password_changed', true],
    ['account.second_factor_changed', true],
    ['account.instrument_added', true],
    ['account.limit_set', false],
    ['account.payout_changed.not', false],
    ['not.account.payout_changed', false],
    ['not.account.instrument_added', false],
    ['account.instrument_added.not', false],
  ])('takes %s for a change of their own: %p', (what, isChange) => {
    expect(saidOf(act(what, 'a-1', START), refund(1, START + 1, ''))).toHaveLength(isChange ? 1 : 0);
  });

  it('counts a change of the same account up to a week before its refund, and none after it', () => {
    const after = (ms: number, accountId = 'a-1') => saidOf(change(accountId, START), refund(1, START + ms, 'i'));
    expect([after(0), after(days(7)), after(days(7) + 1), after(-1), after(1, 'a-2')].map(({ length }) => length)).toEqual([
      1, 1, 0, 0, 0,
    ]);
  });

  it('is possible at two points of one refund, likely at three, or at four of several', () => {
    const of = (...refunds: Parameters<typeof playScope>[1]) => saidOf(...refunds).at(-1)?.confidence;
    expect(of(refund(1, START, 'a'))).toBeUndefined();
    expect(of(refund(1, START, 'at'))).toBe('possible');
    expect(of(refund(1, START, 'ait'))).toBe('likely');
    expect(of(refund(1, START, 'at'), refund(2, START + 1, 'a'))).toBe('possible');
    expect(of(refund(1, START, 'at'), refund(2, START + 1, 'at'))).toBe('likely');
    expect(of(refund(1, START, 'at'), refund(2, START + 1, ''))).toBe('possible');
  });

  it('names each sign', () => {
    const fields = (...events: Parameters<typeof playScope>[1]) => saidOf(...events).at(-1)?.because.fields;
    expect(fields(refund(1, START, 'ait'))).toEqual(['above-what-was-paid', 'instrument-not-the-buyers', 'refunded-twice']);
    const shared = { instrument: 'iban-x' };
    expect(fields(refund(1, START, 'i', shared), refund(2, START, 'i', shared))).toEqual([
      'instrument-not-the-buyers',
      'one-instrument-several-accounts',
    ]);
    expect(fields(refund(1, START, 'i', shared), refund(2, START, 'i', { ...shared, accountId: 'a-1' }))).toEqual([
      'instrument-not-the-buyers',
    ]);
    expect(fields(refund(1, START, 'i', shared), refund(2, START, 'a', shared))).not.toContain('one-instrument-several-accounts');
  });

  it('counts most refunds to one account only where something else is wrong, from five on and above a half', () => {
    const to = (accountId: string, from: number, count: number, flags = '') =>
      Array.from({ length: count }, (_, n) => refund(from + n, START + minutes(from + n), flags, { accountId }));
    const points = (...events: Parameters<typeof playScope>[1]) => saidOf(...events).at(-1)?.because.figures['pointsOfOneMax'];
    expect(points(...to('a-1', 0, 4), refund(4, START + hours(1), 'at', { accountId: 'a-1' }))).toBe(3);
    const mostly = saidOf(...to('a-1', 0, 4), refund(4, START + hours(1), 'at', { accountId: 'a-1' })).at(-1)!;
    expect(mostly.because.fields).toContain('mostly-one-account');
    expect(points(...to('a-1', 0, 3), refund(4, START + hours(1), 'at', { accountId: 'a-1' }))).toBe(2);
    expect(points(...to('a-1', 0, 4), ...to('a-2', 5, 4), refund(10, START + hours(1), 'at', { accountId: 'a-1' }))).toBe(3);
    expect(points(...to('a-1', 0, 4), ...to('a-2', 5, 5), refund(10, START + hours(1), 'at', { accountId: 'a-1' }))).toBe(2);
  });

  it('counts an hour in which they hardly ever work once a hundred acts are known, where something else is wrong', () => {
    const night = START + days(1) + hours(15);
    const busy = (count: number) =>
      Array.from({ length: count }, (_, n) => act('account.limit_set', `a-${n}`, START + minutes(n % 60)));
    const points = (count: number, flags = 'at') =>
      saidOf(...busy(count), refund(1, night, flags)).at(-1)?.because.figures['pointsOfOneMax'];
    expect(points(98)).toBe(2);
    expect(points(99)).toBe(3);
    expect(points(199)).toBe(3);
    expect(points(199, '')).toBeUndefined();
    expect(saidOf(...busy(199), refund(1, night, 'at')).at(-1)!.because.fields).toContain('outside-hours');
    const oftener = [act('account.limit_set', 'a', night), act('account.limit_set', 'b', night)];
    expect(saidOf(...busy(99), ...oftener, refund(1, night, 'at')).at(-1)!.because.figures['pointsOfOneMax']).toBe(2);
  });

  it('counts neither late hours nor one account where nothing is wrong, though the operator changed another account', () => {
    const busy = Array.from({ length: 100 }, (_, n) => act('account.limit_set', `a-${n}`, START + minutes(n % 60)));
    const night = Array.from({ length: 6 }, (_, n) => refund(n, START + days(1) + hours(10 + n), '', { accountId: 'a-1' }));
    expect(saidOf(...busy, change('a-9', START + days(1)), ...night)).toEqual([]);
  });

  it('knows their hours from as many acts as are set', () => {
    const patient = insiderAbuse({ ...insiderAbuseDefaults, hoursMin: 200 }) as AnyScopeDetector;
    const busy = (count: number) =>
      Array.from({ length: count }, (_, n) => act('account.limit_set', `a-${n}`, START + minutes(n % 60)));
    const points = (count: number) =>
      playScope(patient, [...busy(count), refund(1, START + days(1) + hours(15), 'at')]).lines.at(-1)!.because.figures['points'];
    expect([points(198), points(199)]).toEqual([2, 3]);
  });

  it('takes the earliest step of a refund, and every sign that a step shows', () => {
    const step = (flags: string, at: number, eventId: string) =>
      slim('operator', 'op-9', 'act', at, ['refund.approved', 'r-1', 'p-1', 5_000, 'EUR', flags, 'iban'], {
        accountId: 'a-1',
        eventId,
      });
    const last = saidOf(step('t', START + 2, 'e-2'), step('a', START + 1, 'e-1'), step('ta', START + 3, 'e-3')).at(-1)!;
    expect(last).toMatchObject({ eventIds: ['e-1'], because: { figures: { refunds: 1, points: 2 } } });
    expect(saidOf(step('t', START + 2, 'e-2'), step('a', START + 1, 'e-1')).at(-1)!.at).toBe('2026-05-04T08:00:00.001Z');
  });

  it('is not said again for what adds nothing, nor for the same change told twice', () => {
    const told = [change('a-1', START), refund(1, START + 1, 'i')];
    expect(saidOf(...told, refund(2, START + 2, ''), act('funds.frozen', 'a-1', START + 3))).toHaveLength(1);
    expect(saidOf(change('a-1', START), ...told)).toHaveLength(1);
    expect(saidOf(...told, refund(2, START + 2, 'i')).length).toBe(2);
  });

  it('rests on the newest twenty refunds', () => {
    const last = saidOf(...Array.from({ length: 25 }, (_, n) => refund(n, START + n, 'a'))).at(-1)!;
    expect(last.eventIds).toEqual(Array.from({ length: 20 }, (_, n) => `r-${n + 5}`));
    expect(last.paymentIds).toEqual(Array.from({ length: 20 }, (_, n) => `p-${n + 5}`));
    expect(last.because.figures).toMatchObject({ refunds: 25, points: 25, pointsOfOneMax: 1 });
  });
});

describe('what is kept of an operator', () => {
  const kept = (...events: Parameters<typeof playScope>[1]) => {
    const [text] = playScope(detector, events).states.values();
    const [refunds, changes, hoursOf] = JSON.parse(text!)[2][0][2][0][1] as [unknown[][], unknown[][], number[]];
    return { refunds: refunds.map(([id]) => id), changes: changes.map(([, , eventId]) => eventId), hours: hoursOf };
  };

  it('are refunds of thirty days, and changes of the time before them in which they count', () => {
    expect(kept(refund(1, START, ''), refund(2, START + days(30), '')).refunds).toEqual(['r-1', 'r-2']);
    expect(kept(refund(1, START, ''), refund(2, START + days(30) + 1, '')).refunds).toEqual(['r-2']);
    expect(kept(change('a-1', START), refund(2, START + days(8), '')).changes).toEqual(['c-a-1']);
    expect(kept(change('a-1', START), refund(2, START + days(8) + 1, '')).changes).toEqual([]);
    expect(kept(refund(1, START, ''), change('a-1', START + days(31))).refunds).toEqual([]);
    expect(kept(change('a-1', START), change('a-1', START)).changes).toEqual(['c-a-1']);
  });

  it('are 200 refunds and 100 changes at most, the newest, by time', () => {
    const { refunds } = kept(...Array.from({ length: 210 }, (_, n) => refund(n, START - n, '')));
    expect([refunds.length, refunds[0], refunds[199]]).toEqual([200, 'r-199', 'r-0']);
    const { changes } = kept(...Array.from({ length: 110 }, (_, n) => change(`a-${n}`, START - n)));
    expect([changes.length, changes[0], changes[99]]).toEqual([100, 'c-a-99', 'c-a-0']);
  });

  it('is the hour of each act, whatever it was', () => {
    const { hours: byHour } = kept(
      act('funds.frozen', 'a-1', START),
      refund(1, START + hours(1), ''),
      change('a-1', START + hours(16)),
    );
    expect(byHour.map((count, hour) => (count > 0 ? [hour, count] : [])).flat()).toEqual([0, 1, 8, 1, 9, 1]);
  });

  it('of one instant is in one order, however it was told', () => {
    const [one, other] = [refund(1, START, 'a'), refund(2, START, 'a')];
    expect(kept(one, other).refunds).toEqual(['r-1', 'r-2']);
    expect(kept(other, one).refunds).toEqual(['r-1', 'r-2']);
    const [change1, change2] = [change('a-1', START), change('a-2', START)];
    expect(kept(change2, change1).changes).toEqual(['c-a-1', 'c-a-2']);
  });

  it('says the same after it was stored between any two acts', () => {
    const events = Array.from({ length: 30 }, (_, n) =>
      n % 4 === 0
        ? change(`a-${n % 7}`, START + hours(n))
        : refund(n, START + hours(n), 'i', { accountId: `a-${n % 7}`, instrument: `x-${n % 3}` }),
    );
    const lines = playScope(detector, events).lines;
    expect(lines.length).toBeGreaterThan(3);
    const stored = playScope(detector, events, { throughText: true });
    expect([stored.lines, stored.states]).toEqual([lines, playScope(detector, events).states]);
  });
});

import { days, hours, minutes } from '#kernel/time';
import { insiderAbuse, insiderAbuseDefaults } from '#detection/insider-abuse';
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

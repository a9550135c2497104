import { hours, minutes, seconds } from '#kernel/time';
import { credentialStuffing, credentialStuffingDefaults } from '#detection/credential-stuffing';
import { findingId } from '#detection/claim';
import type { AnyScopeDetector } from '#detection/scope-detector';
import { playScope, slim } from '#detection/scope-play';

const START = Date.UTC(2026, 4, 4, 8);
const IP = '203.0.113.7';
const detector = credentialStuffing(credentialStuffingDefaults) as AnyScopeDetector;
const failed = (n: number, at = START + seconds(20) * n) =>
  slim('network', IP, 'login', at, ['failed'], { accountId: `a-${n}`, eventId: `f-${n}` });
const passed = (n: number, at: number) =>
  slim('network', IP, 'login', at, ['passed'], { accountId: `a-${n}`, eventId: `p-${n}` });
const many = (count: number) => Array.from({ length: count }, (_, n) => failed(n));

describe('credential stuffing', () => {
  it('is likely at ten accounts that fail from one address within an hour, and about the address', () => {
    const { findings } = playScope(detector, many(10));
    expect(findings).toMatchObject([
      { kind: 'credential-stuffing', confidence: 'likely', accountId: null, scope: { kind: 'network', key: IP }, loss: null },
    ]);
  });

  it('is likely at five when an account that did not fail was opened there', () => {
    const { findings } = playScope(detector, [...many(5), passed(77, START + minutes(4))]);
    expect(findings).toMatchObject([{ confidence: 'likely', because: { rule: 'many-accounts-fail-and-some-open' } }]);
    expect(findings[0]!.eventIds).toContain('p-77');
  });

  it('says nothing of four accounts, nor of one account that fails many times', () => {
    expect(playScope(detector, many(4)).lines).toEqual([]);
    const one = Array.from({ length: 40 }, (_, n) => failed(0, START + seconds(n)));
    expect(playScope(detector, one).lines).toEqual([]);
  });

  it('says nothing when as many fail over a day as otherwise in an hour', () => {
    const slow = Array.from({ length: 20 }, (_, n) => failed(n, START + minutes(70) * n));
    expect(playScope(detector, slow).lines).toEqual([]);
  });

  it('is cleared when those who failed come in: people behind one address mistype', () => {
    const events = [...many(6), ...[0, 1, 2, 3].map((n) => passed(n, START + minutes(5) + seconds(n)))];
    expect(playScope(detector, events).findings).toMatchObject([{ confidence: 'possible', status: 'cleared' }]);
  });

  it('does not say each account of an attack anew', () => {
    expect(playScope(detector, many(200)).lines.length).toBeLessThan(10);
  });
});

describe('a finding of credential stuffing', () => {
  it('is possible at half the accounts, and shows how many in what time, and the events that made it so', () => {
    expect(playScope(detector, many(5)).lines).toEqual([
      {
        ...{ kind: 'credential-stuffing', confidence: 'possible', status: 'open', accountId: null, loss: null, paymentIds: [] },
        ...{
          scope: { kind: 'network', key: IP },
          findingId: findingId('credential-stuffing', `network/${IP}`, 'log-ins'),
          at: '2026-05-04T08:01:20.000Z',
        },
        because: {
          rule: 'many-accounts-fail',
          fields: ['accountId', 'context'],
          figures: { accountsMin: 5, opened: 0, windowMs: hours(1) },
        },
        eventIds: ['f-0', 'f-1', 'f-2', 'f-3', 'f-4'],
      },
    ]);
  });

  it('is told again when the accounts have doubled, or one was opened', () => {
    const lines = playScope(detector, [...many(10), passed(77, START + minutes(4)), passed(78, START + minutes(5))]).lines;
    expect(lines.map(({ confidence, because: { figures } }) => [confidence, figures['accountsMin'], figures['opened']])).toEqual([
      ['possible', 5, 0],
      ['likely', 10, 0],
      ['likely', 10, 1],
      ['likely', 10, 2],
    ]);
    expect(new Set(lines.map(({ findingId, at }) => findingId + at)).size).toBe(1);
  });

  it('names the first eight that were opened', () => {
    const opened = Array.from({ length: 12 }, (_, n) => passed(50 + n, START + minutes(10) - seconds(n)));
    const last = playScope(detector, [...many(5), ...opened]).findings[0]!;
    expect(last.because.figures['opened']).toBe(8);
    expect(last.eventIds.slice(5)).toEqual([11, 10, 9, 8, 7, 6, 5, 4].map((n) => `p-${50 + n}`));
  });

  it('counts those of an hour, its end included, and is told no more an hour after it began', () => {
    const slow = (step: number) => [0, 1, 2, 3, 4].map((n) => failed(n, START + n * step));
    expect(playScope(detector, slow(minutes(15))).lines).toHaveLength(1);
    expect(playScope(detector, slow(minutes(15) + 1)).lines).toEqual([]);
    const later = (after: number) =>
      playScope(detector, [...many(5), ...[5, 6, 7, 8, 9].map((n) => failed(n, START + seconds(80) + after))]).lines;
    expect(later(hours(1))).toHaveLength(2);
    expect(later(hours(1) + 1)).toHaveLength(1);
  });

  it('is cleared at the time at which too few failures are left, and opened again by others', () => {
    const lines = playScope(detector, [...many(5), passed(0, START + minutes(5)), failed(9, START + minutes(6))]).lines;
    expect(lines.map(({ status }) => status)).toEqual(['open', 'cleared', 'open']);
    expect(playScope(detector, [passed(0, START - 1), ...many(5)]).lines).toEqual([]);
  });

  it('of which nothing was told is not cleared', () => {
    const before = [passed(0, START + minutes(2)), passed(1, START + minutes(2))];
    expect(playScope(detector, [...before, ...many(5), ...[5, 6].map((n) => failed(n))]).lines).toMatchObject([
      { status: 'open' },
    ]);
  });
});

it('an address matters until two hours have passed', () => {
  const tried = detector.newState(IP);
  const view = { key: IP, now: START, shared: () => ({}) as never, say: () => undefined, score: undefined };
  detector.apply(tried, failed(0), view);
  expect([detector.isIdle!(tried, START + hours(2)), detector.isIdle!(tried, START + hours(2) + 1)]).toEqual([false, true]);
});

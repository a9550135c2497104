import { minutes, seconds } from '#kernel/time';
import { credentialStuffing, credentialStuffingDefaults } from '#detection/credential-stuffing';
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

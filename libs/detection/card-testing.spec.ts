import { minutes, seconds } from '#kernel/time';
import { cardTesting, cardTestingDefaults } from '#detection/card-testing';
import type { AnyScopeDetector } from '#detection/scope-detector';
import { playScope, slim } from '#detection/scope-play';

const START = Date.UTC(2026, 4, 4, 8);
const network = cardTesting('network', cardTestingDefaults) as AnyScopeDetector;
const merchant = cardTesting('merchant', cardTestingDefaults) as AnyScopeDetector;

interface Try {
  readonly outcome?: 'failed' | 'passed';
  readonly minor?: number;
  readonly accounts?: number;
  readonly currency?: string;
}
const tries = (
  scope: 'network' | 'merchant',
  count: number,
  { outcome = 'failed', minor = 100, accounts = 1, currency = 'EUR' }: Try,
) =>
  Array.from({ length: count }, (_, n) =>
    slim(
      scope,
      scope === 'network' ? '203.0.113.7' : 'm-1',
      'attempt',
      START + seconds(15) * n,
      [outcome, `p-${n}`, minor, currency, `card-${n}`, 'm-1'],
      {
        accountId: `a-${n % accounts}`,
        eventId: `e-${n}`,
      },
    ),
  );

describe('card testing', () => {
  it('is likely at ten cards declined from one address, and about the address', () => {
    expect(playScope(network, tries('network', 10, { accounts: 10 })).findings).toMatchObject([
      { kind: 'card-testing', confidence: 'likely', accountId: null, scope: { kind: 'network', key: '203.0.113.7' } },
    ]);
  });

  it('is likely at ten cards that pay small sums from one account', () => {
    expect(playScope(network, tries('network', 10, { outcome: 'passed' })).findings).toMatchObject([
      { confidence: 'likely', because: { rule: 'many-instruments-few-accounts' } },
    ]);
  });

  it('says nothing of twenty people who pay for lunch at one address', () => {
    expect(playScope(network, tries('network', 20, { outcome: 'passed', minor: 890, accounts: 20 })).lines).toEqual([]);
  });

  it('says nothing of one card that is declined again and again', () => {
    const same = tries('network', 30, {}).map(
      (event) => ({ ...event, data: ['failed', 'p', 100, 'EUR', 'card-1', 'm-1'] }) as never,
    );
    expect(playScope(network, same).lines).toEqual([]);
  });

  it('takes a thousand yen for small and a hundred euro for not', () => {
    const passed = { outcome: 'passed', accounts: 1 } as const;
    expect(playScope(network, tries('network', 10, { ...passed, minor: 900, currency: 'JPY' })).findings).toHaveLength(1);
    expect(playScope(network, tries('network', 10, { ...passed, minor: 10_000 })).lines).toEqual([]);
  });

  it('is about a merchant where few accounts are declined with thirty cards, and not where a provider is down', () => {
    expect(playScope(merchant, tries('merchant', 30, { accounts: 3 })).findings).toMatchObject([
      { confidence: 'likely', merchantId: 'm-1', scope: { kind: 'merchant', key: 'm-1' } },
    ]);
    expect(playScope(merchant, tries('merchant', 60, { accounts: 60 })).lines).toEqual([]);
    expect(START + minutes(1)).toBeGreaterThan(START);
  });
});

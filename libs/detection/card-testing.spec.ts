import { hours, minutes, seconds } from '#kernel/time';
import { cardTesting, cardTestingDefaults, isSmall } from '#detection/card-testing';
import { findingId } from '#detection/claim';
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
    const small = (minor: number, currency: string) => isSmall({ minor, currency }, 10);
    expect([small(1_000, 'EUR'), small(1_001, 'EUR'), small(1_000, 'JPY'), small(1_001, 'JPY')]).toEqual([
      true,
      false,
      true,
      false,
    ]);
    expect([small(10_000, 'KWD'), small(10_001, 'KWD'), small(1_000, ''), small(1_001, '')]).toEqual([true, false, true, false]);
  });

  it('is about a merchant where few accounts are declined with thirty cards, and not where a provider is down', () => {
    expect(playScope(merchant, tries('merchant', 30, { accounts: 3 })).findings).toMatchObject([
      { confidence: 'likely', merchantId: 'm-1', scope: { kind: 'merchant', key: 'm-1' } },
    ]);
    expect(playScope(merchant, tries('merchant', 60, { accounts: 60 })).lines).toEqual([]);
  });
});

describe('a finding of card testing', () => {
  it('is possible at half the number, and shows how many instruments in what time, and the events that made it so', () => {
    expect(playScope(network, tries('network', 4, { accounts: 4 })).lines).toEqual([]);
    expect(playScope(network, tries('network', 5, { accounts: 5 })).lines).toEqual([
      {
        ...{ kind: 'card-testing', confidence: 'possible', status: 'open', accountId: null, loss: null, paymentIds: [] },
        ...{
          scope: { kind: 'network', key: '203.0.113.7' },
          findingId: findingId('card-testing', 'network/203.0.113.7', 'instruments'),
          at: '2026-05-04T08:01:00.000Z',
        },
        because: {
          rule: 'many-instruments-declined',
          fields: ['instrument', 'amount'],
          figures: { instrumentsMin: 5, windowMs: hours(1) },
        },
        eventIds: ['e-0', 'e-1', 'e-2', 'e-3', 'e-4'],
      },
    ]);
    expect(playScope(merchant, tries('merchant', 15, { accounts: 3 })).lines).toMatchObject([
      { confidence: 'possible', merchantId: 'm-1', because: { figures: { instrumentsMin: 15 } } },
    ]);
  });

  it('is told again when the number has doubled, not with each event', () => {
    const lines = playScope(network, tries('network', 40, { accounts: 40 })).lines;
    expect(lines.map(({ confidence, because: { figures } }) => [confidence, figures['instrumentsMin']])).toEqual([
      ['possible', 5],
      ['likely', 10],
      ['likely', 20],
      ['likely', 40],
    ]);
    expect(new Set(lines.map(({ findingId, at }) => findingId + at)).size).toBe(1);
  });

  it('is of few accounts where a third as many are behind the instruments, and of many when half are declined', () => {
    const rule = (accounts: number, count = 9) =>
      playScope(network, tries('network', count, { accounts })).lines.at(-1)?.because.rule;
    expect([rule(3), rule(4)]).toEqual(['many-instruments-few-accounts', 'many-instruments-declined']);
    const mixed = (failed: number) => [
      ...tries('network', 10, { outcome: 'passed', accounts: 10 }).slice(failed),
      ...tries('network', failed, { accounts: 10 }),
    ];
    expect(playScope(network, mixed(5)).findings).toMatchObject([{ confidence: 'likely', status: 'open' }]);
    expect(playScope(network, mixed(4)).lines).toEqual([]);
    expect(playScope(merchant, tries('merchant', 30, { accounts: 10 })).findings).toHaveLength(1);
    expect(playScope(merchant, tries('merchant', 30, { accounts: 11 })).lines.map(({ confidence }) => confidence)).toEqual([]);
  });

  it('is cleared by what makes it look like people who pay, at the time of that', () => {
    const declined = tries('network', 5, { accounts: 5 });
    const paying = tries('network', 12, { outcome: 'passed', accounts: 12 })
      .slice(5)
      .map((event) => ({ ...event, at: event.at + minutes(5) }) as typeof event);
    const lines = playScope(network, [...declined, ...paying]).lines;
    expect(lines.map(({ status }) => status)).toEqual(['open', 'open', 'cleared']);
    expect(lines[2]!.because.figures).toMatchObject({ instrumentsMin: 10 });
  });

  it('at a merchant counts what was declined for little and never went through', () => {
    const declined = tries('merchant', 15, { accounts: 3 });
    const oneIsLarge = declined.map((event, n) => {
      const data = event.data.map((cell, at) => (n === 3 && at === 2 ? 1_001 : cell));
      return { ...event, data } as unknown as typeof event;
    });
    expect(playScope(merchant, declined).lines).toHaveLength(1);
    expect(playScope(merchant, oneIsLarge).lines).toEqual([]);
    const wentThrough = slim('merchant', 'm-1', 'attempt', START + 1, ['passed', 'p-x', 100, 'EUR', 'card-3', 'm-1']);
    expect(playScope(merchant, [wentThrough, ...declined]).lines).toEqual([]);
  });

  it('does not count large sums that go through', () => {
    const large = tries('network', 11, { outcome: 'passed', minor: 90_000, accounts: 11 }).slice(5);
    expect(playScope(network, [...tries('network', 5, { accounts: 5 }), ...large]).lines).toMatchObject([{ status: 'open' }]);
  });

  it('is the same when the address was stored between any two tries', () => {
    const events = tries('network', 24, { accounts: 7 });
    const [kept, stored] = [playScope(network, events), playScope(network, events, { throughText: true })];
    expect([stored.lines, stored.states]).toEqual([kept.lines, kept.states]);
    expect(kept.lines.length).toBeGreaterThan(2);
  });

  it('counts large sums that are declined at an address, and nothing without an instrument', () => {
    expect(playScope(network, tries('network', 5, { minor: 90_000 })).lines).toHaveLength(1);
    const nameless = tries('network', 6, {}).map((event, n) => {
      const data = event.data.map((cell, at) => (n < 2 && at === 4 ? '' : cell));
      return { ...event, data } as unknown as typeof event;
    });
    expect(playScope(network, nameless).lines).toEqual([]);
  });

  it('is told no more an hour after it began, and is another after two hours', () => {
    const at = (minute: number, n: number) =>
      slim('network', '203.0.113.7', 'attempt', START + minutes(minute), ['failed', `p-${n}`, 100, 'EUR', `c-${n}`, 'm-1'], {
        eventId: `e-${n}`,
        accountId: `a-${n}`,
      });
    const first = [0, 1, 2, 3, 4].map((n) => at(0, n));
    const more = (minute: number) => [5, 6, 7, 8, 9].map((n) => at(minute, n));
    const lines = (minute: number) => playScope(network, [...first, ...more(minute)]).lines;
    expect(lines(60)).toHaveLength(2);
    expect(lines(61)).toHaveLength(1);
    expect(lines(121).map(({ at: since }) => since)).toEqual(['2026-05-04T08:00:00.000Z', '2026-05-04T08:00:00.000Z']);
    expect([...lines(121)[1]!.eventIds].sort()).toEqual(['e-5', 'e-6', 'e-7', 'e-8', 'e-9']);
  });
});

describe('what is kept of an address', () => {
  const state = (...events: readonly ReturnType<typeof tries>[number][]) => {
    const [text] = playScope(network, events).states.values();
    return JSON.parse(text!)[2][0][2][0][1] as [unknown, [number, number][]];
  };

  it('are the accounts of two hours, 128 at most, each with its last time', () => {
    expect(state(...tries('network', 300, { accounts: 300 }))[1]).toHaveLength(128);
    const by = (accountId: string, minute: number) => ({
      ...tries('network', 1, {})[0]!,
      accountId,
      at: START + minutes(minute),
    });
    const kept = (...told: readonly [string, number][]) => state(...told.map(([who, minute]) => by(who, minute)))[1];
    expect(kept(['a', 0], ['b', 120]).map(([, at]) => at)).toEqual([START, START + minutes(120)]);
    expect(kept(['a', 0], ['b', 121]).map(([, at]) => at)).toEqual([START + minutes(121)]);
    expect(kept(['a', 5], ['a', 3]).map(([, at]) => at)).toEqual([START + minutes(5)]);
    expect(kept(['a', 5], ['a', 100], ['b', 130])).toHaveLength(2);
  });

  it('matters until two hours have passed', () => {
    const tried = network.newState('203.0.113.7');
    const view = { key: '', now: START, shared: () => ({}) as never, say: () => undefined, score: undefined };
    network.apply(tried, tries('network', 1, {})[0]!, view);
    expect([network.isIdle!(tried, START + hours(2)), network.isIdle!(tried, START + hours(2) + 1)]).toEqual([false, true]);
  });
});

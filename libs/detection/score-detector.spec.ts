import { days, hours, minutes } from '#kernel/time';
import { compromisedMerchantDefaults } from '#detection/compromised-merchant';
import type { AnyScopeDetector, Score } from '#detection/scope-detector';
import type { SlimEvent } from '#detection/scope-event';
import { playScope, slim } from '#detection/scope-play';
import { score } from '#detection/score-detector';
import { chance } from '#detection/statistics/additive-model';
import { defaultsOf } from '#kernel/setting';
import { spendOutlierSettings } from '#detection/spend-outlier';
import type { SpendSignals } from '#detection/spend-signals';

const START = Date.UTC(2026, 0, 5);
const detector = score({
  compromisedMerchant: compromisedMerchantDefaults,
  spendOutlier: defaultsOf(spendOutlierSettings),
}) as AnyScopeDetector;
const USUAL: SpendSignals = [40, 5_000, 900, 0, 0, 0, 0, 0];

interface Paid {
  readonly step?: 'authorised' | 'captured';
  readonly minor?: number;
  readonly signals?: readonly number[];
  readonly accountId?: string;
  readonly key?: string;
}
const pay = (
  paymentId: string,
  at: number,
  { step = 'captured', minor = 5_000, signals = USUAL, accountId = 'ann', key = 'm-1' }: Paid = {},
): SlimEvent =>
  slim('merchant', key, 'payment', at, [step, paymentId, minor, 'EUR', 'o-1', signals], {
    eventId: `e-${paymentId}`,
    accountId,
  });
const chargeback = (
  paymentId: string,
  at: number,
  paidAt: number,
  accountId = 'ann',
  signals: readonly number[] = USUAL,
): SlimEvent =>
  slim('merchant', 'm-1', 'chargeback', at, [paymentId, 5_000, 'EUR', paidAt, signals], {
    eventId: `cb-${paymentId}`,
    accountId,
  });
const scoresOf = (...events: readonly SlimEvent[]) => playScope(detector, events).scores as readonly Score[];

describe('a score', () => {
  it('is of each payment that reserves or moves money', () => {
    const [one, ...more] = scoresOf(pay('p-1', START, { step: 'authorised' }));
    expect(more).toEqual([]);
    expect(one).toMatchObject({
      ...{ eventId: 'e-p-1', paymentId: 'p-1', accountId: 'ann', merchantId: 'm-1', at: '2026-01-05T00:00:00.000Z' },
    });
  });

  it('is the chance that its parts add up to', () => {
    const [told] = scoresOf(pay('p-1', START, { minor: 90_000, signals: [40, 5_000, 900, 3, 4, 2, 2, 0] }));
    const { score: of, parts } = told!;
    expect(Object.keys(parts).sort()).toEqual([
      ...['account-activity', 'account-amount', 'account-burst', 'account-labels', 'amount', 'base'],
      ...['merchant-amount', 'merchant-labels', 'time-of-day'],
    ]);
    expect(parts['base']).toBe(-6);
    expect(parts['account-burst']).toBe(1.5);
    expect(of).toBeCloseTo(chance(Object.values(parts).reduce((sum, part) => sum + part, 0)), 3);
  });

  it('takes signals of another version for a buyer of whom nothing is known', () => {
    const nothing = scoresOf(pay('p-1', START, { minor: 90_000, signals: [0, 0, 0, 0, 0, 0, 0, 0] }));
    expect(scoresOf(pay('p-1', START, { minor: 90_000, signals: [40, 5_000, 900] }))).toEqual(nothing);
    expect(scoresOf(pay('p-1', START, { minor: 90_000 }))).not.toEqual(nothing);
  });
});

describe('a payment far above what its buyer usually pays', () => {
  const said = (more: Paid) => playScope(detector, [pay('p-1', START, more)]).findings;

  it('is possible, about its buyer, and shows what is usual', () => {
    expect(said({ minor: 25_000 })).toEqual([
      {
        ...{ kind: 'spend-outlier', confidence: 'possible', status: 'open', accountId: 'ann', merchantId: 'm-1', orderId: 'o-1' },
        ...{ findingId: expect.any(String), at: '2026-01-05T00:00:00.000Z', paymentIds: ['p-1'], loss: null },
        because: {
          rule: 'far above the usual',
          fields: ['amount'],
          figures: {
            ...{ minor: 25_000, currency: 'EUR', usualMinor: 5_000, deviationMinor: 900 },
            // (40 · 900 + 4 · 0.5 · 5000) / 44 = 1045.5
            ...{ deviations: 19.1, payments: 40 },
          },
        },
        eventIds: ['e-p-1'],
      },
    ]);
  });

  it('is likely where others of its kind went before it that day', () => {
    expect(said({ minor: 25_000, signals: [40, 5_000, 900, 1, 1, 0, 0, 0] })).toMatchObject([
      { confidence: 'likely', because: { rule: 'far above the usual, again' } },
    ]);
    expect(said({ minor: 25_000, signals: [40, 5_000, 900, 0.99, 1, 0, 0, 0] })).toMatchObject([{ confidence: 'possible' }]);
  });

  it('is told from ten payments, four times the usual and eight deviations on, and once', () => {
    expect(said({ minor: 20_000 })).toHaveLength(1);
    expect(said({ minor: 19_999 })).toEqual([]);
    expect(said({ minor: 25_000, signals: [9, 5_000, 900, 0, 0, 0, 0, 0] })).toEqual([]);
    expect(said({ minor: 25_000, signals: [10, 5_000, 900, 0, 0, 0, 0, 0] })).toHaveLength(1);
    expect(said({ minor: 25_000, signals: [40, 5_000, 2_250, 0, 0, 0, 0, 0] })).toHaveLength(1);
    expect(said({ minor: 25_000, signals: [40, 5_000, 2_700, 0, 0, 0, 0, 0] })).toEqual([]);
    expect(said({ minor: 25_000, signals: [40, 5_000, 900, 0, 0, 0, 0, 1] })).toEqual([]);
  });
});

describe('a merchant whose payments are charged back', () => {
  /** `count` payments a minute apart of as many buyers, each charged back a week later. */
  const frauds = (count: number, from = 0, accounts = count, every = minutes(1)) =>
    Array.from({ length: count }, (_, n) => {
      const paidAt = START + minutes(from) + every * n;
      return [
        pay(`p-${from + n}`, paidAt, { accountId: `a-${n % accounts}` }),
        chargeback(`p-${from + n}`, paidAt + days(7), paidAt, `a-${n % accounts}`),
      ];
    })
      .flat()
      .sort((one, other) => one.at - other.at);
  const told = (events: readonly SlimEvent[], until?: number) =>
    playScope(detector, events, until === undefined ? {} : { until }).lines.filter(({ kind }) => kind === 'compromised-merchant');

  it('is compromised from the third on, of two buyers at least', () => {
    const lines = told(frauds(3));
    expect(lines).toEqual([
      {
        ...{ kind: 'compromised-merchant', confidence: 'likely', status: 'open', accountId: null, merchantId: 'm-1', loss: null },
        ...{ scope: { kind: 'merchant', key: 'm-1' }, findingId: expect.any(String), at: '2026-01-12T00:02:00.000Z' },
        paymentIds: ['p-0', 'p-1', 'p-2'],
        because: {
          rule: 'confirmed fraud that neither buyer nor amount explain',
          fields: ['merchantId'],
          figures: {
            frauds: 2.93,
            payments: 2.93,
            share: 1,
            usualShare: expect.closeTo((3 + 0.005 * 400) / 403, 3),
            surprise: expect.closeTo(3, 0),
            since: '2026-01-05T00:00:00.000Z',
          },
        },
        eventIds: ['cb-p-0', 'cb-p-1', 'cb-p-2'],
      },
    ]);
    expect(told(frauds(2))).toEqual([]);
    expect(told(frauds(5, 0, 1))).toEqual([]);
    expect(told(frauds(5, 0, 2))).toEqual([]);
    expect(told(frauds(6, 0, 5))).toHaveLength(1);
  });

  it('is not, for fraud that its buyers’ own past explains', () => {
    const explained: SpendSignals = [40, 500, 90, 5, 4, 4, 5, 0];
    const events = Array.from({ length: 8 }, (_, n) => chargeback(`x-${n}`, START + minutes(n), START, `a-${n}`, explained));
    expect(told(events)).toEqual([]);
  });

  it('is told again when it has doubled, with the newest ten as evidence, under the time of the first', () => {
    // The platform's other payments are good, and the model learns that from their silence.
    const others = Array.from({ length: 400 }, (_, n) => pay(`o-${n}`, START + hours(n), { key: 'm-2' }));
    const lines = told([...others, ...frauds(24, 0, 24, hours(3))].sort((one, other) => one.at - other.at));
    expect(lines.map(({ because: { figures } }) => figures['frauds'])).toEqual([3.88, 8.12, 16.34]);
    expect(new Set(lines.map(({ findingId, at }) => findingId + at)).size).toBe(1);
    // Those of p-11 to p-13 were less than half the merchant's.
    expect(lines[2]!.paymentIds).toEqual([8, 9, 10, 14, 15, 16, 17, 18, 19, 20].map((n) => `p-${n}`));
  });

  it('is cleared a month after the last, though no event says so; a later run is another finding', () => {
    const first = told(frauds(4), START + days(7) + minutes(3) + days(30));
    expect(first.map(({ status }) => status)).toEqual(['open', 'cleared']);
    expect(first[1]!.because.figures).toEqual({});
    expect(told(frauds(4), START + days(7) + minutes(3) + days(30) - 1).map(({ status }) => status)).toEqual(['open']);
    const again = told([...frauds(4), ...frauds(4, 60 * 24 * 60)], START + days(200));
    expect(again.map(({ status }) => status)).toEqual(['open', 'cleared', 'open', 'cleared']);
    expect(new Set(again.map(({ findingId }) => findingId)).size).toBe(2);
  });
});

import { defaultsOf } from '#kernel/setting';
import { days, hours, type InstantMs } from '#kernel/time';
import { merchantAnomaly } from '#detection/merchant-anomaly';
import { merchantAnomalySettings } from '#detection/merchant-anomaly-settings';
import type { SlimData, SlimEvent } from '#detection/scope-event';
import { Random } from '#simulator/random';
import { driveScope, isOpenClaim } from '#test/property/drive-scope';

const detector = merchantAnomaly(defaultsOf(merchantAnomalySettings));
const start = Date.UTC(2026, 2, 2);
const slim = <Type extends keyof SlimData>(type: Type, at: InstantMs, data: SlimData[Type], eventId = `e-${at}`): SlimEvent =>
  ({ scope: 'merchant', key: 'm-1', type, at, eventId, accountId: '', data }) as unknown as SlimEvent;
const captured = (at: InstantMs, minor = 2_000): SlimEvent => slim('payment', at, ['captured', `p-${at}`, minor, 'EUR', '', []]);

interface Trade {
  readonly forMs: number;
  readonly perDay: number;
  readonly seed?: number;
  readonly refunded?: (at: InstantMs) => number;
  readonly complained?: (at: InstantMs) => number;
  readonly undelivered?: (at: InstantMs) => number;
  readonly price?: (at: InstantMs) => number;
}

/** Payments of a shop, a share of which is refunded, complained about and not delivered at the same time. */
function trade({ forMs, perDay, seed = 1, refunded, complained, undelivered, price }: Trade): SlimEvent[] {
  const random = new Random(seed);
  const events: SlimEvent[] = [];
  for (let at = start; at < start + forMs; at += Math.round((days(1) / perDay) * (0.2 + 1.6 * random.next()))) {
    events.push(captured(at, Math.round((price?.(at) ?? 1) * random.price(2_000))));
    if (random.chance(refunded?.(at) ?? 0.05)) events.push(slim('refund', at, [`p-${at}`, `r-${at}`, 2_000, 'EUR', '']));
    if (random.chance(complained?.(at) ?? 0.004)) events.push(slim('complaint', at, [`c-${at}`, 'payment']));
    if (random.chance(undelivered?.(at) ?? 0.01)) events.push(slim('undelivered', at, [`o-${at}`]));
  }
  return events;
}
const drive = (events: readonly SlimEvent[], forMs: number) => driveScope(detector, 'm-1', events, { until: start + forMs });
const opened = (events: readonly SlimEvent[], forMs: number) => drive(events, forMs).said.filter(isOpenClaim);
const since =
  (from: InstantMs, bad: number, good: number, until = Infinity) =>
  (at: InstantMs) =>
    at >= from && at < until ? bad : good;

describe('a merchant unlike its own past', () => {
  it.each([3, 30, 300])('is never seen in two quiet months of %p payments a day', (perDay) => {
    expect(opened(trade({ forMs: days(60), perDay }), days(60))).toEqual([]);
  });

  it('is not one whose refunds were always many', () => {
    expect(
      opened(trade({ forMs: days(60), perDay: 60, refunded: () => 0.3 }), days(60)).filter(({ at }) => at > start + days(3)),
    ).toEqual([]);
  });

  const bad = start + days(30);
  it.each([
    ['refund-rate', { refunded: since(bad, 0.4, 0.05) }, 24],
    ['complaint-rate', { complained: since(bad, 0.2, 0.004) }, 24],
    ['non-delivery', { undelivered: since(bad, 0.3, 0.01) }, 24],
    ['price-above-usual', { price: since(bad, 12, 1) }, 24],
    ['price-below-usual', { price: since(bad, 0.05, 1) }, 24],
  ] as const)('%s: is told within a day, and nothing else is', (rule, change, within) => {
    const told = opened(trade({ forMs: days(33), perDay: 80, ...change }), days(33));
    expect(told.map(({ because }) => because.rule)).toEqual([rule]);
    expect(told[0]).toMatchObject({ kind: 'merchant-anomaly', confidence: 'likely', merchantId: 'm-1', loss: null });
    expect(told[0]!.at).toBeGreaterThan(bad);
    expect((told[0]!.at - bad) / hours(1)).toBeLessThanOrEqual(within);
  });

  it('is cleared once the week no longer shows it, though no event tells so', () => {
    const events = trade({ forMs: days(32), perDay: 80, refunded: since(bad, 0.5, 0.05, bad + days(1)) });
    const { said } = drive(events, days(60));
    expect(said.map((claim) => isOpenClaim(claim))).toEqual([true, false]);
    expect(said[1]!.money).toBe(said[0]!.money);
  });

  it('is not one that recalls goods and refunds who bought them, and is one that refunds as many without that reason', () => {
    const refundsFor = (reason: string) =>
      Array.from({ length: 60 }, (_, number) =>
        slim('refund', bad + hours(number), [`p-r${number}`, `r-r${number}`, 2_000, 'EUR', reason], `e-r${number}`),
      );
    const trading = trade({ forMs: days(35), perDay: 40 });
    const rulesOf = (reason: string) => {
      const events = [...trading, ...refundsFor(reason)].sort((one, other) => one.at - other.at);
      return opened(events, days(35)).map(({ because }) => because.rule);
    };
    expect(rulesOf('Product recall 2026-07')).toEqual([]);
    expect(rulesOf('returned')).toEqual(['refund-rate']);
  });

  it('is only possible while it is warming up', () => {
    const [told] = opened(trade({ forMs: days(1), perDay: 60, refunded: () => 0.9 }), days(2));
    expect(told).toMatchObject({ confidence: 'possible', because: { figures: { warmingUp: true } } });
  });

  it('three refunds of five payments are none', () => {
    const few = [0, 1, 2, 3, 4].flatMap((hour) => {
      const at = start + hours(hour);
      return hour < 3 ? [captured(at), slim('refund', at, ['p', `r-${hour}`, 2_000, 'EUR', ''])] : [captured(at)];
    });
    expect(opened(few, days(3))).toEqual([]);
  });
});

describe('the vetting of a merchant', () => {
  it('is told when it was not passed, and cleared by one that is', () => {
    const [refused, passed] = [start + days(1), start + days(3)];
    const events = [
      slim('vetting', start, ['passed', '']),
      slim('vetting', refused, ['Lapsed', '']),
      slim('vetting', passed, ['passed', '']),
    ];
    const { said } = drive(events, days(5));
    expect(said).toMatchObject([
      { at: refused, confidence: 'likely', because: { rule: 'vetting-refused' }, eventIds: [`e-${refused}`] },
      { at: refused, clearedAt: passed },
    ]);
    expect(said[1]!.money).toBe(said[0]!.money);
  });

  it('the newest by event time holds, also when an older one comes later', () => {
    const [refused, passed] = [start + days(1), start + days(3)];
    const { said } = drive([slim('vetting', passed, ['passed', '']), slim('vetting', refused, ['failed', ''])], days(5));
    expect(said.at(-1)).toMatchObject({ at: refused, clearedAt: passed });
  });

  it('lapses a year after it was passed, when a payment is taken; one that was never vetted is not asked to be', () => {
    const late = start + days(366);
    const told = opened([slim('vetting', start, ['passed', '']), captured(start + days(364)), captured(late)], days(367));
    expect(told).toMatchObject([{ at: late, because: { rule: 'vetting-lapsed' } }]);
    expect(opened([captured(start), captured(late)], days(367))).toEqual([]);
  });
});

describe('the record of a merchant', () => {
  const events = trade({ forMs: days(40), perDay: 100, refunded: since(start + days(30), 0.4, 0.05) });

  it('goes on from its stored text as if it had not been stored, and the text is bounded', () => {
    const kept = driveScope(detector, 'm-1', events, { until: start + days(41) });
    const stored = driveScope(detector, 'm-1', events, { until: start + days(41), storedEvery: 41 });
    expect(stored).toEqual(kept);
    expect(JSON.stringify(detector.encode(kept.state)).length).toBeLessThan(16_000);
  });

  it('events out of order within the lateness change nothing', () => {
    const crowded = events.map((event, at) => ({ ...event, at: start + at * 20_000 }));
    const swapped = crowded.map((_, at) => crowded[at % 2 === 0 ? at + 1 : at - 1] ?? crowded[at]!);
    const told = (of: readonly SlimEvent[]) =>
      driveScope(detector, 'm-1', of, { until: start + days(41) }).said.map(({ money, because }) => ({ money, because }));
    expect(told(swapped)).toEqual(told(crowded));
  });
});

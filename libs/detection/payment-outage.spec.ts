import { defaultsOf } from '#kernel/setting';
import { days, hours, minutes, type InstantMs } from '#kernel/time';
import { paymentOutage } from '#detection/payment-outage';
import { paymentOutageSettings } from '#detection/payment-outage-settings';
import type { SlimEvent } from '#detection/scope-event';
import { Random } from '#simulator/random';
import { driveScope, isOpenClaim } from '#test/property/drive-scope';
import { minuteOf, ROUTE } from '#test/scenarios/route-minutes';

const detector = paymentOutage(defaultsOf(paymentOutageSettings));
const start = Date.UTC(2026, 2, 2);

interface Traffic {
  readonly seed: number;
  readonly forMs: number;
  /** Payments a minute at the height of the day; a fifth of it at night. */
  readonly perMinute: number;
  readonly failing: (at: InstantMs) => number;
}

/** Minutes of a route: payments by the hour of the day, each failing by chance. */
function traffic({ seed, forMs, perMinute, failing }: Traffic): SlimEvent[] {
  const random = new Random(seed);
  const events: SlimEvent[] = [];
  for (let at = start; at < start + forMs; at += minutes(1)) {
    const day = 0.6 - 0.4 * Math.cos((2 * Math.PI * (at % days(1))) / days(1));
    let [ok, failed] = [0, 0];
    for (let left = Math.floor(perMinute * day * 2 * random.next() + random.next()); left > 0; left -= 1) {
      if (random.chance(failing(at))) failed += 1;
      else ok += 1;
    }
    if (ok + failed > 0) events.push(minuteOf(at, ok, failed));
  }
  return events;
}
const opened = (events: readonly SlimEvent[]) => driveScope(detector, ROUTE, events).said.filter(isOpenClaim);

describe('a payment outage', () => {
  it.each([0.2, 1, 5])('is never seen in a quiet month of %p payments a minute', (perMinute) => {
    expect(opened(traffic({ seed: 1, forMs: days(30), perMinute, failing: () => 0.04 }))).toEqual([]);
  });

  it('is no habit: a share of failures that rises every night is learnt within a week', () => {
    const failing = (at: InstantMs): number => (at % days(1) < hours(2) ? 0.35 : 0.03);
    const told = opened(traffic({ seed: 3, forMs: days(28), perMinute: 2, failing }));
    expect(told.filter(({ at }) => at > start + days(7))).toEqual([]);
  });

  it.each([
    [5, 0.9, 10],
    [5, 0.4, 25],
    [1, 0.9, 25],
    [0.2, 1, 120],
  ])(
    'at %p payments a minute of which %p fail is told within %p minutes, once, and cleared when it is over',
    (perMinute, share, within) => {
      for (const seed of [1, 2]) {
        const from = start + days(9) + hours(11) + minutes(seed);
        const until = from + hours(4);
        const failing = (at: InstantMs): number => (at >= from && at < until ? share : 0.04);
        const { said } = driveScope(detector, ROUTE, traffic({ seed, forMs: days(11), perMinute, failing }));
        const told = said.filter(isOpenClaim);
        expect(told.map(({ confidence }) => confidence)).toEqual(['likely']);
        expect((told[0]!.at - from) / minutes(1)).toBeGreaterThan(0);
        expect((told[0]!.at - from) / minutes(1)).toBeLessThanOrEqual(within);
        const [cleared] = said.filter((claim) => !isOpenClaim(claim));
        expect(cleared?.money).toBe(told[0]!.money);
        expect(cleared!.clearedAt).toBeGreaterThan(from + hours(3));
        expect(cleared!.clearedAt).toBeLessThanOrEqual(until + hours(4));
      }
    },
  );

  it('is not three failures of five on a small route', () => {
    const quiet = traffic({ seed: 1, forMs: days(9), perMinute: 0.05, failing: () => 0.03 });
    const at = start + days(9) + hours(12);
    expect(opened([...quiet, minuteOf(at, 1, 2), minuteOf(at + minutes(2), 1, 1), minuteOf(at + days(1), 1, 0)])).toEqual([]);
  });

  it('is only possible while the route is warming up', () => {
    const first = [minuteOf(start, 3, 1), minuteOf(start + minutes(1), 2, 20), minuteOf(start + minutes(10), 1, 0)];
    const [told, ...others] = opened(first);
    expect(told).toMatchObject({ confidence: 'possible', because: { figures: { warmingUp: true } } });
    expect(others).toEqual([]);
  });

  it('an authorisation and its capture are one payment', () => {
    const twice = (at: InstantMs, ok: number, failed: number): SlimEvent =>
      ({ ...minuteOf(at, ok, failed), data: [ok, ok, failed] }) as SlimEvent;
    const events = [...Array(120).keys()].map((at) => twice(start + minutes(at), 2, 0));
    const [told] = opened([...events, twice(start + hours(2), 2, 20), twice(start + hours(3), 1, 0)]);
    expect(told?.because.figures).toMatchObject({ failed: 20, attempts: 22 });
  });

  it('goes on from its stored text as if it had not been stored, and the text is bounded', () => {
    const events = traffic({ seed: 8, forMs: days(9), perMinute: 3, failing: (at) => (at > start + days(8) ? 0.6 : 0.04) });
    const kept = driveScope(detector, ROUTE, events);
    const stored = driveScope(detector, ROUTE, events, { storedEvery: 53 });
    expect(stored).toEqual(kept);
    expect(kept.said.length).toBeGreaterThan(0);
    expect(JSON.stringify(detector.encode(kept.state)).length).toBeLessThan(25_000);
  });

  it('minutes out of order within the lateness change nothing', () => {
    const events = traffic({ seed: 9, forMs: days(3), perMinute: 3, failing: (at) => (at > start + days(2) ? 0.6 : 0.04) });
    const swapped = [...events];
    for (let at = 0; at + 1 < swapped.length; at += 2) {
      const [one, other] = [swapped[at]!, swapped[at + 1]!];
      if (other.at - one.at <= minutes(1)) [swapped[at], swapped[at + 1]] = [other, one];
    }
    const claims = (of: readonly SlimEvent[]) =>
      driveScope(detector, ROUTE, of, { until: start + days(4) }).said.map(({ money, at, because }) => ({
        money,
        at,
        because,
      }));
    expect(claims(swapped)).toEqual(claims(events));
  });
});

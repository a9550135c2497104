import { defaultsOf } from '#kernel/setting';
import { days, hours, minutes, type InstantMs } from '#kernel/time';
import { paymentOutage } from '#detection/payment-outage';
import { paymentOutageSettings, type PaymentOutageSettings } from '#detection/payment-outage-settings';
import type { SlimEvent } from '#detection/scope-event';
import { cautiousShare } from '#detection/statistics/binomial-surprise';
import { driveScope, isOpenClaim } from '#test/property/drive-scope';
import { minuteOf, ROUTE } from '#test/scenarios/route-minutes';

const start = Date.UTC(2026, 2, 2);

describe('an outage, as worked out by hand', () => {
  const step = minutes(5);
  const defaults = defaultsOf(paymentOutageSettings);
  /** Counts of the steps of five minutes from `from` on. */
  const steps = (from: InstantMs, ...counts: readonly (readonly [ok: number, failed: number])[]): SlimEvent[] =>
    counts.map(([ok, failed], at) => minuteOf(from + at * step, ok, failed));
  const said = (events: readonly SlimEvent[], settings: Partial<PaymentOutageSettings> = {}, until = start + days(9)) =>
    driveScope(paymentOutage({ ...defaults, ...settings }), ROUTE, events, { until }).said;
  const told = (events: readonly SlimEvent[], settings: Partial<PaymentOutageSettings> = {}) =>
    said(events, settings).map((claim) => [
      isOpenClaim(claim) ? 'open' : 'over',
      ((isOpenClaim(claim) ? claim.at : claim.clearedAt) - start) / minutes(1),
      claim.because.figures['windowMinutes'],
      `${claim.because.figures['failed']}/${claim.because.figures['attempts']}`,
    ]);
  const prior = { share: 0.05, trials: 20 };
  const day = cautiousShare(0, 0, prior);
  const rounded = (share: number) => Math.round(share * 1e3) / 1e3;

  it('is told at the end of its step, and shows what failed and what is usual', () => {
    expect(said(steps(start, [0, 12]), {}, start + step)).toEqual([
      {
        ...{ kind: 'payment-outage', confidence: 'possible', money: 'outage/2026-03-02T00:00:00.000Z', loss: null },
        ...{ at: start + step, saidAt: start + step, clearedAt: expect.any(Number), eventIds: [] },
        ...{ merchantId: '', orderId: '', paymentIds: [] },
        because: {
          rule: 'failures-above-the-usual-of-the-hour',
          fields: ['failed', 'attempts'],
          figures: {
            ...{ since: '2026-03-02T00:00:00.000Z', windowMinutes: 5, attempts: 12, failed: 12, share: 1 },
            usualShare: rounded(cautiousShare(0, 0, { share: day, trials: 30 })),
            ...{ rarity: null, knownPayments: 0, warmingUp: true },
          },
        },
      },
    ]);
    expect(said(steps(start, [0, 12]), {}, start + step - 1)).toEqual([]);
  });

  it('is none below the number of payments, of failures, the rise or the surprise', () => {
    const any = { surpriseMin: 0, riseMin: 0, failedMin: 3, attemptsMin: 5 };
    const isTold = (ok: number, failed: number, settings: object) =>
      told(steps(start, [ok, failed]), { ...any, ...settings }).length;
    expect([isTold(0, 12, { attemptsMin: 12 }), isTold(0, 11, { attemptsMin: 12 })]).toEqual([1, 0]);
    expect([isTold(4, 8, { failedMin: 8 }), isTold(5, 7, { failedMin: 8 })]).toEqual([1, 0]);
    const usual = cautiousShare(0, 0, { share: day, trials: 30 });
    expect([isTold(5, 5, { riseMin: 0.5 - usual }), isTold(5, 5, { riseMin: 0.501 - usual })]).toEqual([1, 0]);
    const surprise = 10 * Math.log10(1 / usual);
    expect([isTold(0, 10, { surpriseMin: surprise - 0.01 }), isTold(0, 10, { surpriseMin: surprise + 0.01 })]).toEqual([1, 0]);
  });

  it('is found in the shortest of five windows that shows it', () => {
    const every = (count: number, apart: number) =>
      Array.from({ length: count }, (_, at) => minuteOf(start + at * apart, 0, 1)).flat();
    expect(told(steps(start, [0, 4], [0, 4], [0, 4]))).toEqual([['open', 15, 15, '12/12']]);
    expect(told(steps(start, [0, 2], [0, 2], [0, 2], [0, 2], [0, 2], [0, 2]))).toEqual([['open', 30, 30, '12/12']]);
    expect(told(every(12, step))).toEqual([['open', 60, 60, '12/12']]);
    expect(told(every(12, minutes(15)))).toEqual([['open', 170, 180, '12/12']]);
    expect(told(every(12, minutes(20)))).toEqual([]);
  });

  it('is over when the shortest window with enough payments is well again, and another is another', () => {
    const twice = steps(start, [0, 12], [40, 0], [40, 0], [0, 24]);
    expect(told(twice)).toEqual([
      ['open', 5, 5, '12/12'],
      ['over', 10, 5, '0/40'],
      ['open', 20, 5, '24/24'],
    ]);
    const claims = said(twice);
    expect(claims.map(({ money }) => money.slice(-13))).toEqual(['00:00:00.000Z', '00:00:00.000Z', '00:15:00.000Z']);
    expect(claims[1]).toMatchObject({ at: start, clearedAt: start + 2 * step });
    // Not enough to say: it lasts.
    expect(told(steps(start, [0, 12], [6, 0], [5, 0]))).toEqual([['open', 5, 5, '12/12']]);
    // A quarter is less than the usual and half the rise: 0.153 and 0.1.
    const then = (ok: number, failed: number) => told(steps(start, [0, 12], [ok, failed])).map(([what]) => what);
    expect([then(9, 3), then(8, 4)]).toEqual([['open', 'over'], ['open']]);
  });

  it('that is over is not told again for what a longer window still holds', () => {
    const over = steps(start, [0, 40], [12, 0], [1, 3], [1, 3]);
    expect(told(over)).toEqual([
      ['open', 5, 5, '40/40'],
      ['over', 10, 5, '0/12'],
    ]);
  });

  it('is judged by the hour of the day, of which what is older than three hours is known', () => {
    const figures = (hour: number, before = start + hours(5)) =>
      said([minuteOf(before, 90, 10), minuteOf(start + days(1) + hours(hour), 0, 20)])[0]!.because.figures;
    const usualDay = cautiousShare(10, 100, prior);
    expect(figures(5)).toMatchObject({
      usualShare: rounded(cautiousShare(10, 100, { share: usualDay, trials: 30 })),
      knownPayments: 100,
      warmingUp: false,
    });
    expect(figures(6)['usualShare']).toBe(rounded(cautiousShare(0, 0, { share: usualDay, trials: 30 })));
    // An hour ago: known of the day, not yet of the hour.
    expect(figures(5, start + days(1) + hours(4))['usualShare']).toBe(
      rounded(cautiousShare(0, 0, { share: usualDay, trials: 30 })),
    );
  });

  it('is likely once fifty payments were known before it', () => {
    const confidence = (known: number) => said(steps(start, [known, 0], [0, 12]))[0]?.confidence;
    expect([confidence(49), confidence(50)]).toEqual(['possible', 'likely']);
  });

  it('is asked to be rare in the route’s own series, once that is known', () => {
    const quiet = (payments: number, count: number) =>
      steps(start, ...Array.from({ length: count }, (_, at) => [payments - (at % 2), at % 2] as const), [0, 12]);
    const rarity = (events: readonly SlimEvent[]) => said(events).find(isOpenClaim)?.because.figures['rarity'];
    expect(rarity(quiet(5, 99))).toBeNull();
    expect(rarity(quiet(5, 130))).toBeGreaterThan(1);
    expect(rarity(quiet(4, 130))).toBeNull();
    expect(said(quiet(5, 130), { rarityMin: 9 })).toEqual([]);
  });

  it('counts what comes late in a step that is still looked back at, and nothing older', () => {
    const late = (at: InstantMs) => [
      ...steps(start, [1, 6]),
      minuteOf(start + minutes(8), 1, 0),
      { ...minuteOf(at, 0, 6) },
      minuteOf(start + minutes(12), 1, 0),
    ];
    expect(told(late(start + 1))[0]?.slice(2)).toEqual([15, '12/14']);
    expect(told(late(start - hours(1)))).toEqual([]);
  });
});

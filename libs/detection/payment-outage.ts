import { formatInstant, hours, minutes, NEVER, type InstantMs } from '#kernel/time';
import type { PaymentOutageSettings } from '#detection/payment-outage-settings';
import {
  attemptsOf,
  hourOf,
  learnOld,
  newRoute,
  packRoute,
  type RouteRecord,
  type RouteStep,
  stepOf,
  unpackRoute,
} from '#detection/route-record';
import type { ScopeClaim, ScopeDetector, ScopeView } from '#detection/scope-detector';
import { binomialSurprise, cautiousShare } from '#detection/statistics/binomial-surprise';
import { anomalyParts, readSeries } from '#detection/statistics/series-anomaly';

/** How far back failures are added up: a fast route shows an outage in the first, a slow one in the last. */
const windows = [minutes(5), minutes(15), minutes(30), hours(1), hours(3)] as const;
/** Attempts in a step from which its share is a value of the series. */
const seriesMin = 5;
/** Before anything is known: one payment in twenty fails, known as from twenty payments. */
const prior = { share: 0.05, trials: 20 };
/** Attempts of the whole day that count beside those of the same hour. */
const dayWeight = 30;

interface Window {
  readonly lengthMs: number;
  readonly from: InstantMs;
  readonly attempts: number;
  readonly failed: number;
  readonly expected: number;
  readonly known: number;
  readonly rarity: number;
}

/**
 * Payments on one route (provider and method) fail far more than they do at this hour of the day. `likely`; `possible` while the route
 * is warming up. True at the end of the step of time in which it showed; cleared at the end of one that is well again. No loss: nobody's
 * money is gone.
 *
 * Four things must hold in one of five windows up to now: enough failures of enough payments; a share well above the usual one; more than
 * chance would bring (binomial, against the failures of this hour of the day in the past weeks); and a share that is rare in the route's
 * own series, so that a route with a habit of failing does not alarm by habit. What is part of an outage is not learnt, for a day.
 *
 * Key `provider/method`. Deadline: the end of each step with payments, when the watermark has passed it, so that their order within the
 * lateness does not show; later ones correct what is kept of the last three hours. State: three hours of steps, 24 hours' counts, the
 * series; about 25 kB. Weak: a route that falls silent instead of failing; the same failed payment tried again by an impatient buyer counts
 * each time; fewer than a dozen payments in three hours.
 */
export const paymentOutage = (settings: PaymentOutageSettings): ScopeDetector<RouteRecord> => ({
  name: 'payment-outage',
  scope: 'route',
  listens: ['outcomes'],
  newState: newRoute,
  apply(record, event, view) {
    if (event.type !== 'outcomes') return;
    const [authorised, captured, failed] = event.data;
    const step = stepOf(record, event.at, settings.bucketMs, Math.min(view.now, record.growing[0]?.start ?? view.now));
    if (step === undefined) return;
    step.authorised += authorised;
    step.captured += captured;
    step.failed += failed;
  },
  nextDeadline: ({ growing }) => (growing[0] === undefined ? NEVER : growing[0].start + settings.bucketMs),
  fire(record, at, view) {
    const step = record.growing.shift();
    if (step === undefined) return;
    close(record, step, at, settings);
    judge(record, at, settings, view);
  },
  encode: packRoute,
  decode: unpackRoute,
});

function close(record: RouteRecord, step: RouteStep, end: InstantMs, { acceptAfterMs }: PaymentOutageSettings): void {
  const attempts = attemptsOf(step);
  if (attempts === 0) return;
  if (attempts >= seriesMin) {
    const reading = readSeries(record.series, step.start, Math.round((step.failed / attempts) * 1e4) / 1e4);
    if (reading.state === 'known') {
      const sum = anomalyParts.reduce((total, part) => total + reading.parts[part], 0);
      step.rarity = Math.round((sum / anomalyParts.length) * 100) / 100;
    }
  }
  learnOld(record, end, acceptAfterMs);
  record.recent.push(step);
}

function judge(record: RouteRecord, now: InstantMs, settings: PaymentOutageSettings, view: ScopeView): void {
  const seen = windows.map((lengthMs) => windowOf(record, now, lengthMs));
  const { outage } = record;
  if (outage === null || outage.until !== NEVER) {
    const failing = seen.find((window) => isOutage(window, settings));
    if (failing === undefined) return;
    record.outage = { from: failing.from, until: NEVER };
    return view.say(claimOf(failing, failing.from, now, NEVER, settings));
  }
  const judged = seen.find(({ attempts }) => attempts >= settings.attemptsMin);
  if (judged === undefined || judged.failed / judged.attempts >= judged.expected + settings.riseMin / 2) return;
  record.outage = { from: outage.from, until: now };
  view.say(claimOf(judged, outage.from, outage.from, now, settings));
}

function isOutage({ attempts, failed, expected, rarity }: Window, settings: PaymentOutageSettings): boolean {
  return (
    attempts >= settings.attemptsMin &&
    failed >= settings.failedMin &&
    failed / attempts >= expected + settings.riseMin &&
    (rarity < 0 || rarity >= settings.rarityMin) &&
    binomialSurprise(failed, attempts, expected) >= settings.surpriseMin
  );
}

/** The window of that length up to `now`, with what was usual before it at these hours. */
function windowOf({ recent, attempts, failures, outage }: RouteRecord, now: InstantMs, lengthMs: number): Window {
  // An outage that is over is not told again for what is still in a longer window.
  const begin = Math.max(now - lengthMs, outage === null || outage.until === NEVER ? -NEVER : outage.until);
  const within = recent.filter(({ start }) => start >= begin);
  const usualUntil = outage !== null && outage.until === NEVER ? Math.min(begin, outage.from) : begin;
  const before = recent.filter(({ start }) => start < usualUntil);
  const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
  const allAttempts = sum(attempts) + sum(before.map(attemptsOf));
  const allFailures = sum(failures) + sum(before.map(({ failed }) => failed));
  const day = cautiousShare(allFailures, allAttempts, prior);
  let expected = 0;
  for (const step of within) {
    const hour = hourOf(step.start);
    const usual = cautiousShare(failures[hour] as number, attempts[hour] as number, { share: day, trials: dayWeight });
    expected += attemptsOf(step) * usual;
  }
  const total = sum(within.map(attemptsOf));
  return {
    lengthMs,
    from: within[0]?.start ?? now,
    attempts: total,
    failed: sum(within.map(({ failed }) => failed)),
    expected: total === 0 ? day : expected / total,
    known: allAttempts,
    rarity: Math.max(-1, ...within.map(({ rarity }) => rarity)),
  };
}

function claimOf(
  { lengthMs, attempts, failed, expected, known, rarity }: Window,
  from: InstantMs,
  at: InstantMs,
  clearedAt: InstantMs,
  { knownMin }: PaymentOutageSettings,
): ScopeClaim {
  const isWarmingUp = known < knownMin;
  return {
    kind: 'payment-outage',
    confidence: isWarmingUp ? 'possible' : 'likely',
    money: `outage/${formatInstant(from)}`,
    at,
    clearedAt,
    merchantId: '',
    orderId: '',
    paymentIds: [],
    loss: null,
    because: {
      rule: 'failures-above-the-usual-of-the-hour',
      fields: ['failed', 'attempts'],
      figures: {
        since: formatInstant(from),
        windowMinutes: lengthMs / minutes(1),
        attempts,
        failed,
        share: Math.round((failed / Math.max(1, attempts)) * 1e3) / 1e3,
        usualShare: Math.round(expected * 1e3) / 1e3,
        rarity: rarity < 0 ? null : rarity,
        knownPayments: known,
        warmingUp: isWarmingUp,
      },
    },
    eventIds: [],
  };
}

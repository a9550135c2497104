import { days, formatInstant, NEVER, type InstantMs } from '#kernel/time';
import type { Because } from '#detection/finding';
import type { MerchantAnomalySettings } from '#detection/merchant-anomaly-settings';
import {
  closePrices,
  countPrice,
  hourAt,
  hourMs,
  learnOldHours,
  type MerchantCount,
  type MerchantRecord,
  newMerchant,
  packMerchant,
  unpackMerchant,
  type Vetting,
} from '#detection/merchant-record';
import type { ScopeClaim, ScopeDetector, ScopeView } from '#detection/scope-detector';
import { binomialSurprise, cautiousShare } from '#detection/statistics/binomial-surprise';

/** A share that is watched: how many of what, what is usual before anything is known, and the setting that says how far it may rise. */
interface Measure {
  readonly rule: string;
  readonly cases: MerchantCount;
  readonly of: MerchantCount;
  readonly prior: { readonly share: number; readonly trials: number };
  readonly riseMin: 'refundRiseMin' | 'complaintRiseMin' | 'undeliveredRiseMin' | 'priceRiseMin';
}

/** Priors are ours: shops refund some 5 % of payments and hear of one in two hundred; one price in fifty lies beyond its percentiles. */
const measures: readonly Measure[] = [
  { rule: 'refund-rate', cases: 'refunds', of: 'captured', prior: { share: 0.05, trials: 40 }, riseMin: 'refundRiseMin' },
  {
    rule: 'complaint-rate',
    cases: 'complaints',
    of: 'captured',
    prior: { share: 0.005, trials: 100 },
    riseMin: 'complaintRiseMin',
  },
  {
    rule: 'non-delivery',
    cases: 'undelivered',
    of: 'captured',
    prior: { share: 0.01, trials: 100 },
    riseMin: 'undeliveredRiseMin',
  },
  { rule: 'price-above-usual', cases: 'high', of: 'priced', prior: { share: 0.02, trials: 200 }, riseMin: 'priceRiseMin' },
  { rule: 'price-below-usual', cases: 'low', of: 'priced', prior: { share: 0.02, trials: 200 }, riseMin: 'priceRiseMin' },
];
const windows = [days(1), days(7)] as const;

/** Outcomes of a vetting that are no pass; any other word, and none, is one. */
const refusals = /^(lapsed|expired|failed|rejected|refused|declined|revoked|suspended|withdrawn|terminated)$/i;
/** A refund that the merchant says is one: expected, and no exception. */
const recall = /\brecall/i;

/**
 * A merchant is unlike its own past: of the payments of a day or a week far more are refunded, complained about, not delivered, or lie
 * beyond its usual prices; or its vetting lapsed. `likely`; `possible` while the merchant is warming up. A share is true at the end of
 * the hour in which it showed and cleared at the end of the hour in which it was half as much above the usual again; a vetting is true
 * at its own time, or when a year has passed since the last one and payments are still taken. No loss: whose it is, the account's own
 * findings say.
 *
 * Cases are compared with the payments of the same time, also where they belong to earlier ones (a refund, a missing delivery): right
 * while the volume does not change much, too strict for a merchant that fades. Refunds whose reason says that goods were recalled
 * do not count. A merchant that was never vetted is not asked to be.
 *
 * Key: the merchant. Deadline: the end of each hour with events, when the watermark has passed it; later ones correct the counts of the
 * last week. State: a week of hours, totals, prices of four currencies; at most 16 kB. Weak: a new merchant that is dishonest from the
 * first day has no other past; its vetting and the account's findings must say so.
 */
export const merchantAnomaly = (settings: MerchantAnomalySettings): ScopeDetector<MerchantRecord> => ({
  name: 'merchant-anomaly',
  scope: 'merchant',
  listens: ['payment', 'recapture', 'refund', 'complaint', 'undelivered', 'vetting', 'reported'],
  newState: newMerchant,

  apply(record, event, view) {
    if (event.type === 'vetting') {
      const { at, eventId, data } = event;
      record.vettings.push({ at, eventId, isRefused: refusals.test(data[0].trim()) });
      record.vettings.sort((one, other) => one.at - other.at || (one.eventId < other.eventId ? -1 : 1));
      return;
    }
    if (event.type === 'payment' && event.data[0] !== 'captured') return;
    const hour = hourAt(record, event.at, Math.min(view.now, record.growing[0]?.start ?? view.now));
    if (hour === undefined) return;
    if (event.type === 'payment' || event.type === 'recapture') {
      const [minor, currency] = event.type === 'payment' ? [event.data[2], event.data[3]] : event.data;
      hour.counts.captured += 1;
      // An hour that is closed has no prices left to compare.
      if (record.growing.includes(hour)) countPrice(hour, currency, minor);
      hour.capturedAt = Math.max(hour.capturedAt, event.at);
    } else if (event.type === 'refund') hour.counts.refunds += recall.test(event.data[4]) ? 0 : 1;
    else if (event.type === 'undelivered') hour.counts.undelivered += 1;
    else if (event.type === 'complaint' || event.type === 'reported') hour.counts.complaints += 1;
  },

  nextDeadline({ growing, open, judgedAt, vettings }) {
    const hour = growing[0] === undefined ? NEVER : growing[0].start + hourMs;
    const watched = open.size > 0 ? judgedAt + hourMs : NEVER;
    return Math.min(hour, watched, vettings[0]?.at ?? NEVER);
  },

  fire(record, at, view) {
    while (record.vettings[0] !== undefined && record.vettings[0].at <= at) vet(record, record.vettings.shift() as Vetting, view);
    const [hour] = record.growing;
    const isClosing = hour !== undefined && hour.start + hourMs <= at;
    if (!isClosing && (record.open.size === 0 || at < record.judgedAt + hourMs)) return;
    if (isClosing) {
      record.growing.shift();
      closePrices(record, hour);
      record.recent.push(hour);
      if (isLapsed(record, hour.capturedAt, settings) && record.lapsedAt === -NEVER) lapse(record, hour.capturedAt, view);
      hour.capturedAt = -NEVER;
    }
    learnOldHours(record, at);
    record.judgedAt = at;
    for (const measure of measures) judge(record, measure, at, settings, view);
  },

  encode: packMerchant,
  decode: unpackMerchant,
});

function judge(record: MerchantRecord, measure: Measure, now: InstantMs, settings: MerchantAnomalySettings, view: ScopeView) {
  const riseMin = settings[measure.riseMin];
  if (!record.open.has(measure.rule) && casesOf(record, measure) < settings.casesMin) return;
  const seen = windows.map((lengthMs) => windowOf(record, measure, now, lengthMs));
  const open = record.open.get(measure.rule);
  if (open === undefined) {
    const odd = seen.find(
      ({ cases, trials, usual }) =>
        cases >= settings.casesMin &&
        cases / trials >= usual + riseMin &&
        binomialSurprise(cases, trials, usual) >= settings.surpriseMin,
    );
    if (odd === undefined) return;
    record.open.set(measure.rule, { from: now });
    view.say(rateClaim(measure, odd, now, now, NEVER, settings, view.key));
  } else {
    const still = seen.find(({ cases, trials, usual }) => trials > 0 && cases > 0 && cases / trials >= usual + riseMin / 2);
    if (still !== undefined) return;
    record.open.delete(measure.rule);
    view.say(rateClaim(measure, seen[0]!, open.from, open.from, now, settings, view.key));
  }
}

/** Of the week: no window holds more. Most hours of most merchants end here. */
function casesOf({ recent }: MerchantRecord, { cases }: Measure): number {
  let sum = 0;
  for (const { counts } of recent) sum += counts[cases];
  return sum;
}

interface Window {
  readonly lengthMs: number;
  readonly cases: number;
  readonly trials: number;
  readonly usual: number;
  readonly known: number;
}

function windowOf(record: MerchantRecord, { rule, cases, of, prior }: Measure, now: InstantMs, lengthMs: number): Window {
  const begin = now - lengthMs;
  // What was odd since yesterday, or since a day before it was told, is not what is usual.
  const usualUntil = Math.min(begin, (record.open.get(rule)?.from ?? NEVER) - days(1));
  const within = { cases: 0, trials: 0 };
  const before = { cases: record.learnt[cases], trials: record.learnt[of], captured: record.learnt.captured };
  for (const { start, counts } of record.recent) {
    if (start >= begin) {
      within.cases += counts[cases];
      within.trials += counts[of];
    }
    if (start < usualUntil) {
      before.cases += counts[cases];
      before.trials += counts[of];
      before.captured += counts.captured;
    }
  }
  return {
    lengthMs,
    cases: within.cases,
    trials: Math.max(within.trials, within.cases),
    usual: cautiousShare(Math.min(before.cases, before.trials), before.trials, prior),
    known: before.captured,
  };
}

function rateClaim(
  { rule, cases, of }: Measure,
  window: Window,
  from: InstantMs,
  at: InstantMs,
  clearedAt: InstantMs,
  { knownMin }: MerchantAnomalySettings,
  merchantId: string,
): ScopeClaim {
  const isWarmingUp = window.known < knownMin;
  return claimOf(merchantId, isWarmingUp ? 'possible' : 'likely', `${rule}/${formatInstant(from)}`, at, clearedAt, [], {
    rule,
    fields: [cases, of],
    figures: {
      windowDays: window.lengthMs / days(1),
      cases: window.cases,
      payments: window.trials,
      share: Math.round((window.cases / Math.max(1, window.trials)) * 1e3) / 1e3,
      usualShare: Math.round(window.usual * 1e3) / 1e3,
      knownPayments: window.known,
      warmingUp: isWarmingUp,
    },
  });
}

/** Vettings are judged by time, once the watermark has passed them; of one that is later still the newest holds. */
function vet(record: MerchantRecord, { at, eventId, isRefused }: Vetting, view: ScopeView): void {
  if (isRefused) {
    if (at <= record.refusedAt) return;
    record.refusedAt = at;
    view.say(refusedClaim(view.key, at, record.vettedAt > at ? record.vettedAt : NEVER, eventId));
    return;
  }
  if (at <= record.vettedAt) return;
  record.vettedAt = at;
  if (record.refusedAt !== -NEVER && at > record.refusedAt) view.say(refusedClaim(view.key, record.refusedAt, at, eventId));
  const { lapsedAt } = record;
  if (lapsedAt === -NEVER || at <= lapsedAt) return;
  record.lapsedAt = -NEVER;
  view.say(lapsedClaim(view.key, lapsedAt, at, eventId));
}

const isLapsed = ({ vettedAt }: MerchantRecord, at: InstantMs, { vettingValidMs }: MerchantAnomalySettings): boolean =>
  vettedAt !== -NEVER && at >= vettedAt + vettingValidMs;

function lapse(record: MerchantRecord, at: InstantMs, view: ScopeView): void {
  record.lapsedAt = at;
  view.say(lapsedClaim(view.key, at, NEVER, ''));
}

const refusedClaim = (merchantId: string, at: InstantMs, clearedAt: InstantMs, eventId: string): ScopeClaim =>
  claimOf(merchantId, 'likely', `vetting-refused/${formatInstant(at)}`, at, clearedAt, [eventId], {
    rule: 'vetting-refused',
    fields: ['outcome'],
    figures: { since: formatInstant(at) },
  });

const lapsedClaim = (merchantId: string, at: InstantMs, clearedAt: InstantMs, eventId: string): ScopeClaim =>
  claimOf(merchantId, 'likely', `vetting-lapsed/${formatInstant(at)}`, at, clearedAt, [eventId], {
    rule: 'vetting-lapsed',
    fields: ['vettedAt'],
    figures: { paidAt: formatInstant(at) },
  });

const claimOf = (
  merchantId: string,
  confidence: ScopeClaim['confidence'],
  money: string,
  at: InstantMs,
  clearedAt: InstantMs,
  eventIds: readonly string[],
  because: Because,
): ScopeClaim => ({
  kind: 'merchant-anomaly',
  confidence,
  money,
  at,
  clearedAt,
  merchantId,
  orderId: '',
  paymentIds: [],
  loss: null,
  because,
  eventIds,
});

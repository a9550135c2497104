import { hours, type InstantMs } from '#kernel/time';
import { HALF_LIFE, spendIn, type Spend } from '#detection/spend';
import { decayed } from '#detection/statistics/decay';

/**
 * What the buyer's side adds to a payment's score, as it goes over the wire: numbers to 1/64. Of the currency: how many payments the
 * usual is made of, their mean and mean absolute deviation in minor units. Then how much unusual there was of late (half-lives of 12
 * hours and 7 days), how much more often than usual the buyer paid (natural logarithm of the ratio), charged-back payments that were
 * unusual, and 1 where this payment was scored before, at its authorisation.
 */
export type SpendSignals = readonly [
  usualCount: number,
  usualMean: number,
  usualDeviation: number,
  unusualDay: number,
  unusualWeek: number,
  activity: number,
  labelled: number,
  isRepeat: number,
];

/** Of a buyer of whom nothing is known. */
export const NOTHING_KNOWN: SpendSignals = [0, 0, 0, 0, 0, 0, 0, 0];

/** Of a later step of a payment that was told before, where only that is asked for. */
export const TOLD_BEFORE: SpendSignals = [0, 0, 0, 0, 0, 0, 0, 1];

export const isScoredBefore = (signals: readonly number[]): boolean => signals[7] === 1;

/** From what was known before the payment. */
export function spendSignals(spend: Spend, currency: string, at: InstantMs, isRepeat: boolean): SpendSignals {
  const usual = spendIn(spend, currency);
  const elapsed = at - spend.lastAt;
  return [
    usual?.n ?? 0,
    usual?.mean ?? 0,
    usual?.deviation ?? 0,
    round(decayed(spend.unusualDay, elapsed, HALF_LIFE.day)),
    round(decayed(spend.unusualWeek, elapsed, HALF_LIFE.week)),
    round(activity(spend, elapsed)),
    round(decayed(spend.labelled, at - spend.labelledAt, HALF_LIFE.labelled)),
    isRepeat ? 1 : 0,
  ];
}

/** Fewer payments say nothing of how often the buyer pays. */
const PAYMENTS_MIN = 4;
/** A window with a half-life holds as much as this many of its half-lives: 1 / ln 2. */
const WINDOW = 1 / Math.LN2;
/** Keeps the ratio of two small counts small. */
const SMOOTHING = 0.1;

function activity({ payments, recent, gapHours }: Spend, elapsed: number): number {
  if (payments < PAYMENTS_MIN) return 0;
  const usual = (WINDOW * HALF_LIFE.recent) / hours(Math.max(0.05, gapHours));
  return Math.log((decayed(recent, elapsed, HALF_LIFE.recent) + SMOOTHING) / (usual + SMOOTHING));
}

const round = (value: number): number => Math.round(value * 64) / 64;

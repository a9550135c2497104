import { type SettingSpec, type SettingValues } from '#kernel/setting';
import { NEVER, type InstantMs } from '#kernel/time';
import type { ScopeClaim } from '#detection/scope-detector';
import { unusualBy } from '#detection/spend';
import { isScoredBefore, type SpendSignals } from '#detection/spend-signals';

export const spendOutlierSettings = {
  deviationsMin: {
    unit: 'ratio',
    default: 8,
    min: 3,
    max: 100,
    doc: 'A payment is an outlier when it lies so many mean absolute deviations above the buyer’s mean in its currency.',
    source: 'measured on the Handbook’s development slice: docs/detection.md',
  },
  timesUsualMin: {
    unit: 'ratio',
    default: 4,
    min: 1,
    max: 100,
    doc: 'It is also at least so many times the buyer’s mean: buyers whose amounts hardly vary are not told of for a small step.',
    source: 'Fraud Detection Handbook: a compromised card spends five times the usual',
  },
  paymentsMin: {
    unit: 'count',
    default: 10,
    min: 3,
    max: 60,
    doc: 'With fewer payments in the currency the buyer’s usual is not known: nothing is said.',
    source: 'ours',
  },
} as const satisfies SettingSpec;
export type SpendOutlierSettings = SettingValues<typeof spendOutlierSettings>;

/** What is judged of a payment. */
export interface SpentPayment {
  readonly paymentId: string;
  readonly minor: number;
  readonly currency: string;
  readonly at: InstantMs;
  readonly signals: SpendSignals;
}

export interface OutlierSubject extends SpentPayment {
  readonly accountId: string;
  readonly merchantId: string;
  readonly eventId: string;
  readonly orderId: string;
}

/**
 * A payment far above what its buyer usually pays in that currency: `possible`, since large purchases happen; one that follows others of
 * its kind within a day is `likely`. Loss null: no sum follows from it. Subject: the payment, judged once, by what was known before it;
 * nothing later changes it. State: none beyond the buyer's usual (spend.ts). Weak cases: a buyer's first purchases, a holiday, a move.
 */
export function isSpendOutlier({ minor, signals }: SpentPayment, settings: SpendOutlierSettings): boolean {
  const n = signals[0];
  const mean = signals[1];
  if (isScoredBefore(signals) || n < settings.paymentsMin || minor < settings.timesUsualMin * mean) return false;
  return unusualBy({ n, mean, deviation: signals[2] }, minor) >= settings.deviationsMin;
}

export function spendOutlierClaim(subject: OutlierSubject): ScopeClaim {
  const { accountId, merchantId, paymentId, eventId, orderId, minor, currency, at, signals } = subject;
  const [n, mean, deviation, unusualDay] = signals;
  const deviations = unusualBy({ n, mean, deviation }, minor);
  return {
    accountId,
    kind: 'spend-outlier',
    confidence: unusualDay >= 1 ? 'likely' : 'possible',
    money: `payment/${paymentId}`,
    at,
    clearedAt: NEVER,
    merchantId,
    orderId,
    paymentIds: [paymentId],
    loss: null,
    because: {
      rule: unusualDay >= 1 ? 'far above the usual, again' : 'far above the usual',
      fields: ['amount'],
      figures: {
        minor,
        currency,
        usualMinor: Math.round(mean),
        deviationMinor: Math.round(deviation),
        deviations: Math.round(deviations * 10) / 10,
        payments: Math.round(n),
      },
    },
    eventIds: [eventId],
  };
}

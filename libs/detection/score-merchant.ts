import { days, type InstantMs } from '#kernel/time';
import { dayCount, type DayCounts } from '#detection/statistics/day-counts';
import { labelsCome, type LabelLag } from '#detection/statistics/label-lag';
import { newPendingExamples, type PendingExamples } from '#detection/statistics/pending-examples';
import { newSteadyMean, type SteadyMean } from '#detection/statistics/steady-mean';

/** What the score keeps of a merchant. */
export interface MerchantScore {
  /** Amounts, as places on their currency's scale, so that currencies can be mixed. */
  readonly amounts: SteadyMean;
  /** Payments by day, and how much of each day's was fraud that neither buyer nor amount explain. */
  readonly days: DayCounts;
  /** Payment times of the first and the newest such fraud of the present run; -1 for none. */
  firstBadAt: InstantMs;
  newestBadAt: InstantMs;
  readonly pending: PendingExamples;
  /** The newest such frauds, as evidence: at most `FRAUDS_MAX`. */
  readonly frauds: Fraud[];
  /** What was told of a compromise: how much fraud (0: nothing was told), when, since when, and until when it stands. */
  told: { bad: number; at: InstantMs; from: InstantMs; until: InstantMs };
}

export interface Fraud {
  readonly paymentId: string;
  /** Of the chargeback. */
  readonly eventId: string;
  /** Hash of the account: frauds of one buyer say less of the merchant. */
  readonly account: number;
  readonly paidAt: InstantMs;
}

export const FRAUDS_MAX = 10;

export const newMerchantScore = (): MerchantScore => ({
  amounts: newSteadyMean(),
  days: [],
  firstBadAt: -1,
  newestBadAt: -1,
  pending: newPendingExamples(),
  frauds: [],
  told: { bad: 0, at: 0, from: 0, until: 0 },
});

/** [ours] So long without a bad payment ends a run: another compromise has begun. */
const RUN_GAP = days(21);
/** Blame from which a payment is called bad at the merchant. */
const BAD_MIN = 0.5;

/** A payment of `at` turned out to be fraud, to be blamed on the merchant by `blame`. */
export function noteBad(merchant: MerchantScore, at: InstantMs, blame: number): void {
  const of = dayCount(merchant.days, Math.floor(at / days(1)));
  if (of !== undefined) of.bad += blame;
  if (blame < BAD_MIN) return;
  const { firstBadAt, newestBadAt } = merchant;
  if (newestBadAt < 0 || at > newestBadAt + RUN_GAP) merchant.firstBadAt = merchant.newestBadAt = at;
  else {
    if (at > newestBadAt) merchant.newestBadAt = at;
    if (at < firstBadAt && at > firstBadAt - RUN_GAP) merchant.firstBadAt = at;
  }
}

export interface MerchantLabels {
  shareNow: number;
  share: number;
  newest: number;
  first: number;
  cleanSince: number;
}

const WINDOW_DAYS = 30;
const HALF_LIFE_DAYS = 5;
const fading = Array.from({ length: 64 }, (_, age) => 2 ** (-age / HALF_LIFE_DAYS));
/** So many clean payments are added to each share: one label of one payment is no certainty. */
const PRIOR = { now: 0.5, month: 1 } as const;
/** Without a fraud. */
const NEWEST_NONE = 30;

const NO_LABELS: MerchantLabels = { shareNow: 0, share: 0, newest: NEWEST_NONE, first: 0, cleanSince: 0 };

/** What the merchant's labels say at `at`: only days whose labels have come count as clean. */
export function merchantLabels(merchant: MerchantScore, lag: LabelLag, at: InstantMs): MerchantLabels {
  if (merchant.newestBadAt < 0 && merchant.days.every(({ bad }) => bad === 0)) return NO_LABELS;
  const today = Math.floor(at / days(1));
  const newestDay = merchant.newestBadAt < 0 ? -1 : Math.floor(merchant.newestBadAt / days(1));
  let bad = 0;
  let all = 0;
  let badNow = 0;
  let allNow = 0;
  let cleanSince = 0;
  // The newest day whose labels have come has the weight 1.
  const offset = 1 / (fading[Math.min(63, lag.freshDays)] as number);
  for (const { day, count, bad: fraud } of merchant.days) {
    const age = Math.max(0, today - day);
    const settled = Math.max(fraud, count * labelsCome(lag, age));
    const weight = (fading[Math.min(63, age)] as number) * offset;
    badNow += weight * fraud;
    allNow += weight * settled;
    if (age <= WINDOW_DAYS) {
      bad += fraud;
      all += settled;
    }
    if (day > newestDay) cleanSince += settled - fraud;
  }
  return {
    shareNow: badNow / (allNow + PRIOR.now),
    share: bad / (all + PRIOR.month),
    newest: merchant.newestBadAt < 0 ? NEWEST_NONE : Math.max(0, at - merchant.newestBadAt) / days(1),
    first: merchant.firstBadAt < 0 ? 0 : Math.max(0, at - merchant.firstBadAt) / days(1),
    cleanSince: newestDay < 0 ? 0 : cleanSince,
  };
}

import { days, type InstantMs } from '#kernel/time';
import type { FraudPayment } from './fraud-payment';
import { rankQuality, type RankQuality } from './fraud-rank';

export interface WeekQuality extends RankQuality {
  readonly cardPrecision: number;
}

const TRAINING_DAYS = 7;
const DELAY_DAYS = 7;
const TEST_DAYS = 7;
const CARDS = 100;

/**
 * One test week of the Fraud Detection Handbook (chapter 5, "validation strategies"; chapter 4, "performance metrics"): training
 * starts 14 days before it. On test day d customers are dropped of whom a fraud is known by then: those of the 7 training days, and
 * of the days from the last training day to d days after it. Card precision@100: each day the 100 customers of
 * the highest score, the share of those with a fraud that day, customers found on an earlier day left out; mean of the days.
 */
export function judgeWeek(
  payments: readonly FraudPayment[],
  scores: ReadonlyMap<string, number>,
  testFrom: InstantMs,
): WeekQuality {
  const start = testFrom - days(TRAINING_DAYS + DELAY_DAYS);
  const defrauded: Set<string>[] = Array.from({ length: TRAINING_DAYS + TEST_DAYS }, () => new Set());
  const byDay: FraudPayment[][] = Array.from({ length: TEST_DAYS }, () => []);
  for (const payment of payments) {
    const day = Math.floor((payment.at - start) / days(1));
    if (payment.isFraud) defrauded[day]?.add(payment.accountId);
    byDay[day - TRAINING_DAYS - DELAY_DAYS]?.push(payment);
  }
  const known = new Set(defrauded.slice(0, TRAINING_DAYS).flatMap((accounts) => [...accounts]));
  const found = new Set<string>();
  const judged: { score: number; isFraud: boolean }[] = [];
  let precision = 0;
  byDay.forEach((today, day) => {
    for (const account of defrauded[TRAINING_DAYS - 1 + day] as Set<string>) known.add(account);
    const cards = new Map<string, { score: number; isFraud: boolean }>();
    for (const { id, accountId, isFraud } of today) {
      if (known.has(accountId)) continue;
      const score = scores.get(id);
      if (score === undefined) throw new Error(`payment ${id} has no score`);
      judged.push({ score, isFraud });
      const card = cards.get(accountId);
      cards.set(accountId, { score: Math.max(score, card?.score ?? 0), isFraud: isFraud || card?.isFraud === true });
    }
    const top = [...cards].filter(([account]) => !found.has(account)).sort(([, left], [, right]) => right.score - left.score);
    const hits = top.slice(0, CARDS).filter(([, { isFraud }]) => isFraud);
    for (const [account] of hits) found.add(account);
    precision += hits.length / CARDS / TEST_DAYS;
  });
  return { ...rankQuality(judged), cardPrecision: precision };
}

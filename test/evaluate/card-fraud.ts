import { days } from '#kernel/time';
import type { Evaluation } from './evaluation';
import { fraudEvents, LABEL_LAG, type FraudPayment } from './fraud-payment';
import { rankQuality } from './fraud-rank';
import { generatedCards } from './generated-cards';
import { replayScores } from './replay-scores';

export const SAMPLE_SEED = 7;
const WARM_UP = days(28);

/** Labels 7 days late; judged over the payments after the first four weeks. */
export function measureCards(seed: number) {
  const payments = generatedCards(seed);
  const [first, last] = [payments[0] as FraudPayment, payments[payments.length - 1] as FraudPayment];
  const { scores, findings } = replayScores(fraudEvents(payments, LABEL_LAG, last.at), last.at);
  const judged = payments.filter(({ at }) => at >= first.at + WARM_UP);
  const quality = rankQuality(judged.map(({ id, isFraud }) => ({ score: scores.get(id) ?? 0, isFraud })));
  return { payments, scores, findings, quality };
}

export const cardFraud: Evaluation = {
  name: 'card-fraud',
  about: 'a small generated sample in the manner of the Handbook, the bar in CI: average precision and AUC-ROC',
  run() {
    const { quality } = measureCards(SAMPLE_SEED);
    return {
      figures: [
        { name: 'average precision', value: quality.averagePrecision, unit: `${quality.frauds} frauds` },
        { name: 'AUC-ROC', value: quality.aucRoc, unit: `${quality.payments} payments` },
      ],
      measured: { ...quality },
    };
  },
};

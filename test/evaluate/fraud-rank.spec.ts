import { rankQuality } from './fraud-rank';

const ranked = (...pairs: readonly [number, 0 | 1][]) => pairs.map(([score, label]) => ({ score, isFraud: label === 1 }));

it('agrees with scikit-learn on its own example', () => {
  // average_precision_score([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]) = 0.8333, roc_auc_score = 0.75
  const { averagePrecision, aucRoc } = rankQuality(ranked([0.1, 0], [0.4, 0], [0.35, 1], [0.8, 1]));
  expect(averagePrecision).toBeCloseTo(0.83333, 4);
  expect(aucRoc).toBeCloseTo(0.75, 6);
});

it('scores that are all equal say nothing: precision is the rate of fraud, the area a half', () => {
  const { averagePrecision, aucRoc } = rankQuality(ranked([1, 0], [1, 1], [1, 0], [1, 0]));
  expect(averagePrecision).toBe(0.25);
  expect(aucRoc).toBe(0.5);
});

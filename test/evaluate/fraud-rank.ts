/** Payments by score: higher = more likely fraud. */
export interface Ranked {
  readonly score: number;
  readonly isFraud: boolean;
}

export interface RankQuality {
  readonly averagePrecision: number;
  readonly aucRoc: number;
  readonly frauds: number;
  readonly payments: number;
}

/**
 * Average precision (the mean of the precision at each fraud, equal scores taken together) and area under the ROC curve (the share of
 * pairs of a fraud and a good payment in which the fraud scores higher, equal scores counting half), as scikit-learn defines them.
 */
export function rankQuality(payments: readonly Ranked[]): RankQuality {
  const sorted = [...payments].sort((left, right) => right.score - left.score);
  const frauds = sorted.reduce((count, { isFraud }) => count + Number(isFraud), 0);
  const good = sorted.length - frauds;
  let [truePositives, falsePositives, precisionSum, pairs] = [0, 0, 0, 0];
  for (let at = 0; at < sorted.length;) {
    const { score } = sorted[at] as Ranked;
    const from = at;
    let found = 0;
    for (; at < sorted.length && (sorted[at] as Ranked).score === score; at++) found += Number((sorted[at] as Ranked).isFraud);
    const alarms = at - from - found;
    pairs += alarms * (truePositives + found / 2);
    truePositives += found;
    falsePositives += alarms;
    precisionSum += (found * truePositives) / (truePositives + falsePositives);
  }
  return { averagePrecision: precisionSum / frauds, aucRoc: pairs / (frauds * good), frauds, payments: sorted.length };
}

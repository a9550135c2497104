import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { days, formatInstant, type InstantMs } from '#kernel/time';
import { mean } from 'simple-statistics';
import type { Evaluation } from './evaluation';
import { fraudEvents, LABEL_LAG, type FraudPayment } from './fraud-payment';
import { judgeWeek, type WeekQuality } from './handbook-protocol';
import { replayScores } from './replay-scores';

/** Weeks before it have too few labels for the published models to be trained on; here they warm up. */
const FIRST_TEST_DAY = 30;

/** The Fraud Detection Handbook's protocol, each payment scored once on arrival, labels seven days late as chargebacks. */
export const handbook: Evaluation = {
  name: 'handbook',
  about: 'Fraud Detection Handbook: average precision, AUC-ROC and card precision@100, mean of the test weeks',
  folder: 'handbook',
  run(directory, tell) {
    const payments = readHandbook(directory);
    if (payments === undefined) return undefined;
    const start = Math.floor((payments[0] as FraudPayment).at / days(1)) * days(1);
    const end = (payments[payments.length - 1] as FraudPayment).at;
    tell(`${payments.length} payments`);
    const { scores, findings } = replayScores(fraudEvents(payments, LABEL_LAG, end), end);
    const weeks: (WeekQuality & { readonly from: string })[] = [];
    for (let from: InstantMs = start + days(FIRST_TEST_DAY); from + days(7) <= end + days(1); from += days(7)) {
      const week = judgeWeek(payments, scores, from);
      weeks.push({ from: formatInstant(from).slice(0, 10), ...week });
      tell(
        `${formatInstant(from).slice(0, 10)}  ${week.averagePrecision.toFixed(3)}  ${week.aucRoc.toFixed(3)}  ${week.cardPrecision.toFixed(3)}`,
      );
    }
    const of = (pick: (week: WeekQuality) => number): number => mean(weeks.map(pick));
    const unit = `mean of ${weeks.length} weeks`;
    return {
      figures: [
        { name: 'average precision', value: of((week) => week.averagePrecision), unit, goal: { atLeast: 0.7 } },
        { name: 'AUC-ROC', value: of((week) => week.aucRoc), unit, goal: { atLeast: 0.88 } },
        { name: 'card precision@100', value: of((week) => week.cardPrecision), unit, goal: { atLeast: 0.31 } },
        ...findingPrecision(payments, findings),
      ],
      measured: { weeks },
    };
  },
};

/** How many of what was told is true: outliers that are fraud, compromised merchants of whom at least three payments were. */
function findingPrecision(payments: readonly FraudPayment[], findings: ReturnType<typeof replayScores>['findings']) {
  const frauds = new Set(payments.filter(({ isFraud }) => isFraud).map(({ id }) => id));
  const byMerchant = new Map<string, number>();
  for (const { merchantId, isFraud } of payments) if (isFraud) byMerchant.set(merchantId, (byMerchant.get(merchantId) ?? 0) + 1);
  const outliers = new Set(findings.filter(({ kind }) => kind === 'spend-outlier').flatMap(({ paymentIds }) => paymentIds));
  const merchants = new Set(
    findings.flatMap(({ kind, scope }) => (kind === 'compromised-merchant' && scope !== undefined ? [scope.key] : [])),
  );
  const share = (found: ReadonlySet<string>, isTrue: (one: string) => boolean): number =>
    found.size === 0 ? 0 : [...found].filter(isTrue).length / found.size;
  return [
    { name: 'spend-outlier: share that is fraud', value: share(outliers, (id) => frauds.has(id)), unit: `of ${outliers.size}` },
    {
      name: 'compromised-merchant: share with ≥ 3 frauds',
      value: share(merchants, (id) => (byMerchant.get(id) ?? 0) >= 3),
      unit: `of ${merchants.size}`,
    },
  ];
}

/** By time, then transaction; every `.csv.gz` of the folder in the order of their names. */
export function readHandbook(directory: string): FraudPayment[] | undefined {
  const files = existsSync(directory)
    ? readdirSync(directory)
        .filter((name) => name.endsWith('.csv.gz'))
        .sort()
    : [];
  if (files.length === 0) return undefined;
  const payments = files.flatMap((file) => {
    const lines = gunzipSync(readFileSync(join(directory, file)))
      .toString('latin1')
      .trimEnd()
      .split('\n')
      .slice(1);
    return lines.map((line): FraudPayment => {
      const [id, time, customer, terminal, amount, label] = line.split(',') as [string, string, string, string, string, string];
      return {
        id,
        at: Date.parse(`${time.replace(' ', 'T')}Z`),
        accountId: `c-${customer}`,
        merchantId: `t-${terminal}`,
        minor: Math.round(Number(amount) * 100),
        isFraud: label.startsWith('1'),
      };
    });
  });
  return payments.sort((left, right) => left.at - right.at || Number(left.id) - Number(right.id));
}

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { days } from '#kernel/time';
import type { Evaluation } from './evaluation';
import { fraudEvents, LABEL_LAG, type FraudPayment } from './fraud-payment';
import { rankQuality } from './fraud-rank';
import { replayScores } from './replay-scores';

const WARM_UP = days(21);

export const sparkov: Evaluation = {
  name: 'sparkov',
  about: 'Sparkov: average precision over all payments, and over those after the first three weeks; labels 7 days late, and none',
  folder: 'sparkov',
  run(directory, tell) {
    const payments = readSparkov(directory);
    if (payments === undefined) return undefined;
    const [first, last] = [payments[0] as FraudPayment, payments[payments.length - 1] as FraudPayment];
    const measure = (labelsUntil: number, from: number) => {
      const { scores } = replayScores(fraudEvents(payments, LABEL_LAG, labelsUntil), last.at);
      const of = (since: number) =>
        rankQuality(payments.filter(({ at }) => at >= since).map(({ id, isFraud }) => ({ score: scores.get(id) ?? 0, isFraud })));
      return { all: of(first.at), later: of(from) };
    };
    tell(`${payments.length} payments, labels 7 days late`);
    const labelled = measure(last.at, first.at + WARM_UP);
    tell('no labels');
    const bare = measure(first.at, first.at + WARM_UP);
    return {
      figures: [
        { name: 'average precision, all payments', value: labelled.all.averagePrecision, unit: '', goal: { atLeast: 0.37 } },
        { name: 'average precision after three weeks', value: labelled.later.averagePrecision, unit: '' },
        { name: 'AUC-ROC, all payments', value: labelled.all.aucRoc, unit: '' },
        { name: 'average precision without any label', value: bare.all.averagePrecision, unit: '' },
      ],
      measured: { labelled, bare },
    };
  },
};

function readSparkov(directory: string): FraudPayment[] | undefined {
  const [file] = existsSync(directory) ? readdirSync(directory).filter((name) => name.endsWith('.csv.gz')) : [];
  if (file === undefined) return undefined;
  const rows = parse(gunzipSync(readFileSync(join(directory, file))), { columns: true }) as Record<string, string>[];
  const payments = rows.map((row): FraudPayment => ({
    id: row.transaction_id as string,
    at: Date.parse(row.ts as string),
    accountId: row.account_id as string,
    merchantId: row.merchant as string,
    minor: Math.round(Number(row.amount) * 100),
    isFraud: row.is_fraud === '1',
  }));
  return payments.sort((left, right) => left.at - right.at || (left.id < right.id ? -1 : 1));
}

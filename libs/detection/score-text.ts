import { number, row, rows, type Cell } from '#ledger/packing';
import type { ScoreShared } from '#detection/score';
import { newMerchantScore, type MerchantScore } from '#detection/score-merchant';
import { scoreModel } from '#detection/score-model';
import { readAmountScale, writeAmountScale, type AmountScaleText } from '#detection/statistics/amount-scale';
import { packLabelLag, unpackLabelLag } from '#detection/statistics/label-lag';
import type { SteadyMean } from '#detection/statistics/steady-mean';

/**

 * Cells in order: amounts, days, first and newest bad payment, thinned, pending examples (each
 * one's places as text), frauds, what was told.
 */
export function packMerchantScore(merchant: MerchantScore): Cell {
  const { amounts, days, firstBadAt, newestBadAt, pending, frauds, told } = merchant;
  return row([
    packMean(amounts),
    days.map(({ day, count, bad }) => row([day, count, bad])),
    firstBadAt,
    newestBadAt,
    pending.thinned,
    pending.examples.map(({ mark, at, places }) => [mark, at, textOf(places)]),
    frauds.map(({ paymentId, eventId, account, paidAt }) => [paymentId, eventId, account, paidAt]),
    [told.bad, told.at, told.from, told.until],
  ]);
}

export function unpackMerchantScore(cell: Cell): MerchantScore {
  const cells = cell as readonly Cell[];
  const merchant = newMerchantScore();
  unpackMean(merchant.amounts, cells[0]);
  for (const [day, count, bad] of rows(cells[1]))
    merchant.days.push({ day: number(day), count: number(count), bad: number(bad) });
  merchant.firstBadAt = number(cells[2]);
  merchant.newestBadAt = number(cells[3]);
  merchant.pending.thinned = number(cells[4]);
  for (const [mark, at, places] of rows(cells[5]))
    merchant.pending.examples.push({ mark: number(mark), at: number(at), places: placesOf(places as string) });
  for (const [paymentId, eventId, account, paidAt] of rows(cells[6]))
    merchant.frauds.push({
      paymentId: paymentId as string,
      eventId: eventId as string,
      account: number(account),
      paidAt: number(paidAt),
    });
  const [bad, at, from, until] = cells[7] as readonly number[];
  merchant.told = { bad: number(bad), at: number(at), from: number(from), until: number(until) };
  return merchant;
}

/** Cells in order: labels, lag, model, scales by currency, payments settled and blamed, merchants. */
export const packScoreShared = ({ labels, lag, model, scales, settled, blamed, merchants }: ScoreShared): Cell => [
  labels,
  packLabelLag(lag),
  scoreModel.encode(model),
  [...scales].sort(([one], [other]) => (one < other ? -1 : 1)).map(([currency, scale]) => [currency, writeAmountScale(scale)]),
  settled,
  blamed,
  merchants,
];

export function unpackScoreShared(cell: Cell): ScoreShared {
  const [labels, lag, model, scales, settled, blamed, merchants] = cell as readonly Cell[];
  return {
    labels: number(labels),
    settled: number(settled),
    blamed: number(blamed),
    merchants: number(merchants),
    lag: unpackLabelLag(lag as readonly number[]),
    model: scoreModel.decode(model as string),
    scales: new Map(
      rows(scales).map(([currency, scale]) => [currency as string, readAmountScale(scale as unknown as AmountScaleText)]),
    ),
  };
}

const packMean = ({ n, mean, deviation }: SteadyMean): Cell => [n, mean, deviation];

function unpackMean(into: SteadyMean, cell: Cell | undefined): void {
  const [n, mean, deviation] = cell as readonly number[];
  into.n = number(n);
  into.mean = number(mean);
  into.deviation = number(deviation);
}

/** A place is below 4096 (64 knots of 64 steps): two letters of 64. */
const textOf = (places: readonly number[]): string =>
  String.fromCharCode(...places.flatMap((place) => [FIRST_LETTER + (place >> 6), FIRST_LETTER + (place & 63)]));

function placesOf(text: string): readonly number[] {
  const places: number[] = [];
  for (let at = 0; at + 1 < text.length; at += 2)
    places.push(((text.charCodeAt(at) - FIRST_LETTER) << 6) | (text.charCodeAt(at + 1) - FIRST_LETTER));
  return places;
}

/** From `0` on, 64 letters reach to `o`; the backslash among them is escaped as JSON escapes it. */
const FIRST_LETTER = 48;

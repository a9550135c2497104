import { days, hours, type InstantMs } from '#kernel/time';
import { countAmount, newAmountScale, placeOnScale, typicalAmount, type AmountScale } from '#detection/statistics/amount-scale';
import { chance, type ModelState } from '#detection/statistics/additive-model';
import { dayCount } from '#detection/statistics/day-counts';
import { newLabelLag, noteLag, settledAfter, type LabelLag } from '#detection/statistics/label-lag';
import {
  dropExample,
  exampleWeight,
  findExample,
  keepExample,
  markOf,
  takeSettled,
} from '#detection/statistics/pending-examples';
import { noteValue } from '#detection/statistics/steady-mean';
import { merchantLabels, noteBad, type MerchantScore } from '#detection/score-merchant';
import { isScoredBefore, type SpendSignals } from '#detection/spend-signals';
import { scoreModel, type ScoreValues } from '#detection/score-model';
import { DEVIATION_PRIOR, unusualBy } from '#detection/spend';

/** What the merchants of a partition have in common: how large amounts are by currency, how late labels come, and the model. */
export interface ScoreShared {
  readonly scales: Map<string, AmountScale>;
  readonly lag: LabelLag;
  readonly model: ModelState;
  /** Labels seen: as long as there was none, silence says nothing and nothing is learnt from it. */
  labels: number;
  /** Payments whose labels have come, and how much of them was fraud to be blamed on the merchant. */
  settled: number;
  blamed: number;
  /** Merchants of whom a payment was seen. */
  merchants: number;
}

export const newScoreShared = (): ScoreShared => ({
  scales: new Map(),
  lag: newLabelLag(),
  model: scoreModel.newState(),
  labels: 0,
  settled: 0,
  blamed: 0,
  merchants: 0,
});

/** A payment as the merchant's side hears of it. */
export interface ScoredPayment {
  readonly paymentId: string;
  readonly minor: number;
  readonly currency: string;
  readonly at: InstantMs;
  readonly signals: SpendSignals;
}

/** [ours] Currencies with a scale of their own; further ones share one. */
const CURRENCIES_MAX = 6;
/** Payments that a merchant's usual amount is made of. */
const AMOUNTS_MAX = 100;
/** The usual amount of a buyer or merchant of whom little is known is the currency's, as if so many payments said so. */
const USUAL_PRIOR = 3;
/** A merchant's amounts differ from one another by about this much of the scale, until they show it themselves. */
const MERCHANT_WIDTH_PRIOR = 0.6;
const MERCHANT_WIDTH_MIN = 0.1;

/**
 * What the model sees of a payment, from what was known before it; afterwards it is known. A capture of a payment that was scored at its
 * authorisation is seen by what was known then and changes nothing: where no score of it is asked for it is not told.
 */
export function notePayment(merchant: MerchantScore, shared: ScoreShared, payment: ScoredPayment): readonly number[] {
  const { at, currency, minor, paymentId, signals } = payment;
  const mark = markOf(paymentId);
  const isRepeat = isScoredBefore(signals);
  if (!isRepeat) learnSettled(merchant, shared, at);
  const known = isRepeat ? findExample(merchant.pending, mark) : undefined;
  if (known !== undefined) return known.places;
  const scale = scaleOf(shared, currency);
  const place = placeOnScale(scale, minor);
  const places = scoreModel.placesOf(valuesOf(merchant, shared.lag, scale, place, payment));
  if (isRepeat) return places;
  if (scale.histogram.total === 0) shared.scales.set(scaleName(shared, currency), scale);
  keepExample(merchant.pending, { mark, at, places });
  const today = dayCount(merchant.days, dayOf(at));
  if (today !== undefined) today.count++;
  if (merchant.amounts.n === 0) shared.merchants++;
  noteValue(merchant.amounts, place, 1, AMOUNTS_MAX);
  merchant.amounts.mean = round(merchant.amounts.mean);
  merchant.amounts.deviation = round(merchant.amounts.deviation);
  countAmount(scale, minor);
  return places;
}

/** Payments that kept silent for as long as labels take are learnt as good. */
function learnSettled(merchant: MerchantScore, shared: ScoreShared, at: InstantMs): void {
  const until = at - settledAfter(shared.lag);
  for (;;) {
    const weight = exampleWeight(merchant.pending);
    const next = takeSettled(merchant.pending, until);
    if (next === undefined) return;
    if (shared.labels === 0) continue;
    scoreModel.learn(shared.model, next.places, 0, weight);
    noteSettled(shared, weight, 0);
  }
}

const merchantPart = scoreModel.parts.indexOf('merchant-labels');
const spare = new Float64Array(scoreModel.parts.length);

/**
 * A payment of `paidAt` turned out to be fraud. The model learns from what was known when it was scored or, where that was forgotten or
 * never kept, from what can still be told of it. Answers the merchant's share of the blame: what neither buyer nor amount explain.
 */
export function learnFraud(merchant: MerchantScore, shared: ScoreShared, payment: ScoredPayment, paidAt: InstantMs): number {
  shared.labels++;
  noteLag(shared.lag, Math.max(0, payment.at - paidAt));
  const example = findExample(merchant.pending, markOf(payment.paymentId));
  if (example !== undefined) dropExample(merchant.pending, example);
  const places = example?.places ?? placesAfterwards(merchant, shared, { ...payment, at: paidAt });
  const blame = round(1 - chance(scoreModel.logOdds(shared.model, places, spare) - (spare[merchantPart] as number)));
  scoreModel.learn(shared.model, places, 1, 1);
  noteBad(merchant, paidAt, blame);
  noteSettled(shared, 1, blame);
  return blame;
}

/** [ours] Above this the past is halved. */
const SETTLED_MAX = 100_000;

function noteSettled(shared: ScoreShared, payments: number, blame: number): void {
  shared.settled += payments;
  shared.blamed += blame;
  if (shared.settled < SETTLED_MAX) return;
  shared.settled /= 2;
  shared.blamed /= 2;
}

function placesAfterwards(merchant: MerchantScore, shared: ScoreShared, payment: ScoredPayment): readonly number[] {
  const scale = scaleOf(shared, payment.currency);
  return scoreModel.placesOf(valuesOf(merchant, shared.lag, scale, placeOnScale(scale, payment.minor), payment));
}

const scaleName = ({ scales }: ScoreShared, currency: string): string =>
  scales.has(currency) || scales.size < CURRENCIES_MAX ? currency : '';

function scaleOf(shared: ScoreShared, currency: string): AmountScale {
  return shared.scales.get(scaleName(shared, currency)) ?? newAmountScale();
}

function valuesOf(
  merchant: MerchantScore,
  lag: LabelLag,
  scale: AmountScale,
  place: number,
  { minor, at, signals }: ScoredPayment,
): ScoreValues {
  const [n, mean, deviation, unusualDay, unusualWeek, activity, labelled] = signals;
  const whole = n + USUAL_PRIOR;
  const usual = (n * mean + USUAL_PRIOR * typicalAmount(scale, minor)) / whole;
  const width = (n * deviation + USUAL_PRIOR * DEVIATION_PRIOR * usual) / whole;
  const unusual = unusualBy({ n: whole, mean: usual, deviation: width }, minor);
  const { amounts } = merchant;
  const known = amounts.n + USUAL_PRIOR;
  const usualThere = (amounts.n * amounts.mean) / known;
  const widthThere = (amounts.n * amounts.deviation + USUAL_PRIOR * MERCHANT_WIDTH_PRIOR) / known;
  const labels = merchantLabels(merchant, lag, at);
  return [
    place,
    place,
    unusual,
    unusual,
    unusualDay,
    unusualWeek,
    activity,
    labelled,
    labels.shareNow,
    labels.share,
    labels.newest,
    labels.first,
    labels.cleanSince,
    (place - usualThere) / Math.max(MERCHANT_WIDTH_MIN, widthThere),
    (((at % days(1)) + days(1)) % days(1)) / hours(1),
  ];
}

const dayOf = (at: InstantMs): number => Math.floor(at / days(1));

/** To 1/1024: stored exactly, and shortly. */
const round = (value: number): number => Math.round(value * 1_024) / 1_024;

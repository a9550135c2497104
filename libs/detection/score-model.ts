import { AdditiveModel, type Input, type Term } from '#detection/statistics/additive-model';

const steps = (from: number, to: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, at) => from + ((to - from) * at) / (count - 1));

/** What the model sees of a payment. An example is one place for each, in this order. */
export const scoreInputs = [
  /** Amount among all amounts of the currency: 0 = the median, 1 = the 95th percentile, on a logarithmic scale. */
  { name: 'amount', knots: steps(-2, 2.2, 43) },
  { name: 'amountCoarse', knots: steps(-1, 3, 9) },
  /** Amount against the buyer's own: mean absolute deviations above the mean. */
  { name: 'unusual', knots: steps(-2, 8, 21) },
  { name: 'unusualCoarse', knots: [0, 1, 2, 3, 4, 5, 7] },
  { name: 'unusualDay', knots: [0, 0.3, 0.6, 1, 1.5, 2, 3, 5] },
  { name: 'unusualWeek', knots: [0, 0.3, 0.6, 1, 1.5, 2, 3, 4] },
  { name: 'activity', knots: steps(-3, 4, 8) },
  { name: 'accountLabels', knots: [0, 0.2, 0.5, 1, 2, 3, 4, 5] },
  /** Share of confirmed fraud at the merchant, the newest days counting most. */
  { name: 'shareNow', knots: [0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9] },
  /** The same over 30 days. */
  { name: 'share', knots: [0, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9] },
  /** Days since the newest, and the first, payment of a run of confirmed fraud. */
  { name: 'newest', knots: [0, 7, 8, 10, 12, 14, 17, 21, 25, 30] },
  { name: 'first', knots: [0, 7, 10, 14, 18, 22, 24, 26, 27, 28, 29, 31, 35] },
  /** Payments since the newest fraud whose label would have come. */
  { name: 'cleanSince', knots: [0, 0.5, 1, 2, 3, 5] },
  /** Amount against the merchant's own. */
  { name: 'merchantAmount', knots: steps(-2, 6, 17) },
  { name: 'hour', knots: steps(0, 24, 13) },
] as const satisfies readonly Input[];

type ScoreInput = (typeof scoreInputs)[number]['name'];
/** A value for each input, in their order. */
export type ScoreValues = Numbers<typeof scoreInputs>;
type Numbers<Tuple extends readonly unknown[]> = { readonly [At in keyof Tuple]: number };

const ramp = (value: number, from: number, to: number): number => Math.min(1, Math.max(0, (value - from) / (to - from)));

const terms = [
  { part: 'amount', input: 'amount', prior: (amount) => 2.5 * ramp(amount, 1, 2.2) },
  { part: 'account-amount', input: 'unusual', prior: (unusual) => 2 * ramp(unusual, 2, 8) },
  {
    part: 'account-amount',
    input: 'unusualCoarse',
    by: 'unusualWeek',
    prior: (unusual, week) => ramp(unusual, 2, 5) * (0.7 + ramp(week, 0, 2)),
  },
  { part: 'account-burst', input: 'unusualDay', prior: (day) => 1.5 * ramp(day, 0, 2) },
  { part: 'account-activity', input: 'activity', prior: (activity) => ramp(activity, 1, 4) },
  {
    part: 'account-labels',
    input: 'accountLabels',
    by: 'unusualCoarse',
    prior: (labels, unusual) => ramp(labels, 0, 2) * ramp(unusual, 2, 5),
  },
  { part: 'merchant-labels', input: 'shareNow', prior: (share) => 3 * ramp(share, 0.05, 0.3) },
  {
    part: 'merchant-labels',
    input: 'share',
    by: 'newest',
    prior: (share, newest) => ramp(share, 0.05, 0.2) * (2 - 3 * ramp(newest, 10, 20)),
  },
  {
    part: 'merchant-labels',
    input: 'first',
    by: 'cleanSince',
    prior: (first, clean) => ramp(first, 0, 7) * (2 - 3 * ramp(clean, 0, 4)),
  },
  { part: 'merchant-amount', input: 'merchantAmount', prior: (amount) => ramp(amount, 1, 4) },
  { part: 'time-of-day', input: 'hour', by: 'amountCoarse' },
] as const satisfies readonly (Term & { input: ScoreInput; by?: ScoreInput })[];

/**
 * The score's model. Its prior, which alone scores until a label was seen, is ours: amounts beyond the 95th percentile of the currency, far
 * above the buyer's own or unlike the merchant's, buyers with other unusual payments of late or paying much more often than usual,
 * and above all merchants of whose recent payments some were confirmed fraud. The base is a fraud rate of 0.25 %, the usual order
 * of card fraud by count. Rate and stiffness were chosen on the public data: docs/detection.md has what was measured.
 */
export const scoreModel = new AdditiveModel({
  inputs: scoreInputs,
  terms,
  base: -6,
  rate: 0.2,
  stiffness: 0.01,
});

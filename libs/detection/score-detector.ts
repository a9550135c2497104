import { NEVER, type InstantMs } from '#kernel/time';
import { hashText } from '#kernel/hash';
import { compromiseClaim, compromiseOf, type CompromisedMerchantSettings } from '#detection/compromised-merchant';
import type { ScopeDetector, ScopeView, SharedPart } from '#detection/scope-detector';
import type { SlimEvent } from '#detection/scope-event';
import { learnFraud, newScoreShared, notePayment, type ScoreShared } from '#detection/score';
import { FRAUDS_MAX, newMerchantScore, type MerchantScore } from '#detection/score-merchant';
import { scoreModel } from '#detection/score-model';
import { packMerchantScore, packScoreShared, unpackMerchantScore, unpackScoreShared } from '#detection/score-text';
import { isSpendOutlier, spendOutlierClaim, type SpendOutlierSettings } from '#detection/spend-outlier';
import { NOTHING_KNOWN, type SpendSignals } from '#detection/spend-signals';
import { chance } from '#detection/statistics/additive-model';

const shared: SharedPart<ScoreShared> = {
  name: 'score',
  create: newScoreShared,
  encode: packScoreShared,
  decode: unpackScoreShared,
};

export interface ScoreSettings {
  readonly compromisedMerchant: CompromisedMerchantSettings;
  readonly spendOutlier: SpendOutlierSettings;
}

/**
 * Scores each payment that reserves or moves money from 0 to 1, higher = more likely fraud, from what was known before it: the buyer's side
 * comes with the event, the merchant's is kept here, the model is what the merchants of a partition share. Chargebacks teach it,
 * whenever they come; payments without one are learnt as good once 95 of 100 labels would have come. As long as no label was
 * ever seen the documented prior scores alone. On the way it says `spend-outlier` of payments and `compromised-merchant` of
 * merchants.
 *
 * State: at most 6 KB a merchant (48 examples, 45 days, 10 frauds), 32 KB shared. Events out of order within the lateness change a
 * score by what they had not told yet. Weak cases: the first week of a compromised merchant, before any label; fraud that looks like the
 * buyer's own purchases.
 */
export const score = (settings: ScoreSettings): ScopeDetector<MerchantScore> => {
  const parts = new Float64Array(scoreModel.parts.length);
  return {
    name: 'score',
    scope: 'merchant',
    listens: ['payment', 'chargeback'],
    uses: [shared as SharedPart<unknown>],
    scores: true,
    newState: newMerchantScore,
    encode: packMerchantScore,
    decode: unpackMerchantScore,

    apply(merchant: MerchantScore, event: SlimEvent, view: ScopeView) {
      if (event.type === 'payment') hearPayment(merchant, event, view);
      else if (event.type === 'chargeback') hearChargeback(merchant, event, view);
    },

    nextDeadline: ({ told }: MerchantScore): InstantMs => (told.bad === 0 ? NEVER : told.until),

    /** The run is over. */
    fire(merchant: MerchantScore, at: InstantMs, view: ScopeView) {
      view.say({ ...compromiseClaim(merchant, view.key, undefined), clearedAt: at });
      merchant.told = { bad: 0, at: 0, from: 0, until: 0 };
    },
  };

  function hearPayment(merchant: MerchantScore, event: SlimEvent & { type: 'payment' }, view: ScopeView): void {
    const { data, eventId, accountId, at } = event;
    const paymentId = data[1];
    const orderId = data[4];
    const payment = { paymentId, minor: data[2], currency: data[3], at, signals: signalsOf(data[5]) };
    const common = view.shared(shared);
    const places = notePayment(merchant, common, payment);
    if (view.score !== undefined) {
      const logOdds = scoreModel.logOdds(common.model, places, parts);
      const scored = { score: chance(logOdds), parts: named(logOdds, parts) };
      view.score({ eventId, paymentId, accountId, merchantId: view.key, at, ...scored });
    }
    if (!isSpendOutlier(payment, settings.spendOutlier)) return;
    view.say(spendOutlierClaim({ ...payment, accountId, merchantId: view.key, eventId, orderId }));
  }

  function hearChargeback(merchant: MerchantScore, event: SlimEvent & { type: 'chargeback' }, view: ScopeView): void {
    const [paymentId, minor, currency, paidAt, told] = event.data;
    const { eventId, accountId, at } = event;
    const common = view.shared(shared);
    const blame = learnFraud(merchant, common, { paymentId, minor, currency, at, signals: signalsOf(told) }, paidAt);
    if (blame < 0.5) return;
    merchant.frauds.push({ paymentId, eventId, account: hashText(accountId, 0), paidAt });
    if (merchant.frauds.length > FRAUDS_MAX) merchant.frauds.shift();
    const compromise = compromiseOf(merchant, common, at, settings.compromisedMerchant);
    if (compromise === undefined) return;
    const { told: before } = merchant;
    const until = Math.max(at, merchant.newestBadAt) + settings.compromisedMerchant.windowMs;
    const isNew = before.bad === 0;
    merchant.told = {
      bad: before.bad,
      at: isNew ? at : before.at,
      from: isNew ? merchant.firstBadAt : before.from,
      until,
    };
    if (!isNew && compromise.frauds < 2 * before.bad) return;
    merchant.told.bad = compromise.frauds;
    view.say(compromiseClaim(merchant, view.key, compromise));
  }
};

const signalsOf = (told: readonly number[]): SpendSignals =>
  told.length === NOTHING_KNOWN.length ? (told as unknown as SpendSignals) : NOTHING_KNOWN;

const base = 'base';

/** What each part adds to the log-odds; they add up to the score's. */
function named(logOdds: number, parts: Float64Array): Record<string, number> {
  const told: Record<string, number> = {};
  let sum = 0;
  scoreModel.parts.forEach((part, at) => {
    const added = parts[at] as number;
    told[part] = fourDigits(added);
    sum += added;
  });
  told[base] = fourDigits(logOdds - sum);
  return told;
}

const fourDigits = (value: number): number => Math.round(value * 10_000) / 10_000;

import { defaultsOf, durationSetting, type SettingSpec, type SettingValues } from '#kernel/setting';
import { days, type DurationMs, formatInstant, NEVER, type InstantMs } from '#kernel/time';
import type { ScopeClaim } from '#detection/scope-detector';
import type { MerchantScore } from '#detection/score-merchant';
import type { ScoreShared } from '#detection/score';
import { binomialSurprise, cautiousShare } from '#detection/statistics/binomial-surprise';
import { labelsCome } from '#detection/statistics/label-lag';

export const compromisedMerchantSettings = {
  fraudsMin: {
    unit: 'count',
    default: 3,
    min: 2,
    max: 1_000,
    doc: 'A merchant is not called compromised on fewer payments confirmed as fraud that neither buyer nor amount explain.',
    source: 'ours: two of a small merchant happen by chance',
  },
  timesUsualMin: {
    unit: 'count',
    default: 5,
    min: 1,
    max: 1_000,
    doc: 'The merchant’s share of such fraud must be this many times the platform’s.',
    source: 'ours',
  },
  chanceMax: {
    unit: 'ratio',
    default: 0.01,
    min: 1e-9,
    max: 1,
    doc: 'How likely chance alone may make any merchant of the partition, each of them as usual, look like this within the window.',
    source: 'ours: with a window of 30 days, one merchant called by chance in a hundred months',
  },
  windowMs: durationSetting(
    days(30),
    { min: days(1), max: days(45) },
    'Payments of this long before the newest fraud are looked at.',
    'Fraud Detection Handbook: the longest window of its terminal features',
  ),
} as const satisfies SettingSpec;
export type CompromisedMerchantSettings = SettingValues<typeof compromisedMerchantSettings>;
export const compromisedMerchantDefaults = defaultsOf(compromisedMerchantSettings);

/** What the figures say of a merchant. */
export interface Compromise {
  readonly frauds: number;
  /** Payments of the window whose labels have come. */
  readonly payments: number;
  readonly share: number;
  readonly usualShare: number;
  /** How often chance alone would bring as much of any merchant, as a power of ten: 3 = at most once in a thousand windows. */
  readonly surprise: number;
}

/** Payments that neither buyer nor amount explain are at most this rare on a platform of which little is known. */
const USUAL_SHARE_PRIOR = { share: 0.005, trials: 400 } as const;

/**
 * Whether the merchant leaks its buyers' payment details: of its payments many more were charged back as fraud than elsewhere, more than
 * chance would bring, and neither what the buyer usually spends nor the amount explains it. Rests on labels alone, so it is as late as
 * they are. Weak cases: a merchant with fewer payments a month than `fraudsMin`; fraud that the buyers commit (their amounts look usual);
 * a platform on which most merchants are compromised at once; a line of business with more fraud than others, of which only
 * `timesUsualMin` knows.
 */
export function compromiseOf(
  merchant: MerchantScore,
  shared: ScoreShared,
  at: InstantMs,
  { fraudsMin, timesUsualMin, chanceMax, windowMs }: CompromisedMerchantSettings,
): Compromise | undefined {
  const today = Math.floor(at / days(1));
  const from = Math.floor((merchant.newestBadAt - windowMs) / days(1));
  const expected = cautiousShare(shared.blamed, shared.settled, USUAL_SHARE_PRIOR);
  const kept = merchant.frauds.filter(({ paidAt }) => paidAt >= days(from));
  const buyers = new Set(kept.map(({ account }) => account)).size;
  let frauds = 0;
  let payments = 0;
  let cleanSince = 0;
  let mostSurprising = 0;
  for (const { day, count, bad } of merchant.days.toReversed()) {
    if (day < from) break;
    frauds += bad;
    payments += Math.max(bad, count * labelsCome(shared.lag, today - day));
    if (frauds === 0) cleanSince = payments;
    // Those of one buyer are no independent trials: together they count once.
    const independent = (frauds * buyers) / kept.length;
    mostSurprising = Math.max(mostSurprising, binomialSurprise(independent, payments - cleanSince, expected));
  }
  const prior = USUAL_SHARE_PRIOR;
  const usualShare = (shared.blamed + prior.share * prior.trials) / (shared.settled + prior.trials);
  const share = frauds / Math.max(1, payments);
  // Blame is a fraction: three payments that are the merchant's at nine tenths are three.
  if (Math.round(frauds) < fraudsMin || buyers < 2 || share < timesUsualMin * usualShare) return undefined;
  const surprise = mostSurprising - Math.log10(looksAt(shared.merchants, frauds, windowMs));
  return surprise < -Math.log10(chanceMax) ? undefined : { frauds, payments, share, usualShare, surprise };
}

/** Bonferroni: each merchant is looked at up to each of its frauds, since each day of the window, and chance has as many tries. */
const looksAt = (merchants: number, frauds: number, windowMs: DurationMs): number =>
  Math.max(1, merchants) * Math.max(1, Math.ceil(frauds)) * (Math.ceil(windowMs / days(1)) + 1);

/** The claim as it stands; without a compromise, to say it cleared. */
export const compromiseClaim = (merchant: MerchantScore, merchantId: string, compromise: Compromise | undefined): ScopeClaim => ({
  kind: 'compromised-merchant',
  confidence: 'likely',
  money: `merchant/${merchantId}/${formatInstant(merchant.told.from)}`,
  at: merchant.told.at,
  clearedAt: NEVER,
  merchantId,
  orderId: '',
  paymentIds: merchant.frauds.map(({ paymentId }) => paymentId),
  loss: null,
  because: {
    rule: 'confirmed fraud that neither buyer nor amount explain',
    fields: ['merchantId'],
    figures:
      compromise === undefined
        ? {}
        : {
            frauds: twoDigits(compromise.frauds),
            payments: twoDigits(compromise.payments),
            share: twoDigits(compromise.share),
            usualShare: Math.round(compromise.usualShare * 1e5) / 1e5,
            surprise: twoDigits(compromise.surprise),
            since: formatInstant(merchant.firstBadAt),
          },
  },
  eventIds: merchant.frauds.map(({ eventId }) => eventId),
});

const twoDigits = (value: number): number => Math.round(value * 100) / 100;

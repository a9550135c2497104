import { defaultsOf, durationSetting, type SettingSpec, type SettingValues } from '#kernel/setting';
import { days, hours, minutes, seconds } from '#kernel/time';

export const duplicateChargeSettings = {
  likelyWindowMs: {
    ...durationSetting(
      minutes(5),
      { min: seconds(10), max: hours(1) },
      'Twin charges no further apart than this are likely one purchase charged twice.',
      'Helcim 5 min; Authorize.net 2 min; of real charges 0.06 % have a twin within 5 min',
    ),
    notAbove: 'possibleWindowMs',
  },
  possibleWindowMs: durationSetting(
    hours(24),
    { min: minutes(5), max: days(7) },
    'Twin charges less than this apart are possibly one purchase; a habit at the same hour each day is not.',
    'Cielo 24 h',
  ),
  confirmationGraceMs: durationSetting(
    hours(24),
    { min: 0, max: days(7) },
    'Twins of two orders are told only when both orders had this long to be confirmed and were not.',
    'ours: as payment-unconfirmed',
  ),
  keyLifeMs: durationSetting(
    hours(24),
    { min: hours(1), max: days(60) },
    'An idempotency key used again within this time marks a retry, later a new purchase.',
    'Stripe, Checkout.com 24 h; Braintree, TrueLayer 30 days',
  ),
  habitRepeatsMin: {
    unit: 'count',
    default: 3,
    min: 1,
    max: 100,
    doc: 'So many earlier twins at the merchant that nobody took back make the next one normal for this buyer.',
    source: 'ours',
  },
  habitShareMin: {
    unit: 'ratio',
    default: 0.2,
    min: 0,
    max: 1,
    doc: 'Share of the buyer’s charges at the merchant that must be twins to call them a habit.',
    source: 'ours: 0.06 % to 6.4 % is usual',
  },
} as const satisfies SettingSpec;

export type DuplicateChargeSettings = SettingValues<typeof duplicateChargeSettings>;
export const duplicateChargeDefaults = defaultsOf(duplicateChargeSettings);

import { durationSetting, type SettingSpec, type SettingValues } from '#kernel/setting';
import { hours, minutes } from '#kernel/time';

export const paymentOutageSettings = {
  attemptsMin: {
    unit: 'count',
    default: 12,
    min: 5,
    max: 10_000,
    doc: 'So many payments on the route before their failures are an outage.',
    source: 'ours: three failures of five are none',
  },
  failedMin: {
    unit: 'count',
    default: 8,
    min: 3,
    max: 10_000,
    notAbove: 'attemptsMin',
    doc: 'So many failed payments at least.',
    source: 'ours',
  },
  riseMin: {
    unit: 'ratio',
    default: 0.2,
    min: 0.02,
    max: 0.9,
    doc: 'The share of failures exceeds the usual one of this hour by this much.',
    source: 'ours: what a person would call an outage and not a bad hour',
  },
  surpriseMin: {
    unit: 'count',
    default: 6,
    min: 3,
    max: 30,
    doc: 'Chance would bring so many failures once in ten to the power of this.',
    source: 'ours: five windows each five minutes make 43,200 looks a month',
  },
  rarityMin: {
    unit: 'ratio',
    default: 1,
    min: 0,
    max: 3,
    doc: 'A share of failures in the window is as rare on this route as one in ten to the power of this: a route that fails every night does not alarm each night.',
    source: 'ours',
  },
  knownMin: {
    unit: 'count',
    default: 50,
    min: 10,
    max: 100_000,
    doc: 'With fewer payments known before, the route is warming up: an outage is only possible.',
    source: 'ours',
  },
  acceptAfterMs: durationSetting(
    hours(24),
    { min: hours(1), max: hours(24 * 14) },
    'What lasts longer than this becomes the usual share and is learnt.',
    'ours',
  ),
  bucketMs: durationSetting(
    minutes(5),
    { min: minutes(1), max: minutes(30) },
    'Failures are counted and judged in steps of this length.',
    'ours: time to detection against false alarms',
  ),
} as const satisfies SettingSpec;

export type PaymentOutageSettings = SettingValues<typeof paymentOutageSettings>;

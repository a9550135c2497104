import { defaultsOf, durationSetting, type SettingSpec, type SettingValues } from '#kernel/setting';
import { days, hours, minutes } from '#kernel/time';
import { travelSettings } from '#detection/travel';

export const accountTakeoverSettings = {
  windowMs: durationSetting(
    hours(24),
    { min: hours(1), max: days(7) },
    'Credential event, profile change and value event follow each other within this time.',
    'holds of 24 h after a password or second-factor change are usual',
  ),
  failedLogInsMin: {
    unit: 'count',
    default: 5,
    min: 2,
    max: 10,
    doc: 'So many failed log-ins before one that works are a credential event.',
    source: 'ours',
  },
  failedLogInsMs: {
    ...durationSetting(hours(1), { min: minutes(5), max: hours(24) }, 'The failed log-ins lie within this time.', 'ours'),
    notAbove: 'windowMs',
  },
  ...travelSettings,
  ownAfterMs: durationSetting(
    hours(72),
    { min: 0, max: days(30) },
    'A further device or network is the buyer’s own after this time, or once a step-up passed on it.',
    'holds of 72 h at some exchanges',
  ),
  dormantMs: durationSetting(
    days(150),
    { min: days(30), max: days(150) },
    'After so long without use, whatever is bought after a credential event from a strange device and network is a value event.',
    'Signifyd names dormancy as a signal; the length is ours: purchases are known for as long (retention.ts)',
  ),
  amountsMin: {
    unit: 'count',
    default: 5,
    min: 3,
    max: 60,
    doc: 'With fewer payments before it, nothing is above the buyer’s own 95th percentile: too little is known.',
    source: 'ours',
  },
} as const satisfies SettingSpec;

export type AccountTakeoverSettings = SettingValues<typeof accountTakeoverSettings>;
export const accountTakeoverDefaults = defaultsOf(accountTakeoverSettings);

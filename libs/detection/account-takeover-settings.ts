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

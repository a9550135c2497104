import { defaultsOf, durationSetting, type SettingSpec, type SettingValues } from '#kernel/setting';
import { days, hours, minutes } from '#kernel/time';

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
  travelSpeedMax: {
    unit: 'km_per_hour',
    default: 900,
    min: 100,
    max: 3_000,
    doc: 'Two log-ins that one person could join only by travelling faster than this are a credential event.',
    source: 'ours: cruising speed of an airliner',
  },
  travelKmMin: {
    unit: 'count',
    default: 500,
    min: 50,
    max: 5_000,
    doc: 'Kilometres below which places are taken for one: geolocation of addresses is that coarse.',
    source: 'ours',
  },
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

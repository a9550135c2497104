import { durationSetting, type SettingSpec, type SettingValues } from '#kernel/setting';
import { days } from '#kernel/time';

export const merchantAnomalySettings = {
  casesMin: {
    unit: 'count',
    default: 8,
    min: 3,
    max: 10_000,
    doc: 'So many refunds, complaints, missing deliveries or odd prices at least.',
    source: 'ours',
  },
  surpriseMin: {
    unit: 'count',
    default: 6,
    min: 3,
    max: 30,
    doc: 'Chance would bring so many once in ten to the power of this.',
    source: 'ours: five measures in two windows each hour make 7,200 looks a month and merchant',
  },
  refundRiseMin: {
    unit: 'ratio',
    default: 0.1,
    min: 0.01,
    max: 0.9,
    doc: 'The share of refunds exceeds the merchant’s usual one by this much.',
    source: 'ours',
  },
  complaintRiseMin: {
    unit: 'ratio',
    default: 0.03,
    min: 0.002,
    max: 0.9,
    doc: 'Complaints and reports for each payment exceed the merchant’s usual share by this much.',
    source: 'ours',
  },
  undeliveredRiseMin: {
    unit: 'ratio',
    default: 0.05,
    min: 0.005,
    max: 0.9,
    doc: 'Orders not delivered for each payment exceed the merchant’s usual share by this much.',
    source: 'ours',
  },
  priceRiseMin: {
    unit: 'ratio',
    default: 0.2,
    min: 0.02,
    max: 0.9,
    doc: 'The share of payments beyond the merchant’s own 1st or 99th percentile exceeds one in fifty by this much.',
    source: 'ours',
  },
  knownMin: {
    unit: 'count',
    default: 100,
    min: 20,
    max: 100_000,
    doc: 'With fewer payments known before, the merchant is warming up: what is odd is only possible.',
    source: 'ours',
  },
  vettingValidMs: durationSetting(
    days(365),
    { min: days(30), max: days(1_825) },
    'A merchant once vetted is vetted again within this time, or takes payments unvetted.',
    'ours: yearly reviews are usual',
  ),
} as const satisfies SettingSpec;

export type MerchantAnomalySettings = SettingValues<typeof merchantAnomalySettings>;

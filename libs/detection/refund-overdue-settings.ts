import { postingSettings } from '#expectation/refund-clock';
import { defaultsOf, type Setting, type SettingSpec, type SettingValues } from '#kernel/setting';

const workingDays = (value: number, doc: string, source: string): Setting<number> => ({
  unit: 'working_days',
  default: value,
  min: 1,
  max: 90,
  doc,
  source,
});

export const refundOverdueSettings = {
  decideDays: workingDays(7, 'A refund that was requested is approved or rejected within these days.', 'ours'),
  submitDays: workingDays(
    2,
    'A refund that was approved, or owed since its order was cancelled, is submitted to the provider within these days.',
    'ours',
  ),
  succeedDays: workingDays(5, 'A refund that was submitted succeeds at the provider within these days.', 'ours'),
  reissueDays: workingDays(2, 'A refund that failed is issued again within these days.', 'ours'),
  ...postingSettings,
} as const satisfies SettingSpec;

export type RefundOverdueSettings = SettingValues<typeof refundOverdueSettings>;
export const refundOverdueDefaults = defaultsOf(refundOverdueSettings);

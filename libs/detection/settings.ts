import { defaultsOf, type SettingSpec } from '#kernel/setting';
import { duplicateChargeSettings, type DuplicateChargeSettings } from '#detection/duplicate-charge-settings';

/** Every detector's settings, by detector: what configuration may name under `detectors`. */
export const detectorSettings = {
  'duplicate-charge': duplicateChargeSettings,
} as const satisfies Readonly<Record<string, SettingSpec>>;

export interface DetectionSettings {
  readonly 'duplicate-charge': DuplicateChargeSettings;
}

export const defaultDetectionSettings: DetectionSettings = {
  'duplicate-charge': defaultsOf(duplicateChargeSettings),
};

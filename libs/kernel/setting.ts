import type { DurationMs } from '#kernel/time';

/** What a setting counts in; `ms` settings are written as a number of milliseconds or as text such as `5m`, `24h`, `21d`. */
export type SettingUnit =
  'minor_by_currency' | 'ms' | 'working_days' | 'days' | 'count' | 'ratio' | 'minor' | 'flag' | 'km_per_hour';

/** Minor units for each currency (ISO 4217) that is named; no other has one. */
export type MinorByCurrency = Readonly<Record<string, number>>;
export type SettingValue = number | boolean | MinorByCurrency;

/** One named, documented number (or flag, or amount by currency) that an operator may set. `source` says where the default comes from. */
export interface Setting<Value extends SettingValue = SettingValue> {
  readonly unit: SettingUnit;
  readonly default: Value;
  readonly min?: number;
  readonly max?: number;
  /** Another setting of the same detector that this one must not exceed. */
  readonly notAbove?: string;
  readonly doc: string;
  readonly source: string;
}

export type SettingSpec = Readonly<Record<string, Setting>>;

/** The values that a spec describes: `SettingValues<typeof duplicateChargeSettings>`. */
export type SettingValues<Spec extends SettingSpec> = {
  readonly [Name in keyof Spec]: Spec[Name]['default'] extends boolean
    ? boolean
    : Spec[Name]['default'] extends number
      ? number
      : MinorByCurrency;
};

export const defaultsOf = <Spec extends SettingSpec>(spec: Spec): SettingValues<Spec> =>
  Object.fromEntries(Object.entries(spec).map(([name, setting]) => [name, setting.default])) as SettingValues<Spec>;

export const durationSetting = (
  value: DurationMs,
  range: { min: DurationMs; max: DurationMs },
  doc: string,
  source: string,
): Setting<number> => ({
  unit: 'ms',
  default: value,
  ...range,
  doc,
  source,
});

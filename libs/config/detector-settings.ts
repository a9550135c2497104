import type { MinorByCurrency, Setting, SettingSpec, SettingValue } from '#kernel/setting';
import { parseDuration } from '#config/duration';
import type { ConfigFault } from '#config/fault';
import { suggest } from '#config/suggestion';
import { isTree } from '#config/tree';

export const modes = ['off', 'shadow', 'live'] as const;
/** `off`: not run. `shadow`: found, counted and shown, never acted on. `live`: acted on as policy says. */
export type DetectorMode = (typeof modes)[number];

export interface DetectorConfig {
  readonly mode: DetectorMode;
  readonly settings: Readonly<Record<string, SettingValue>>;
}

type Written = Readonly<Record<string, SettingValue | string>>;

/** Every detector of `specs` with its mode (default live) and settings (default as declared); faults go to `faults`. */
export function checkDetectors(
  written: unknown,
  specs: Readonly<Record<string, SettingSpec>>,
  faults: ConfigFault[],
): Readonly<Record<string, DetectorConfig>> {
  const tree = isTree(written) ? written : {};
  for (const name of Object.keys(tree)) {
    if (!Object.hasOwn(specs, name))
      faults.push({ where: `detectors.${name}`, message: unknownName('detector', name, Object.keys(specs)) });
  }
  return Object.fromEntries(
    Object.entries(specs).map(([name, spec]) => {
      const own = tree[name];
      return [name, checkDetector(`detectors.${name}`, isTree(own) ? (own as Written) : {}, spec, faults)];
    }),
  );
}

function checkDetector(where: string, written: Written, spec: SettingSpec, faults: ConfigFault[]): DetectorConfig {
  const { mode = 'live', ...values } = written;
  if (!isMode(mode))
    faults.push({
      where: `${where}.mode`,
      message: `expected one of ${modes.join(', ')}; found ${JSON.stringify(mode)}. Off is not run, shadow is never acted on.`,
    });
  for (const name of Object.keys(values)) {
    if (!Object.hasOwn(spec, name))
      faults.push({ where: `${where}.${name}`, message: unknownName('setting', name, ['mode', ...Object.keys(spec)]) });
  }
  const settings = Object.fromEntries(
    Object.entries(spec).map(([name, setting]) => {
      const value = values[name];
      return [name, value === undefined ? setting.default : checkSetting(`${where}.${name}`, value, setting, faults)] as const;
    }),
  );
  checkOrder(where, settings, spec, faults);
  return { mode: isMode(mode) ? mode : 'off', settings };
}

/** Settings that bound each other, such as a shorter and a longer window. */
function checkOrder(where: string, settings: DetectorConfig['settings'], spec: SettingSpec, faults: ConfigFault[]): void {
  for (const [name, { notAbove }] of Object.entries(spec)) {
    const [value, limit] = [settings[name], notAbove === undefined ? undefined : settings[notAbove]];
    if (typeof value !== 'number' || typeof limit !== 'number' || value <= limit) continue;
    faults.push({ where: `${where}.${name}`, message: `must not be above ${notAbove} (${limit}); found ${value}` });
  }
}

const isMode = (value: unknown): value is DetectorMode => modes.includes(value as DetectorMode);

function checkSetting(where: string, value: SettingValue | string, setting: Setting, faults: ConfigFault[]): SettingValue {
  const number = setting.unit === 'ms' && typeof value === 'string' ? parseDuration(value) : value;
  const expected = expectation(setting);
  const isWrong =
    typeof number !== typeof setting.default ||
    (typeof number === 'number' && !inRange(number, setting)) ||
    (typeof number === 'object' && !isMinorByCurrency(number as object | null));
  if (isWrong) {
    faults.push({ where, message: `expected ${expected}; found ${JSON.stringify(value)}. ${setting.doc}` });
    return setting.default;
  }
  return number as SettingValue;
}

const isMinorByCurrency = (value: object | null): value is MinorByCurrency =>
  value !== null &&
  !Array.isArray(value) &&
  Object.entries(value).every(
    ([currency, minor]) => /^[A-Z]{3}$/.test(currency) && Number.isSafeInteger(minor) && (minor as number) >= 0,
  );

const inRange = (value: number, { min = -Infinity, max = Infinity }: Setting): boolean =>
  Number.isFinite(value) && value >= min && value <= max;

function expectation({ unit, default: fallback, min, max }: Setting): string {
  if (typeof fallback === 'boolean') return 'true or false';
  if (typeof fallback === 'object') return 'whole minor units by currency, such as { EUR: 100000 }';
  const range = [min === undefined ? '' : ` from ${min}`, max === undefined ? '' : ` up to ${max}`].join('');
  return unit === 'ms' ? `milliseconds${range}, or text such as 5m` : `a number of ${unit.replace('_', ' ')}${range}`;
}

/** "unknown setting `windwo`: did you mean `window`?" */
export function unknownName(what: string, name: string, known: readonly string[]): string {
  const meant = suggest(name, known);
  return `unknown ${what} \`${name}\`: ${meant === undefined ? `known are ${known.join(', ')}` : `did you mean \`${meant}\`?`}`;
}

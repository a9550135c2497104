import type { Setting, SettingSpec } from '#kernel/setting';
import { parseDuration } from '#config/duration';
import type { ConfigFault } from '#config/fault';
import { suggest } from '#config/suggestion';

export const modes = ['off', 'shadow', 'live'] as const;
/** `off`: not run. `shadow`: found, counted and shown, never acted on. `live`: acted on as policy says. */
export type DetectorMode = (typeof modes)[number];

export interface DetectorConfig {
  readonly mode: DetectorMode;
  readonly settings: Readonly<Record<string, number | boolean>>;
}

type Written = Readonly<Record<string, number | boolean | string>>;

/** Every detector of `specs` with its mode (default live) and settings (default as declared); faults go to `faults`. */
export function checkDetectors(
  written: Readonly<Record<string, Written>>,
  specs: Readonly<Record<string, SettingSpec>>,
  faults: ConfigFault[],
): Readonly<Record<string, DetectorConfig>> {
  for (const name of Object.keys(written)) {
    if (!Object.hasOwn(specs, name))
      faults.push({ where: `detectors.${name}`, message: unknownName('detector', name, Object.keys(specs)) });
  }
  return Object.fromEntries(
    Object.entries(specs).map(([name, spec]) => [name, checkDetector(`detectors.${name}`, written[name] ?? {}, spec, faults)]),
  );
}

function checkDetector(where: string, written: Written, spec: SettingSpec, faults: ConfigFault[]): DetectorConfig {
  const { mode = 'live', ...values } = written;
  if (!isMode(mode))
    faults.push({ where: `${where}.mode`, message: `expected ${modes.join(', ')}; found ${JSON.stringify(mode)}` });
  for (const name of Object.keys(values)) {
    if (!Object.hasOwn(spec, name))
      faults.push({ where: `${where}.${name}`, message: unknownName('setting', name, ['mode', ...Object.keys(spec)]) });
  }
  const settings = Object.entries(spec).map(([name, setting]) => {
    const value = values[name];
    return [name, value === undefined ? setting.default : checkSetting(`${where}.${name}`, value, setting, faults)] as const;
  });
  return { mode: isMode(mode) ? mode : 'off', settings: Object.fromEntries(settings) };
}

function checkSetting(
  where: string,
  value: number | boolean | string,
  setting: Setting,
  faults: ConfigFault[],
): number | boolean {
  const number = setting.unit === 'ms' && typeof value === 'string' ? parseDuration(value) : value;
  const expected = expectation(setting);
  if (typeof number !== typeof setting.default || (typeof number === 'number' && !inRange(number, setting))) {
    faults.push({ where, message: `expected ${expected}; found ${JSON.stringify(value)}. ${setting.doc}` });
    return setting.default;
  }
  return number as number | boolean;
}

const inRange = (value: number, { min = -Infinity, max = Infinity }: Setting): boolean =>
  Number.isFinite(value) && value >= min && value <= max;

function expectation({ unit, default: fallback, min, max }: Setting): string {
  if (typeof fallback === 'boolean') return 'true or false';
  const range = [min === undefined ? '' : ` from ${min}`, max === undefined ? '' : ` up to ${max}`].join('');
  return unit === 'ms' ? `milliseconds${range}, or text such as 5m` : `a number of ${unit.replace('_', ' ')}${range}`;
}

const isMode = (value: unknown): value is DetectorMode => modes.includes(value as DetectorMode);

/** "unknown setting `windwo`: did you mean `window`?" */
export function unknownName(what: string, name: string, known: readonly string[]): string {
  const meant = suggest(name, known);
  return `unknown ${what} \`${name}\`: ${meant === undefined ? `known are ${known.join(', ')}` : `did you mean \`${meant}\`?`}`;
}

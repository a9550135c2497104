import type { Setting, SettingSpec } from '#kernel/setting';
import { parseDuration } from '#config/duration';
import type { ConfigFault } from '#config/fault';
import { suggest } from '#config/suggestion';

export interface DetectorConfig {
  readonly settings: Readonly<Record<string, number | boolean>>;
}

type Written = Readonly<Record<string, number | boolean | string>>;

/** Every detector of `specs` with its settings (default as declared); faults go to `faults`. */
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
  for (const name of Object.keys(written)) {
    if (!Object.hasOwn(spec, name))
      faults.push({ where: `${where}.${name}`, message: unknownName('setting', name, Object.keys(spec)) });
  }
  const settings = Object.entries(spec).map(([name, setting]) => {
    const value = written[name];
    return [name, value === undefined ? setting.default : checkSetting(`${where}.${name}`, value, setting, faults)] as const;
  });
  return { settings: Object.fromEntries(settings) };
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

/** "unknown setting `windwo`: did you mean `window`?" */
export function unknownName(what: string, name: string, known: readonly string[]): string {
  const meant = suggest(name, known);
  return `unknown ${what} \`${name}\`: ${meant === undefined ? `known are ${known.join(', ')}` : `did you mean \`${meant}\`?`}`;
}

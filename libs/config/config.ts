import { Value } from '@sinclair/typebox/value';
import { fail, ok, type Result } from '#kernel/result';
import type { SettingSpec } from '#kernel/setting';
import { checkTree } from '#config/check';
import { checkDetectors, type DetectorConfig } from '#config/detector-settings';
import { readEnvironment, type Environment } from '#config/environment';
import type { ConfigFault } from '#config/fault';
import { readConfigFile } from '#config/file';
import { checkRawTopics } from '#config/raw-topics';
import { configSchema, type ConfigTree } from '#config/schema';
import { checkTogether } from '#config/together';
import { freezeTree, overlay } from '#config/tree';

/** The configuration of a process: checked, complete, frozen, read once at start and handed down as values. */
export interface Config extends Omit<ConfigTree, 'detectors'> {
  /** By detector; those without a spec at hand are absent. */
  readonly detectors: Readonly<Record<string, DetectorConfig>>;
}

export interface ConfigSources {
  /** YAML or JSON. */
  readonly file?: string;
  /** Default: the process's own. It wins over the file. */
  readonly env?: Environment;
  /** The settings of each detector. A service that runs none leaves it out, and `detectors` is then not checked. */
  readonly detectors?: Readonly<Record<string, SettingSpec>>;
  /** By event type the fields that it needs. A service that reads no raw topics leaves it out, and what they map is then not checked. */
  readonly eventFields?: Readonly<Record<string, readonly string[]>>;
}

/** Reads file and environment, fills in defaults and checks everything; all faults are reported together. */
export function loadConfig(sources: ConfigSources = {}): Result<Config, readonly ConfigFault[]> {
  const faults: ConfigFault[] = [];
  const file = sources.file === undefined ? {} : readConfigFile(sources.file, faults);
  const environment = readEnvironment(configSchema, sources.env ?? process.env, faults, sources.detectors);
  const originOf = (path: string): string => {
    const variable = environment.origin.get(path) ?? environment.origin.get(path.replace(/\.\d+.*$/, ''));
    return variable === undefined ? path : `${path} (${variable})`;
  };
  const checked = checkTree(configSchema, overlay(file, environment.tree), originOf, faults);
  const tree = checked as unknown as ConfigTree;
  const sound = withSoundSections(tree, faults);
  checkTogether(sound, faults);
  if (sources.eventFields !== undefined) checkRawTopics(sound.gateway.rawTopics, sources.eventFields, faults);
  const wrong: ConfigFault[] = [];
  const detectors = sources.detectors === undefined ? {} : checkDetectors(tree.detectors, sources.detectors, wrong);
  for (const { where, message } of wrong) faults.push({ where: originOf(where), message });
  return faults.length > 0 ? fail(faults) : ok(freezeTree({ ...tree, detectors }));
}

/** A section with a fault is taken at its defaults for the checks of values together: one mistake is told once, and none hides another. */
function withSoundSections(tree: ConfigTree, faults: readonly ConfigFault[]): ConfigTree {
  const faulty = new Set(faults.map(({ where }) => where.split(/[. ]/)[0]));
  const defaults = Value.Default(configSchema, {}) as ConfigTree;
  return Object.fromEntries(
    Object.entries(defaults).map(([section, value]) => [
      section,
      faulty.has(section) ? value : tree[section as keyof ConfigTree],
    ]),
  ) as unknown as ConfigTree;
}

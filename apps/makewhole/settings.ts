import { defaultPolicy } from '#action/default-policy';
import type { Policy } from '#action/policy';
import { readPolicy } from '#action/policy-document';
import { loadConfig, type Config } from '#config/config';
import type { Environment } from '#config/environment';
import { readConfigFile } from '#config/file';
import type { ConfigFault } from '#config/fault';
import { detectorSettings } from '#detection/settings';
import { requiredFields } from '#event/raw-layout';
import { wrongUse } from '#apps/makewhole/failure';

/** The configuration of a command; every fault is told at once. `env`: instead of the process's own. */
export function requireConfig(file: string | undefined, env?: Environment): Config {
  const loaded = loadConfig({
    ...(file === undefined ? {} : { file }),
    ...(env === undefined ? {} : { env }),
    detectors: detectorSettings,
    eventFields: requiredFields,
  });
  if (loaded.ok) return loaded.value;
  throw wrongUse(`the configuration is wrong:\n${listFaults(loaded.error)}`);
}

/** A policy document from a YAML or JSON file, or what the API answered about a version; the default policy when no file is named. */
export function requirePolicy(path: string): Policy {
  if (path === '') return defaultPolicy;
  const faults: ConfigFault[] = [];
  const document = readConfigFile(path, faults);
  if (faults.length > 0) throw wrongUse(`the policy cannot be read:\n${listFaults(faults)}`);
  const policy = readPolicy(textOf(document));
  if (policy.ok) return policy.value;
  const lines = policy.error.map(({ pointer, expected }) => ({ where: `${path} ${pointer}`, message: `expected ${expected}` }));
  throw wrongUse(`the policy is wrong:\n${listFaults(lines)}`);
}

/** What a version says, where the whole version was given. */
const textOf = (given: unknown): unknown =>
  typeof given === 'object' && given !== null && 'document' in given && 'state' in given ? given.document : given;

const listFaults = (faults: readonly ConfigFault[]): string =>
  faults.map(({ where, message }) => `  ${where}: ${message}`).join('\n');

import { defaultPolicy } from '#action/default-policy';
import type { Policy } from '#action/policy';
import { readPolicy } from '#action/policy-document';
import type { ConfigFault } from '#config/fault';
import { readConfigFile } from '#config/file';

/** The policy document of the configuration, or the default one when no file is named. Throws with every fault: better no start than a guess. */
export function loadPolicy(path: string): Policy {
  if (path === '') return defaultPolicy;
  const unreadable: ConfigFault[] = [];
  const document = readConfigFile(path, unreadable);
  const read = readPolicy(document);
  const faults =
    unreadable.length > 0
      ? unreadable.map(({ where, message }) => `${where}: ${message}`)
      : read.ok
        ? []
        : read.error.map(({ pointer, expected }) => `${path} ${pointer}: expected ${expected}`);
  if (!read.ok || faults.length > 0) throw new Error(`the policy is wrong:\n  ${faults.join('\n  ')}`);
  return read.value;
}

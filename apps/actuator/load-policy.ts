import { defaultPolicy } from '#action/default-policy';
import type { Policy } from '#action/policy';
import { readPolicy } from '#action/policy-document';
import type { ConfigFault } from '#config/fault';
import { readConfigFile } from '#config/file';

/** The policy that guards look at before each call: that of the configuration, else the default. Throws with every fault. */
export function loadPolicy(path: string): Policy {
  if (path === '') return defaultPolicy;
  const faults: ConfigFault[] = [];
  const policy = readPolicy(readConfigFile(path, faults));
  if (faults.length === 0 && policy.ok) return policy.value;
  const wrong = policy.ok ? [] : policy.error.map(({ pointer, expected }) => `${path} ${pointer}: expected ${expected}`);
  throw new Error(
    `the policy is wrong:\n  ${[...faults.map(({ where, message }) => `${where}: ${message}`), ...wrong].join('\n  ')}`,
  );
}

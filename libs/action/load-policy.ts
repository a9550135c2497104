import { defaultPolicy } from '#action/default-policy';
import type { Policy } from '#action/policy';
import { readPolicy } from '#action/policy-document';

/** Reads a document from a file; what it cannot read it adds to the faults. */
export type ReadDocument = (path: string, faults: { readonly where: string; readonly message: string }[]) => unknown;

/** The policy that a file names, or the default one when none is named. Throws with every fault: better no start than a guess. */
export function loadPolicy(path: string, read: ReadDocument): Policy {
  if (path === '') return defaultPolicy;
  const unreadable: { readonly where: string; readonly message: string }[] = [];
  const policy = readPolicy(read(path, unreadable));
  if (unreadable.length === 0 && policy.ok) return policy.value;
  const faults =
    unreadable.length > 0 || policy.ok
      ? unreadable.map(({ where, message }) => `${where}: ${message}`)
      : policy.error.map(({ pointer, expected }) => `${path} ${pointer}: expected ${expected}`);
  throw new Error(`the policy is wrong:\n  ${faults.join('\n  ')}`);
}

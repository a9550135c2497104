import { randomBytes } from 'node:crypto';
import type { CaseEntry } from '#case/case';
import type { SealedEntry } from '#case/evidence';
import {
  commit,
  type Committed,
  isCommitted,
  type Opening,
  type PersonalField,
  personalFields,
  personalOf,
} from '#case/personal';
import type { KeyRing } from '#apps/casework/vault/key-ring';

/** The personal values of a line, and the salts of the commitments that its chain holds in their place. */
export type EntrySecrets = Readonly<Partial<Record<PersonalField, { readonly salt: string; readonly value: unknown }>>>;

/** A line as its chain is to hold it, and what belongs in the vault. */
export function commitLine(line: CaseEntry): { readonly line: CaseEntry; readonly secrets: EntrySecrets } {
  const secrets = Object.fromEntries(
    personalOf(line).map((field) => [field, { salt: randomBytes(16).toString('base64url'), value: line.data[field] }]),
  );
  const committed = Object.entries(secrets).map(([field, { salt, value }]) => [field, { committed: commit(salt, value) }]);
  return { line: { ...line, data: { ...line.data, ...Object.fromEntries(committed) } }, secrets };
}

const contextOf = (subject: string, { caseId, sequence }: SealedEntry) => ({ subject, record: `entry ${caseId}/${sequence}` });

/** Null for a line without anything personal. */
export const sealSecrets = (keys: KeyRing, accountId: string | null, line: SealedEntry, secrets: EntrySecrets): string | null =>
  accountId === null || Object.keys(secrets).length === 0 ? null : keys.seal(contextOf(accountId, line), secrets);

/** A line as it was written, with what shows that it was; null for what was erased. */
export function openEntry(keys: KeyRing, accountId: string | null, line: SealedEntry, sealed: string | null): SealedEntry {
  const held = personalFields.filter((field) => isCommitted(line.data[field]));
  if (held.length === 0) return line;
  const opened = sealed === null || accountId === null ? undefined : keys.open<EntrySecrets>(contextOf(accountId, line), sealed);
  const secrets = opened?.is === 'open' ? opened.value : {};
  const openings = held.map((field): Opening => {
    const { committed } = line.data[field] as Committed;
    const secret = secrets[field];
    return { field, committed, ...(secret && { salt: secret.salt }) };
  });
  const values = held.map((field) => [field, secrets[field]?.value ?? null]);
  return { ...line, data: { ...line.data, ...Object.fromEntries(values) }, openings };
}

import type { Pool } from 'pg';
import type { Transaction } from '#stream/store';
import { insertKeys, readKeys } from '#apps/casework/store/key-rows';
import type { Query } from '#apps/casework/store/query';
import { KeyRing } from '#apps/casework/vault/key-ring';
import type { Vault } from '#apps/casework/vault/vault';

/** A subject, or null for what is about no buyer: it has no key. */
export type Subject = string | null;

/** Rows, and the keys that open what is sealed in them. */
export interface Store extends Query {
  /** The keys of these subjects. In a transaction none can be erased until it ends; for `sealing` one is made where there is none. */
  keysOf(subjects: readonly Subject[], why?: 'opening' | 'sealing'): Promise<KeyRing>;
}

export type StoreTransaction = Transaction & Store;

/** What answers reads: keys are asked for anew each time, so that one that was erased opens nothing. */
export const readingStore = (pool: Pool, vault: Vault): Store => ({
  query: (text, values = []) => pool.query(text, [...values]) as never,
  async keysOf(subjects) {
    const ring = new KeyRing();
    for (const stored of await readKeys(pool as Query, named(subjects), 'read'))
      ring.add(stored.subject, stored.keyId, vault.unwrap(stored));
    return ring;
  },
});

/** A transaction with the keys of those whom it is about. Cases are locked first, then keys: whoever erases does the same. */
export function withKeys(transaction: Transaction, vault: Vault): StoreTransaction {
  const ring = new KeyRing();
  const asked = new Set<string>();
  return {
    query: (text, values) => transaction.query(text, values),
    emit: (topic, message) => transaction.emit(topic, message),
    async keysOf(subjects, why = 'opening') {
      const wanted = named(subjects);
      const fresh = wanted.filter((subject) => !asked.has(subject));
      for (const subject of fresh) asked.add(subject);
      await holdKeys(transaction, vault, ring, fresh);
      const missing = why === 'sealing' ? wanted.filter((subject) => !ring.has(subject)) : [];
      if (missing.length > 0) await makeKeys(transaction, vault, ring, missing);
      return ring;
    },
  };
}

async function holdKeys(db: Query, vault: Vault, ring: KeyRing, subjects: readonly string[]): Promise<void> {
  for (const stored of await readKeys(db, subjects, 'hold')) ring.add(stored.subject, stored.keyId, vault.unwrap(stored));
}

/** The vault does not remember them yet: the transaction may be rolled back, and with it the keys. */
async function makeKeys(db: Query, vault: Vault, ring: KeyRing, subjects: readonly string[]): Promise<void> {
  const made = new Map(subjects.map((subject) => [subject, vault.create(subject)]));
  const rows = [...made].map(([subject, { wrapped, master }]) => ({ subject, wrapped, master }));
  for (const { keyId, subject } of await insertKeys(db, rows, Date.now())) ring.add(subject, keyId, made.get(subject)!.key);
  const others = subjects.filter((subject) => !ring.has(subject));
  await holdKeys(db, vault, ring, others);
  const left = others.filter((subject) => !ring.has(subject));
  if (left.length > 0) throw new Error(`the keys of ${left.join(', ')} were made and erased at once: try again`);
}

const named = (subjects: readonly Subject[]): readonly string[] =>
  [...new Set(subjects.filter((subject) => subject !== null))].sort();

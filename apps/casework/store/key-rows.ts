import type { InstantMs } from '#kernel/time';
import type { StoredKey } from '#apps/casework/vault/vault';
import type { Query } from '#apps/casework/store/query';

const COLUMNS = `key_id AS "keyId", subject, wrapped, master`;

/** Every key that these subjects have or had. `hold`: none of them can be erased before the transaction ends. */
export async function readKeys(db: Query, subjects: readonly string[], how: 'read' | 'hold'): Promise<readonly StoredKey[]> {
  if (subjects.length === 0) return [];
  const { rows } = await db.query<StoredKey>(
    `SELECT ${COLUMNS} FROM casework.subject_key WHERE subject = ANY($1::text[])
     ${how === 'hold' ? 'ORDER BY subject FOR SHARE' : ''}`,
    [subjects],
  );
  return rows;
}

export type NewKey = Omit<StoredKey, 'keyId' | 'wrapped'> & { readonly wrapped: Buffer };

/** Stores keys for subjects that have none, and returns those that were stored; others got one meanwhile. */
export async function insertKeys(db: Query, keys: readonly NewKey[], at: InstantMs): Promise<readonly StoredKey[]> {
  const rows = keys.map(({ wrapped, ...rest }) => ({ ...rest, wrapped: wrapped.toString('base64') }));
  const inserted = await db.query<StoredKey>(
    `INSERT INTO casework.subject_key (subject, wrapped, master, created_at_ms)
     SELECT subject, decode(wrapped, 'base64'), master, $2 FROM json_to_recordset($1::json) AS next(subject text, wrapped text, master text)
     ORDER BY subject
     ON CONFLICT (subject) WHERE wrapped IS NOT NULL DO NOTHING RETURNING ${COLUMNS}`,
    [JSON.stringify(rows), at],
  );
  return inserted.rows;
}

/** Whether anything may have been sealed for a subject that was not erased. */
export async function hasKey(db: Query, subject: string): Promise<boolean> {
  const { rows } = await db.query('SELECT 1 FROM casework.subject_key WHERE subject = $1 AND wrapped IS NOT NULL', [subject]);
  return rows.length > 0;
}

/** Waits for those who hold it; nothing that it sealed can be opened once this has committed. Returns the keys' numbers. */
export async function eraseKey(db: Query, subject: string, at: InstantMs): Promise<readonly number[]> {
  const { rows } = await db.query<{ key_id: number }>(
    `UPDATE casework.subject_key SET wrapped = NULL, erased_at_ms = $2 WHERE subject = $1 AND wrapped IS NOT NULL RETURNING key_id`,
    [subject, at],
  );
  return rows.map(({ key_id: keyId }) => keyId);
}

/** Keys that another master key than `newest` wraps; those that others hold are left for later. */
export async function lockStaleKeys(
  db: Query,
  newest: string,
  limit: number,
): Promise<readonly (StoredKey & { readonly wrapped: Buffer })[]> {
  const { rows } = await db.query<StoredKey & { wrapped: Buffer }>(
    `SELECT ${COLUMNS} FROM casework.subject_key WHERE master <> $1 AND wrapped IS NOT NULL LIMIT $2 FOR UPDATE SKIP LOCKED`,
    [newest, limit],
  );
  return rows;
}

export async function writeWrapped(
  db: Query,
  keys: readonly { keyId: number; wrapped: Buffer; master: string }[],
): Promise<void> {
  const rows = keys.map(({ keyId, wrapped, master }) => ({ key_id: keyId, wrapped: wrapped.toString('base64'), master }));
  await db.query(
    `UPDATE casework.subject_key AS held SET wrapped = decode(next.wrapped, 'base64'), master = next.master
     FROM json_to_recordset($1::json) AS next(key_id bigint, wrapped text, master text) WHERE held.key_id = next.key_id`,
    [JSON.stringify(rows)],
  );
}

/** Master keys, other than these, that still wrap something. */
export async function unknownMaster(db: Query, known: readonly string[]): Promise<string | undefined> {
  const { rows } = await db.query<{ master: string }>(
    `SELECT master FROM casework.subject_key WHERE master <> ALL ($1::text[]) AND wrapped IS NOT NULL LIMIT 1`,
    [known],
  );
  return rows[0]?.master;
}

import type { SealedEntry } from '#case/evidence';
import type { Store, Subject } from '#apps/casework/store/store';
import { type EntrySecrets, openEntry, sealSecrets } from '#apps/casework/vault/sealed-entry';

/** A line of a chain to write, and the personal values of it that lie in the vault. */
export interface EntryWrite {
  readonly line: SealedEntry;
  readonly accountId: Subject;
  readonly secrets: EntrySecrets;
}

/** Adds sealed lines; the database refuses a second line with the same place in a case's chain. */
export async function writeEntries(db: Store, entries: readonly EntryWrite[]): Promise<void> {
  if (entries.length === 0) return;
  const keys = await db.keysOf(
    entries.filter(({ secrets }) => Object.keys(secrets).length > 0).map(({ accountId }) => accountId),
    'sealing',
  );
  const rows = entries.map(({ line, accountId, secrets }) => ({
    case_id: line.caseId,
    sequence: line.sequence,
    at_ms: line.at,
    by: line.by,
    what: line.what,
    data: line.data,
    previous_hash: line.previousHash,
    hash: line.hash,
    sealed: sealSecrets(keys, accountId, line, secrets),
  }));
  await db.query(
    `INSERT INTO casework.case_entry (case_id, sequence, at_ms, by, what, data, previous_hash, hash, sealed)
     SELECT case_id, sequence, at_ms, by, what, data, previous_hash, hash, sealed
     FROM json_to_recordset($1::json) AS next(case_id text, sequence integer, at_ms bigint, by text, what text, data jsonb,
                                              previous_hash text, hash text, sealed text)`,
    [JSON.stringify(rows)],
  );
}

/** The timeline of a case, oldest first, after a place in its chain. */
export async function readEntries(
  db: Store,
  caseId: string,
  page: { readonly afterSequence: number; readonly limit: number },
): Promise<readonly SealedEntry[]> {
  const { rows } = await db.query<StoredEntry & { account_id: Subject }>(
    `SELECT case_id AS "caseId", sequence, at_ms AS at, by, what, data, previous_hash AS "previousHash", hash, line.sealed, account_id
     FROM casework.case_entry AS line JOIN casework.cases USING (case_id) WHERE case_id = $1 AND sequence > $2::bigint
     ORDER BY sequence LIMIT $3`,
    [caseId, page.afterSequence, page.limit],
  );
  return openEntries(
    db,
    rows[0]?.account_id ?? null,
    rows.map(({ account_id: _, ...line }) => line),
  );
}

export interface StoredEntry extends SealedEntry {
  readonly sealed: string | null;
}

/** Lines of a case as they were written. */
export async function openEntries(db: Store, accountId: Subject, lines: readonly StoredEntry[]): Promise<readonly SealedEntry[]> {
  const keys = await db.keysOf(lines.some(({ sealed }) => sealed !== null) ? [accountId] : []);
  return lines.map(({ sealed, ...line }) => openEntry(keys, accountId, line, sealed));
}

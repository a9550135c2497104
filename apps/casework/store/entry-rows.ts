import type { SealedEntry } from '#case/evidence';
import type { Query } from '#apps/casework/store/query';

/** Adds sealed lines; the database refuses a second line with the same place in a case's chain. */
export async function writeEntries(db: Query, entries: readonly SealedEntry[]): Promise<void> {
  if (entries.length === 0) return;
  const rows = entries.map((line) => ({
    case_id: line.caseId,
    sequence: line.sequence,
    at_ms: line.at,
    by: line.by,
    what: line.what,
    data: line.data,
    previous_hash: line.previousHash,
    hash: line.hash,
  }));
  await db.query(
    `INSERT INTO casework.case_entry (case_id, sequence, at_ms, by, what, data, previous_hash, hash)
     SELECT case_id, sequence, at_ms, by, what, data, previous_hash, hash
     FROM json_to_recordset($1::json) AS next(case_id text, sequence integer, at_ms bigint, by text, what text, data jsonb,
                                              previous_hash text, hash text)`,
    [JSON.stringify(rows)],
  );
}

/** The timeline of a case, oldest first, after a place in its chain. */
export async function readEntries(
  db: Query,
  caseId: string,
  page: { readonly afterSequence: number; readonly limit: number },
): Promise<readonly SealedEntry[]> {
  const { rows } = await db.query<SealedEntry>(
    `SELECT case_id AS "caseId", sequence, at_ms AS at, by, what, data, previous_hash AS "previousHash", hash
     FROM casework.case_entry WHERE case_id = $1 AND sequence > $2 ORDER BY sequence LIMIT $3`,
    [caseId, page.afterSequence, page.limit],
  );
  return rows;
}

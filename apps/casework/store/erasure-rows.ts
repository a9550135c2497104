import type { InstantMs } from '#kernel/time';
import { blank, replaceInFinding } from '#case/personal';
import { eraseLine, type ErasedLine, type SealedEntry } from '#case/evidence';
import type { Finding } from '#detection/finding';
import { eraseKey } from '#apps/casework/store/key-rows';
import type { Query } from '#apps/casework/store/query';

export interface Erasure {
  readonly erasureId: string;
  readonly accountId: string;
  readonly state: 'awaiting_approval' | 'done' | 'rejected';
  readonly reason: string;
  readonly requestedBy: string;
  readonly requestedAt: InstantMs;
  readonly decidedBy: string | null;
  readonly decidedAt: InstantMs | null;
  readonly decisionReason: string | null;
}

const COLUMNS = `erasure_id AS "erasureId", account_id AS "accountId", state, reason, requested_by AS "requestedBy",
  requested_at_ms AS "requestedAt", decided_by AS "decidedBy", decided_at_ms AS "decidedAt", decision_reason AS "decisionReason"`;

/** Newest first. */
export async function listErasures(db: Query, accountId: string, how: 'read' | 'lock' = 'read'): Promise<readonly Erasure[]> {
  const { rows } = await db.query<Erasure>(
    `SELECT ${COLUMNS} FROM casework.erasure WHERE account_id = $1 ORDER BY requested_at_ms DESC, erasure_id DESC
     ${how === 'lock' ? 'FOR UPDATE' : ''}`,
    [accountId],
  );
  return rows;
}

export async function writeErasure(db: Query, erasure: Erasure): Promise<void> {
  const { erasureId, accountId, state, reason, requestedBy, requestedAt, decidedBy, decidedAt, decisionReason } = erasure;
  await db.query(
    `INSERT INTO casework.erasure (erasure_id, account_id, state, reason, requested_by, requested_at_ms, decided_by, decided_at_ms,
       decision_reason) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     ON CONFLICT (erasure_id) DO UPDATE SET state = excluded.state, decided_by = excluded.decided_by,
       decided_at_ms = excluded.decided_at_ms, decision_reason = excluded.decision_reason`,
    [erasureId, accountId, state, reason, requestedBy, requestedAt, decidedBy, decidedAt, decisionReason],
  );
}

/** Lines of a case from before lines were committed to one by one, as they are left without what is personal in them. */
export async function plainLines(
  db: Query,
  caseId: string,
): Promise<readonly { readonly left: SealedEntry; readonly named: ErasedLine }[]> {
  const { rows } = await db.query<SealedEntry>(
    `SELECT case_id AS "caseId", sequence, at_ms AS at, by, what, data, previous_hash AS "previousHash", hash
     FROM casework.case_entry WHERE case_id = $1
       AND 'string' IN (jsonb_typeof(data -> 'text'), jsonb_typeof(data -> 'why'), jsonb_typeof(data -> 'name')) ORDER BY sequence`,
    [caseId],
  );
  return rows.flatMap((line) => eraseLine(line) ?? []);
}

/** Removes what is personal from the rows of cases, beside their documents: lines, files, and keys by which they were found. */
export async function eraseRowsOfCases(
  db: Query,
  caseIds: readonly string[],
  plain: readonly SealedEntry[],
  at: InstantMs,
): Promise<void> {
  const ofCases = 'case_id = ANY($1::text[])';
  await db.query(`SELECT set_config('makewhole.erasing', 'on', true)`);
  await db.query(`UPDATE casework.case_entry SET sealed = NULL WHERE sealed IS NOT NULL AND ${ofCases}`, [caseIds]);
  await db.query(
    `UPDATE casework.case_entry AS held SET data = next.data
     FROM json_to_recordset($1::json) AS next("caseId" text, sequence integer, data jsonb)
     WHERE held.case_id = next."caseId" AND held.sequence = next.sequence`,
    [JSON.stringify(plain)],
  );
  await db.query(`SELECT set_config('makewhole.erasing', 'off', true)`);
  await db.query(
    `UPDATE casework.case_file SET name = '', sealed = NULL, content = '', erased_at_ms = $2 WHERE erased_at_ms IS NULL AND ${ofCases}`,
    [caseIds, at],
  );
  await db.query(`DELETE FROM casework.case_money WHERE ${ofCases} AND (key LIKE 'last4 %' OR key LIKE 'reference %')`, [
    caseIds,
  ]);
}

/** The rest of what is kept of a buyer, and last the key: with it goes what lies in copies of the database. */
export async function eraseRowsOfAccount(db: Query, accountId: string, at: InstantMs): Promise<void> {
  await eraseKey(db, accountId, at);
  await eraseFindings(db, accountId);
  await db.query(`UPDATE casework.mark SET reason = 'erased' WHERE account_id = $1`, [accountId]);
  await db.query(
    `UPDATE casework.snooze SET reason = 'erased', end_reason = CASE WHEN end_reason IS NULL THEN NULL ELSE 'erased' END
     WHERE account_id = $1 OR case_id IN (SELECT case_id FROM casework.cases WHERE account_id = $1)`,
    [accountId],
  );
  const gone = {
    status: 410,
    headers: {},
    body: { type: 'urn:makewhole:problem:erased', title: 'The buyer was erased', status: 410 },
  };
  await db.query('UPDATE casework.api_request SET answer = $2 WHERE account_id = $1', [accountId, JSON.stringify(gone)]);
}

/** Those in the clear from before anything was sealed; the others are shown without what was sealed in them. */
async function eraseFindings(db: Query, accountId: string): Promise<void> {
  await db.query(
    `UPDATE casework.finding SET sealed = NULL, suppressed = (suppressed::jsonb || '{"reason": "erased"}')::json WHERE account_id = $1`,
    [accountId],
  );
  const { rows } = await db.query<{ document: Finding }>('SELECT document FROM casework.finding WHERE account_id = $1', [
    accountId,
  ]);
  const blanked = rows.map(({ document }) => replaceInFinding(document, blank));
  await db.query(
    `UPDATE casework.finding AS held SET document = next.document
     FROM json_to_recordset($1::json) AS next(finding_id text, document json) WHERE held.finding_id = next.finding_id`,
    [JSON.stringify(blanked.map((document) => ({ finding_id: document.findingId, document })))],
  );
}

import type { InstantMs } from '#kernel/time';
import { lockOpened, type StoredCase } from '#apps/casework/store/case-rows';
import { isHeld } from '#apps/casework/store/hold-rows';
import type { Query } from '#apps/casework/store/query';
import type { Store } from '#apps/casework/store/store';

/** Closed cases whose time is over, those closed longest ago first; none on legal hold, none that was cut since it closed. */
export const lockExpiredCases = (db: Store, before: InstantMs, limit: number): Promise<readonly StoredCase[]> =>
  lockOpened(
    db,
    `WHERE closed_at_ms < $1 AND (reduced_at_ms IS NULL OR reduced_at_ms < closed_at_ms) AND NOT ${isHeld('cases.account_id')}
     ORDER BY closed_at_ms LIMIT $2 FOR UPDATE SKIP LOCKED`,
    [before, limit],
  );

/** Lines up to a place go; the chain says so in a line behind them. */
export async function cutEntries(
  db: Query,
  cuts: readonly { readonly caseId: string; readonly through: number }[],
): Promise<void> {
  await db.query(`SELECT set_config('makewhole.cutting', 'on', true)`);
  await db.query(
    `DELETE FROM casework.case_entry AS line USING json_to_recordset($1::json) AS cut("caseId" text, through integer)
     WHERE line.case_id = cut."caseId" AND line.sequence <= cut.through`,
    [JSON.stringify(cuts)],
  );
  await db.query(`SELECT set_config('makewhole.cutting', 'off', true)`);
}

export async function markReduced(db: Query, caseIds: readonly string[], at: InstantMs): Promise<void> {
  await db.query('UPDATE casework.cases SET reduced_at_ms = $2 WHERE case_id = ANY($1::text[])', [caseIds, at]);
}

/** What policy saw of these cases and decided. */
export async function forgetDecisions(db: Query, caseIds: readonly string[]): Promise<void> {
  await db.query('DELETE FROM casework.decision WHERE case_id = ANY($1::text[])', [caseIds]);
}

/** Name and content of files of cases that closed before; the row and its hash stay. Returns how many. */
export async function forgetFiles(db: Query, before: InstantMs, at: InstantMs, limit: number): Promise<number> {
  const { rows } = await db.query(
    `UPDATE casework.case_file SET name = '', sealed = NULL, content = '', erased_at_ms = $2 WHERE file_id IN (
       SELECT file_id FROM casework.case_file AS file JOIN casework.cases AS held USING (case_id)
       WHERE file.erased_at_ms IS NULL AND held.closed_at_ms < $1 AND NOT ${isHeld('held.account_id')} LIMIT $3)
     RETURNING file_id`,
    [before, at, limit],
  );
  return rows.length;
}

/** Findings that opened no case, unless a person's word on them still counts. Returns how many. */
export async function forgetFindings(db: Query, before: InstantMs, limit: number): Promise<number> {
  const { rows } = await db.query(
    `DELETE FROM casework.finding WHERE finding_id IN (
       SELECT finding_id FROM casework.finding AS told WHERE case_id IS NULL AND suppressed_by IS NULL AND at_ms < $1
         AND NOT ${isHeld('told.account_id')} ORDER BY at_ms LIMIT $2 FOR UPDATE SKIP LOCKED)
     RETURNING finding_id`,
    [before, limit],
  );
  return rows.length;
}

/** Erasures that were decided and holds that ended before. */
export async function forgetAudit(db: Query, before: InstantMs): Promise<void> {
  await db.query('DELETE FROM casework.erasure WHERE decided_at_ms < $1', [before]);
  await db.query('DELETE FROM casework.legal_hold WHERE ended_at_ms < $1', [before]);
}

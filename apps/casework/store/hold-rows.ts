import type { InstantMs } from '#kernel/time';
import type { Query } from '#apps/casework/store/query';

/** Somebody may need what is kept of a buyer: it is neither erased nor forgotten until the hold ends. */
export interface LegalHold {
  readonly holdId: string;
  readonly accountId: string;
  readonly reason: string;
  readonly by: string;
  readonly at: InstantMs;
  readonly endedBy: string | null;
  readonly endedAt: InstantMs | null;
  readonly endReason: string | null;
}

/** Of rows with an `account_id` (named by `column`): whether a hold runs on it. */
export const isHeld = (column: string): string =>
  `EXISTS (SELECT FROM casework.legal_hold AS hold WHERE hold.account_id = ${column} AND hold.ended_at_ms IS NULL)`;

export async function listHolds(db: Query, accountId: string): Promise<readonly LegalHold[]> {
  const { rows } = await db.query<LegalHold>(
    `SELECT hold_id AS "holdId", account_id AS "accountId", reason, by, at_ms AS at, ended_by AS "endedBy", ended_at_ms AS "endedAt",
       end_reason AS "endReason" FROM casework.legal_hold WHERE account_id = $1 ORDER BY at_ms DESC, hold_id DESC`,
    [accountId],
  );
  return rows;
}

export async function writeHold(db: Query, { holdId, accountId, reason, by, at }: LegalHold): Promise<void> {
  await db.query(`INSERT INTO casework.legal_hold (hold_id, account_id, reason, by, at_ms) VALUES ($1, $2, $3, $4, $5)`, [
    holdId,
    accountId,
    reason,
    by,
    at,
  ]);
}

/** Ends every hold that runs; returns how many. */
export async function endHolds(db: Query, accountId: string, by: string, at: InstantMs, reason: string): Promise<number> {
  const { rows } = await db.query(
    `UPDATE casework.legal_hold SET ended_by = $2, ended_at_ms = $3, end_reason = $4
     WHERE account_id = $1 AND ended_at_ms IS NULL RETURNING hold_id`,
    [accountId, by, at, reason],
  );
  return rows.length;
}

/** A hold and an erasure of one buyer wait for each other: whichever comes second sees the first. */
export async function lockAccount(db: Query, accountId: string): Promise<void> {
  await db.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`makewhole.casework.account ${accountId}`]);
}

import type { DurationMs, InstantMs } from '#kernel/time';
import type { Query } from '#apps/actuator/query';

export type DeliveryResult = 'delivered' | 'retried' | 'failed' | 'disabled';

/** One try of a notice. */
export interface Try {
  readonly endpoint: string;
  readonly noticeId: string;
  readonly at: InstantMs;
  readonly tookMs: DurationMs;
  readonly result: DeliveryResult;
  /** Of the answer; undefined when none came. */
  readonly status: number | undefined;
  readonly reason: string | undefined;
}

export interface LoggedTry {
  readonly number: number;
  readonly noticeId: string;
  readonly type: string | null;
  readonly at: InstantMs;
  readonly tookMs: DurationMs;
  readonly result: DeliveryResult;
  readonly status: number | null;
  readonly reason: string | null;
}

export async function logTry(db: Query, { endpoint, noticeId, at, tookMs, result, status, reason }: Try): Promise<void> {
  await db.query(
    `INSERT INTO actuator.hook_delivery (endpoint, notice_id, at_ms, took_ms, result, status, reason)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [endpoint, noticeId, at, Math.round(tookMs), result, status ?? null, reason?.slice(0, 500) ?? null],
  );
}

/** Newest first. @param before the number of the last one seen */
export async function readTries(
  db: Query,
  endpoint: string,
  { limit, before }: { readonly limit: number; readonly before: number | undefined },
): Promise<readonly LoggedTry[]> {
  const { rows } = await db.query<LoggedTry>(
    `SELECT d.number, d.notice_id AS "noticeId", n.type, d.at_ms AS at, d.took_ms AS "tookMs", d.result, d.status, d.reason
     FROM actuator.hook_delivery d LEFT JOIN actuator.notice n USING (endpoint, notice_id)
     WHERE d.endpoint = $1 AND ($2::bigint IS NULL OR d.number < $2) ORDER BY d.number DESC LIMIT $3`,
    [endpoint, before ?? null, limit],
  );
  return rows;
}

/** Returns how many were forgotten. */
export async function forgetTries(db: Query, before: InstantMs, limit: number): Promise<number> {
  const { rowCount } = await db.query(
    `DELETE FROM actuator.hook_delivery WHERE number IN (
       SELECT number FROM actuator.hook_delivery WHERE at_ms < $1 ORDER BY at_ms LIMIT $2)`,
    [before, limit],
  );
  return rowCount;
}

import type { InstantMs } from '#kernel/time';
import type { Notice } from '#hook/notice';
import type { Query } from '#apps/actuator/query';

export type WaitingNotice = Notice;

/** Who is told of what; without `types` and `kinds`, of everything. */
export interface Subscription {
  readonly name: string;
  readonly types?: readonly string[];
  /** Kinds of findings that a notice, or the case that it is about, has to name one of; a notice of an action names none. */
  readonly kinds?: readonly string[];
}

/** A notice in hand for one endpoint. */
export interface ClaimedNotice {
  readonly id: string;
  readonly type: string;
  readonly body: string;
  /** Tries that failed so far. */
  readonly failures: number;
}

/** Puts notices in the queue of each endpoint that wants them, each once. */
export async function storeNotices(
  db: Query,
  subscriptions: readonly Subscription[],
  notices: readonly WaitingNotice[],
  now: InstantMs,
): Promise<void> {
  const rows = subscriptions.flatMap(({ name, types, kinds }) =>
    notices
      .filter((notice) => isWanted(notice.type, types) && kindsIn(notice).some((kind) => isWanted(kind, kinds)))
      .map(({ id, type, timestamp, data }) => ({
        endpoint: name,
        notice_id: id,
        type,
        body: JSON.stringify({ type, timestamp, data }),
      })),
  );
  if (rows.length === 0) return;
  await db.query(
    `INSERT INTO actuator.notice (endpoint, notice_id, type, body, created_ms, next_ms)
     SELECT endpoint, notice_id, type, body, $2, $2
     FROM json_to_recordset($1::json) AS told(endpoint text, notice_id text, type text, body text)
     ON CONFLICT DO NOTHING`,
    [JSON.stringify(rows), now],
  );
}

const isWanted = (word: string, wanted: readonly string[] | undefined): boolean =>
  wanted === undefined || wanted.length === 0 || word === '' || wanted.includes(word);

/** An empty word where it is about no finding. */
function kindsIn({ data }: WaitingNotice): readonly string[] {
  const { finding, case: subject } = data as { finding?: { kind: string } | null; case?: { kinds?: readonly string[] } };
  if (finding) return [finding.kind];
  return subject?.kinds === undefined || subject.kinds.length === 0 ? [''] : subject.kinds;
}

/** Takes due notices of one endpoint for a while; another process takes them again when that is over. */
export async function claimNotices(
  db: Query,
  endpoint: string,
  limit: number,
  holdMs: number,
  now: InstantMs,
): Promise<readonly ClaimedNotice[]> {
  const { rows } = await db.query<{ notice_id: string; type: string; body: string; failures: number }>(
    `UPDATE actuator.notice SET next_ms = $3 + $4::bigint
     WHERE endpoint = $1 AND notice_id IN (
       SELECT notice_id FROM actuator.notice WHERE endpoint = $1 AND next_ms <= $3 ORDER BY next_ms LIMIT $2 FOR UPDATE SKIP LOCKED)
     RETURNING notice_id, type, body, failures`,
    [endpoint, limit, now, holdMs],
  );
  return rows.map(({ notice_id: id, type, body, failures }) => ({ id, type, body, failures }));
}

export async function markDelivered(db: Query, endpoint: string, id: string): Promise<void> {
  await db.query(`UPDATE actuator.notice SET state = 'delivered', next_ms = NULL WHERE endpoint = $1 AND notice_id = $2`, [
    endpoint,
    id,
  ]);
}

/** @param nextMs when to try again; null gives up. */
export async function markFailed(
  db: Query,
  endpoint: string,
  id: string,
  reason: string,
  nextMs: InstantMs | null,
): Promise<void> {
  await db.query(
    `UPDATE actuator.notice SET failures = failures + 1, reason = $3, next_ms = $4,
       state = CASE WHEN $4::bigint IS NULL THEN 'failed' ELSE state END
     WHERE endpoint = $1 AND notice_id = $2 AND state = 'waiting'`,
    [endpoint, id, reason, nextMs],
  );
}

/** The receiver is gone for good: nothing more is sent to it until an operator says so. Returns how many notices waited. */
export async function disableEndpoint(db: Query, endpoint: string, reason: string, now: InstantMs): Promise<number> {
  await db.query(
    `INSERT INTO actuator.hook_endpoint (endpoint, disabled_ms, reason) VALUES ($1, $2, $3)
     ON CONFLICT (endpoint) DO UPDATE SET disabled_ms = excluded.disabled_ms, reason = excluded.reason`,
    [endpoint, now, reason],
  );
  return holdBack(db, endpoint);
}

/** What waits for a disabled endpoint is kept until it is enabled. Returns how many. */
export async function holdBack(db: Query, endpoint: string): Promise<number> {
  const { rowCount } = await db.query(
    `UPDATE actuator.notice SET state = 'disabled', next_ms = NULL WHERE endpoint = $1 AND state = 'waiting'`,
    [endpoint],
  );
  return rowCount;
}

export async function isDisabled(db: Query, endpoint: string): Promise<boolean> {
  const { rows } = await db.query<{ disabled: boolean }>(
    'SELECT disabled_ms IS NOT NULL AS disabled FROM actuator.hook_endpoint WHERE endpoint = $1',
    [endpoint],
  );
  return rows[0]?.disabled === true;
}

import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { formatInstant, type InstantMs } from '#kernel/time';
import { disableEndpoint } from '#apps/actuator/notice-rows';
import { type Query, transact } from '#apps/actuator/query';

/** How an endpoint stands. */
export interface HookStanding {
  readonly name: string;
  readonly disabledAt: InstantMs | null;
  readonly reason: string | null;
  readonly waiting: number;
  readonly failed: number;
  readonly delivered: number;
  /** Of what waits: when it was said. */
  readonly oldestWaitingAt: InstantMs | null;
}

/** Which notices go out again. */
export type Again =
  | { readonly noticeIds: readonly string[] }
  | { readonly from: InstantMs; readonly until: InstantMs; readonly types?: readonly string[] | undefined };

export interface Person {
  readonly by: string;
  readonly reason?: string | undefined;
  readonly now: InstantMs;
}

export async function standingOf(db: Query, names: readonly string[]): Promise<readonly HookStanding[]> {
  const { rows } = await db.query<HookStanding>(
    `SELECT name, h.disabled_ms AS "disabledAt", h.reason,
       count(*) FILTER (WHERE n.state = 'waiting')::int AS waiting,
       count(*) FILTER (WHERE n.state IN ('failed', 'disabled'))::int AS failed,
       count(*) FILTER (WHERE n.state = 'delivered')::int AS delivered,
       min(n.created_ms) FILTER (WHERE n.state = 'waiting') AS "oldestWaitingAt"
     FROM unnest($1::text[]) WITH ORDINALITY AS asked (name, place)
     LEFT JOIN actuator.hook_endpoint h ON h.endpoint = name LEFT JOIN actuator.notice n ON n.endpoint = name
     GROUP BY name, place, h.disabled_ms, h.reason ORDER BY place`,
    [names],
  );
  return rows;
}

/** Under their own ids, so that a receiver knows what it has seen. Returns how many. */
export const sendAgain = (pool: Pool, endpoint: string, which: Again, person: Person): Promise<number> =>
  change(pool, endpoint, 'noticeIds' in which ? 'resend' : 'redeliver', person, async (db) => {
    const { rowCount } = await ('noticeIds' in which
      ? db.query(`${againSql} AND notice_id = ANY ($3::text[])`, [endpoint, person.now, which.noticeIds])
      : db.query(`${againSql} AND created_ms >= $3 AND created_ms < $4 AND ($5::text[] IS NULL OR type = ANY ($5))`, [
          ...[endpoint, person.now, which.from, which.until],
          which.types ?? null,
        ]));
    return rowCount;
  });

const againSql = `UPDATE actuator.notice SET state = 'waiting', failures = 0, reason = NULL, next_ms = $2 WHERE endpoint = $1`;

/** A message that says only that it arrived. Returns its `webhook-id`. */
export async function sendTest(pool: Pool, endpoint: string, person: Person): Promise<string> {
  const id = `msg_test_${randomUUID()}`;
  await change(pool, endpoint, 'test', person, async (db) => {
    const body = JSON.stringify({ type: 'hook.test', timestamp: formatInstant(person.now), data: { endpoint } });
    await db.query(
      `INSERT INTO actuator.notice (endpoint, notice_id, type, body, created_ms, next_ms) VALUES ($1, $2, 'hook.test', $3, $4, $4)`,
      [endpoint, id, body, person.now],
    );
    return 1;
  });
  return id;
}

/** What could not go out meanwhile goes out now. Returns how many. */
export const enable = (pool: Pool, endpoint: string, person: Person): Promise<number> =>
  change(pool, endpoint, 'enable', person, async (db) => {
    await db.query('DELETE FROM actuator.hook_endpoint WHERE endpoint = $1', [endpoint]);
    const { rowCount } = await db.query(`${againSql} AND state = 'disabled'`, [endpoint, person.now]);
    return rowCount;
  });

export const disable = (pool: Pool, endpoint: string, person: Person): Promise<number> =>
  change(pool, endpoint, 'disable', person, (db) => disableEndpoint(db, endpoint, person.reason ?? 'by hand', person.now));

/** Who did it, when and why is written with what was done. */
const change = (
  pool: Pool,
  endpoint: string,
  what: string,
  { by, reason, now }: Person,
  work: (db: Query) => Promise<number>,
): Promise<number> =>
  transact(pool, `${what} of hook ${endpoint}`, async (transaction) => {
    const notices = await work(transaction);
    await transaction.query(
      `INSERT INTO actuator.hook_change (endpoint, at_ms, by, what, reason, notices) VALUES ($1, $2, $3, $4, $5, $6)`,
      [endpoint, now, by, what, reason ?? null, notices],
    );
    return notices;
  });

import { minutes, type InstantMs } from '#kernel/time';
import type { Money } from '#kernel/money';
import type { Query } from '#apps/casework/store/query';

/** Minor units by currency. */
export type Sums = ReadonlyMap<string, number>;

/**
 * Money approved since an instant. It is kept by the minute, so that asking costs the same however much goes out; the minute in which
 * `since` falls counts in full, and what was approved and then refused by the provider stays counted: too much, never too little.
 */
export async function approvedSince(db: Query, since: InstantMs): Promise<Sums> {
  const { rows } = await db.query<{ currency: string; minor: string }>(
    `SELECT currency, sum(minor)::text AS minor FROM casework.approved_money WHERE minute_ms > $1 GROUP BY currency`,
    [since - minutes(1)],
  );
  return new Map(rows.map(({ currency, minor }) => [currency, Number(minor)]));
}

export async function addApproved(db: Query, amounts: readonly Money[], now: InstantMs): Promise<void> {
  if (amounts.length === 0) return;
  await db.query(
    `INSERT INTO casework.approved_money AS held (minute_ms, currency, minor)
     SELECT $2, currency, sum(minor) FROM json_to_recordset($1::json) AS next(currency text, minor bigint)
     GROUP BY currency ORDER BY currency
     ON CONFLICT (minute_ms, currency) DO UPDATE SET minor = held.minor + excluded.minor`,
    [JSON.stringify(amounts), now - (now % minutes(1))],
  );
}

/**
 * The budget is one for all partitions and people: who approves money waits for the others' transactions to end. Returns what was
 * approved since an instant, which is so until the lock is gone.
 */
export async function lockBudget(db: Query, since: InstantMs): Promise<Sums> {
  await db.query(`SELECT pg_advisory_xact_lock(hashtextextended('makewhole.casework.budget', 0))`);
  return approvedSince(db, since);
}

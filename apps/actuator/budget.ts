import { hours, type InstantMs, minutes } from '#kernel/time';
import { nothingSpent, type Outgoing, type Spent, type VelocityCount, velocityKeys, type VelocityLimit } from '#action/velocity';
import type { Query } from '#apps/actuator/query';

/**
 * A currency's budget, and what each limit counts, is counted by one transaction at a time. Take it after all other locks, of payments and of
 * actions; the locks are taken in one order by everybody, so that nobody waits in a ring.
 */
export async function lockLimits(db: Query, out: Outgoing, limits: readonly VelocityLimit[]): Promise<void> {
  const counted = limits.flatMap((limit) => velocityKeys(limit, out).map((key) => `makewhole.actuator.${limit.per}.${key}`));
  for (const name of [`makewhole.actuator.budget.${out.amount.currency}`, ...[...new Set(counted)].sort()])
    await db.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [name]);
}

/** What went out under the limits that count this payment, other than by this action. */
export async function velocityOf(
  db: Query,
  limits: readonly VelocityLimit[],
  out: Outgoing,
  exceptActionId: string,
  now: InstantMs,
): Promise<VelocityCount> {
  const sums = new Map<string, Spent>();
  for (const limit of limits)
    for (const key of velocityKeys(limit, out)) {
      const { rows } = await db.query<{ currency: string; count: number; minor: string }>(
        `SELECT currency, count(*)::int AS count, sum(minor)::text AS minor FROM actuator.budget_spent
         WHERE ${columnOf[limit.per]} AND at_ms > $2 AND action_id <> $3 GROUP BY currency`,
        [key, now - minutes(limit.minutes), exceptActionId],
      );
      const count = rows.reduce((sum, row) => sum + row.count, 0);
      const minor = Object.fromEntries(rows.map((row) => [row.currency, Number(row.minor)]));
      sums.set(`${limit.per} ${limit.minutes} ${key}`, { count, minor });
    }
  return (limit, key) => sums.get(`${limit.per} ${limit.minutes} ${key}`) ?? nothingSpent;
}

const columnOf = {
  currency: 'currency = $1',
  merchant: 'merchant_id = $1',
  operator: 'operators @> ARRAY[$1]',
} as const;

/** What went out within the hour before `now` in a currency, other than by this action. */
export async function spentMinor(db: Query, currency: string, exceptActionId: string, now: InstantMs): Promise<number> {
  const { rows } = await db.query<{ minor: string }>(
    `SELECT coalesce(sum(minor), 0)::text AS minor FROM actuator.budget_spent
     WHERE currency = $1 AND at_ms > $2 AND action_id <> $3`,
    [currency, now - hours(1), exceptActionId],
  );
  return Number(rows[0]!.minor);
}

export async function spend(
  db: Query,
  actionId: string,
  { amount, merchantId, operators }: Outgoing,
  now: InstantMs,
): Promise<void> {
  await db.query(
    `INSERT INTO actuator.budget_spent (action_id, currency, minor, at_ms, merchant_id, operators) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (action_id) DO NOTHING`,
    [actionId, amount.currency, amount.minor, now, merchantId ?? null, operators],
  );
}

/** It was refused or failed: nothing went out. */
export async function unspend(db: Query, actionId: string): Promise<void> {
  await db.query('DELETE FROM actuator.budget_spent WHERE action_id = $1', [actionId]);
}

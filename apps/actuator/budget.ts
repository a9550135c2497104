import type { Money } from '#kernel/money';
import { hours, type InstantMs } from '#kernel/time';
import type { Query } from '#apps/actuator/query';

/** One currency's budget is counted by one transaction at a time. Take it after the payment's lock. */
export async function lockBudget(db: Query, currency: string): Promise<void> {
  await db.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`makewhole.actuator.budget.${currency}`]);
}

/** What went out within the hour before `now` in a currency, other than by this action. */
export async function spentMinor(db: Query, currency: string, exceptActionId: string, now: InstantMs): Promise<number> {
  const { rows } = await db.query<{ minor: string }>(
    `SELECT coalesce(sum(minor), 0)::text AS minor FROM actuator.budget_spent
     WHERE currency = $1 AND at_ms > $2 AND action_id <> $3`,
    [currency, now - hours(1), exceptActionId],
  );
  return Number(rows[0]!.minor);
}

export async function spend(db: Query, actionId: string, amount: Money, now: InstantMs): Promise<void> {
  await db.query(
    `INSERT INTO actuator.budget_spent (action_id, currency, minor, at_ms) VALUES ($1, $2, $3, $4)
     ON CONFLICT (action_id) DO NOTHING`,
    [actionId, amount.currency, amount.minor, now],
  );
}

/** It was refused or failed: nothing went out. */
export async function unspend(db: Query, actionId: string): Promise<void> {
  await db.query('DELETE FROM actuator.budget_spent WHERE action_id = $1', [actionId]);
}

import type { InstantMs } from '#kernel/time';
import type { Page } from '#apps/casework/api/cursor';
import { Conditions, type Query } from '#apps/casework/store/query';

/** Who did what to which version, when and why, and what it was and became. */
export interface PolicyChange {
  readonly at: InstantMs;
  readonly by: string;
  readonly what: string;
  readonly version: string | null;
  readonly before: object | null;
  readonly after: object;
  readonly why: string | null;
}

export interface SealedChange extends PolicyChange {
  readonly sequence: number;
}

/** Adds a line; the database refuses to change or remove one. Returns its place. */
export async function writePolicyChange(db: Query, change: PolicyChange): Promise<number> {
  const { rows } = await db.query<{ sequence: number }>(
    `INSERT INTO casework.policy_change (at_ms, by, what, version, before, after, why) VALUES ($1, $2, $3, $4, $5, $6, $7)
     RETURNING sequence`,
    [
      change.at,
      change.by,
      change.what,
      change.version,
      change.before === null ? null : JSON.stringify(change.before),
      JSON.stringify(change.after),
      change.why,
    ],
  );
  return Number(rows[0]!.sequence);
}

/** Newest first; one row more than `limit`. */
export async function listPolicyChanges(
  db: Query,
  filter: { readonly version?: string | undefined },
  page: Page,
): Promise<readonly SealedChange[]> {
  const conditions = new Conditions();
  if (filter.version) conditions.add('version = $?', filter.version);
  if (page.after) conditions.add('sequence < $?', page.after.atMs);
  const { where } = conditions;
  const limit = conditions.parameter(page.limit + 1);
  const { rows } = await db.query<SealedChange>(
    `SELECT sequence, at_ms AS at, by, what, version, before, after, why FROM casework.policy_change ${where}
     ORDER BY sequence DESC LIMIT ${limit}`,
    conditions.values,
  );
  return rows;
}

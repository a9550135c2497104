import type { Query } from '#apps/casework/store/query';

/**
 * Marks messages as taken in and returns the ids that are new. A relay that crashed sends what it had sent again, an old
 * finding after a newer one among it; only the id tells.
 */
export async function takeMessages(db: Query, ids: readonly string[], now: number): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const { rows } = await db.query<{ id: string }>(
    `INSERT INTO casework.seen_message (id, at_ms)
     SELECT DISTINCT unnest($1::text[]), $2::bigint
     ON CONFLICT (id) DO NOTHING RETURNING id`,
    [ids, now],
  );
  return new Set(rows.map((row) => row.id));
}

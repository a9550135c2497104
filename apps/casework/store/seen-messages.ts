import type { Query } from '#apps/casework/store/query';

/**
 * Marks messages as taken in and returns the ids that are new. A relay that crashed sends what it had sent again, an old
 * finding after a newer one among it; only the id tells.
 */
export async function takeMessages(db: Query, ids: readonly string[], now: number): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const { rows } = await db.query<{ id: string }>(
    `INSERT INTO casework.seen_message (id, at_ms)
     SELECT DISTINCT json_array_elements_text($1::json), $2::bigint
     ON CONFLICT (id) DO NOTHING RETURNING id`,
    [JSON.stringify(ids), now],
  );
  return new Set(rows.map((row) => row.id));
}

import type { Pool } from 'pg';

/** What lists are picked by and what the cases themselves say, where the two differ: nothing, always. */
export async function strayListedRows(pool: Pool): Promise<readonly unknown[]> {
  const kinds = `SELECT kind, opened_at_ms, case_id, status = 'open' AS is_open FROM casework.cases, unnest(kinds) AS kind`;
  const losses = `SELECT case_id, key AS currency, value::bigint AS minor, opened_at_ms, status = 'open' AS is_open
    FROM casework.cases, jsonb_each_text(loss)`;
  const listedKinds = 'SELECT kind, opened_at_ms, case_id, is_open FROM casework.case_kind';
  const listedLosses = 'SELECT case_id, currency, minor, opened_at_ms, is_open FROM casework.case_loss';
  const stray: unknown[] = [];
  for (const [said, listed] of [
    [kinds, listedKinds],
    [losses, listedLosses],
  ]) {
    const { rows } = await pool.query(`(${said} EXCEPT ALL ${listed}) UNION ALL (${listed} EXCEPT ALL ${said})`);
    stray.push(...rows);
  }
  return stray;
}

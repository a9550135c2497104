import type { Pool, PoolClient } from 'pg';
import { markerOf } from '#test/casework/seed-cases';

const seed = markerOf(0);
const marker = "'~' || lpad(copy::text, 6, '0') || '~'";

/** What kernel/ids and case/number derive, said a second time in SQL. */
const functions = `
CREATE OR REPLACE FUNCTION pg_temp.derived(prefix text, parts text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT prefix || '-' || left(encode(sha256(convert_to(parts, 'UTF8')), 'hex'), 32) $$;
CREATE OR REPLACE FUNCTION pg_temp.case_number(case_id text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  value bigint := ('x' || left(encode(sha256(convert_to('number ' || case_id, 'UTF8')), 'hex'), 15))::bit(60)::bigint;
  symbols text := '';
BEGIN
  FOR place IN 0..11 LOOP
    symbols := symbols || substr('0123456789ABCDEFGHJKMNPQRSTVWXYZ', 1 + ((value >> (55 - 5 * place)) & 31)::int, 1);
  END LOOP;
  RETURN 'MW-' || left(symbols, 4) || '-' || substr(symbols, 5, 4) || '-' || right(symbols, 4) || '-' ||
    substr('0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U', 1 + (value % 37)::int, 1);
END $$;
CREATE OR REPLACE FUNCTION pg_temp.renamed(said text, old text[], new text[]) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  FOR at IN 1..cardinality(old) LOOP
    said := replace(said, old[at], new[at]);
  END LOOP;
  RETURN said;
END $$;`;

/** For each seed ($3) and copy ($1 to $2): what is named in the seed, and what it is called in the copy. */
const names = `
CREATE TEMP TABLE copied ON COMMIT DROP AS
WITH held AS (
  SELECT case_id, number, opened_at_ms, document -> 'findings' -> 0 ->> 'findingId' AS opener
  FROM casework.cases WHERE case_id = ANY ($3::text[])
), named AS (
  SELECT held.*, copy, pg_temp.derived('case', '["' || replace(opener, '${seed}', ${marker}) || '"]') AS new_id
  FROM held, generate_series($1::int, $2::int) AS copy
)
SELECT case_id, copy, opened_at_ms, new_id, ARRAY['${seed}', case_id, number] || acts.old AS old,
  ARRAY[${marker}, new_id, pg_temp.case_number(new_id)] || acts.new AS new
FROM named, LATERAL (
  SELECT coalesce(array_agg(name.old), '{}') AS old, coalesce(array_agg(name.new), '{}') AS new
  FROM casework.action, LATERAL (
    SELECT '["' || new_id || '",' || coalesce('"' || replace(payment_id, '${seed}', ${marker}) || '"', 'null') || ',"' ||
      kind || '",' || (document ->> 'sequence') || ']' AS parts
  ) AS derived, LATERAL (VALUES (action_id, pg_temp.derived('action', parts)), (key, pg_temp.derived('key', parts))) AS name(old, new)
  WHERE action.case_id = named.case_id
) AS acts`;

const renamedRow = (table: 'cases' | 'finding' | 'action'): string => `
SELECT next.* FROM copied JOIN casework.${table} AS held USING (case_id),
  LATERAL json_populate_record(NULL::casework.${table}, pg_temp.renamed(to_json(held)::text, old, new)::json) AS renamed,
  LATERAL json_populate_record(renamed, '{"sealed": null}') AS next
ORDER BY opened_at_ms, copy`;

/** What the copies of the seeds in `copied` are in each table. Chains are not copied: no list reads them. */
export const copiesOf = {
  cases: renamedRow('cases'),
  finding: renamedRow('finding'),
  action: renamedRow('action'),
  case_kind: `SELECT kind, copied.opened_at_ms, new_id AS case_id, is_open FROM copied JOIN casework.case_kind USING (case_id)`,
  case_loss: `SELECT new_id AS case_id, currency, minor, copied.opened_at_ms, is_open FROM copied JOIN casework.case_loss USING (case_id)`,
  case_money: `SELECT new_id AS case_id, replace(key, '${seed}', new[1]) AS key FROM copied JOIN casework.case_money USING (case_id)`,
  case_tag: `SELECT tag, new_id AS case_id, copied.opened_at_ms FROM copied JOIN casework.case_tag USING (case_id)`,
} as const;

const listedOnly = `
INSERT INTO casework.finding SELECT next.* FROM casework.finding AS held, generate_series($1::int, $2::int) AS copy,
  LATERAL json_populate_record(NULL::casework.finding, replace(to_json(held)::text, '${seed}', ${marker})::json) AS renamed,
  LATERAL json_populate_record(renamed, '{"sealed": null}') AS next
WHERE held.case_id IS NULL AND held.finding_id LIKE '%${seed}%' ORDER BY held.at_ms, copy`;

/** Seeds a transaction: its copies lie side by side, as cases do that were opened at one time. */
const SEEDS = 50;

/**
 * Copies the seeds that the product wrote, `copies` times, under names of their own, without what is sealed under the key of
 * another buyer; then the tables are as after a vacuum.
 */
export async function copyCases(pool: Pool, copies: number, tell: (line: string) => void = () => undefined): Promise<void> {
  const seeds = await readSeeds(pool);
  await inTransaction(pool, (client) => client.query(listedOnly, [1, copies]));
  for (let from = 0; from < seeds.length; from += SEEDS) {
    await inTransaction(pool, async (client) => {
      await nameCopies(client, seeds.slice(from, from + SEEDS), copies);
      for (const [table, rows] of Object.entries(copiesOf)) await client.query(`INSERT INTO casework.${table} ${rows}`);
    });
    tell(`${Math.min(seeds.length, from + SEEDS)} of ${seeds.length} seeds copied ${copies} times`);
  }
  await pool.query(
    'VACUUM ANALYZE casework.cases, casework.case_kind, casework.case_loss, casework.case_money, casework.case_tag, casework.finding, casework.action',
  );
}

/** The seeds, the oldest first. */
export async function readSeeds(pool: Pool): Promise<readonly string[]> {
  const { rows } = await pool.query<{ case_id: string }>(
    `SELECT case_id FROM casework.cases WHERE document -> 'findings' -> 0 ->> 'findingId' LIKE '%${seed}%' ORDER BY opened_at_ms, case_id`,
  );
  return rows.map((row) => row.case_id);
}

/** Fills the temporary table `copied` until the transaction ends. */
export async function nameCopies(client: PoolClient, seeds: readonly string[], copies: number): Promise<void> {
  await client.query(functions);
  await client.query(names, [1, copies, seeds]);
  await client.query('ANALYZE copied');
}

/** Rows that are copies of valid ones need no second look: foreign keys and triggers are off, and no commit waits for the disk. */
async function inTransaction(pool: Pool, work: (client: PoolClient) => Promise<unknown>): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN; SET LOCAL session_replication_role = replica; SET LOCAL synchronous_commit = off');
    await work(client);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}

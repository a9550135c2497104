import { Client, types } from 'pg';

import type { AuditDatabase } from '#apps/makewhole/verify/sources';

const int8 = 20;

/**
 * Opens one read-only transaction over all schemas, so that progress, findings, cases and actions are seen at the same instant even
 * while the services run. `bigint` columns arrive as numbers; one beyond 2^53 throws.
 */
export async function openSnapshot(url: string): Promise<AuditDatabase & { close(): Promise<void> }> {
  const client = new Client({
    connectionString: url,
    application_name: 'makewhole-verify',
    types: { getTypeParser: (oid, format) => (oid === int8 ? safeInteger : types.getTypeParser(oid, format)) },
  });
  await client.connect();
  await client.query('BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
  const { rows } = await client.query<{ now: Date }>('SELECT now()');
  return {
    asOf: rows[0]!.now.getTime(),
    query: async <Row>(sql: string, values: readonly unknown[] = []) => (await client.query(sql, [...values])).rows as Row[],
    close: () => client.end(),
  };
}

function safeInteger(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number)) throw new RangeError(`a bigint column holds ${text}: more than a safe integer`);
  return number;
}

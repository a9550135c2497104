import type { Pool, PoolClient } from 'pg';
import { guarded } from '#postgres/errors';
import { insertOutbox } from '#postgres/outbox-store';
import type { Transaction } from '#stream/store';

/** What the statements of this service need: a pool, or one transaction. */
export interface Query {
  query<Row = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<{ rows: Row[]; rowCount: number }>;
}

/** Runs work in one transaction; what it emits goes to the outbox with it. Throws `StoreUnavailable` where trying again may help. */
export async function transact<Value>(
  pool: Pool,
  doing: string,
  work: (transaction: Transaction) => Promise<Value>,
): Promise<Value> {
  return guarded(doing, async () => {
    const client = await pool.connect();
    const emitted: { topic: string; key: string; id: string; value: string | Buffer }[] = [];
    let broken: Error | undefined;
    try {
      await client.query('BEGIN');
      const value = await work({
        query: async <Row>(text: string, values: readonly unknown[] = []) => run<Row>(client, text, values),
        emit: (topic, message) => void emitted.push({ topic, ...message }),
      });
      await insertOutbox(client, 'actuator', emitted);
      await client.query('COMMIT');
      return value;
    } catch (error) {
      broken = await client.query('ROLLBACK').then(
        () => undefined,
        (fault: Error) => fault,
      );
      throw error;
    } finally {
      client.release(broken);
    }
  });
}

export const queryOf = (pool: Pool): Query => ({ query: (text, values = []) => run(pool, text, values) });

async function run<Row>(
  on: Pool | PoolClient,
  text: string,
  values: readonly unknown[],
): Promise<{ rows: Row[]; rowCount: number }> {
  const result = await on.query(text, [...values]);
  return { rows: result.rows as Row[], rowCount: result.rowCount ?? 0 };
}

import type { Pool } from 'pg';
import { guarded } from '#postgres/errors';
import { insertOutbox, type OutboxDraft } from '#postgres/outbox-store';
import type { Transaction } from '#stream/store';
import { CASEWORK_SCHEMA } from '#apps/casework/store/migrations';

/**
 * One transaction that no partition asked for: a person's request, or time that has passed. What it emits goes out with it.
 * Throws `StoreUnavailable`, or what `work` threw; nothing is stored then.
 */
export async function transact<Value>(
  pool: Pool,
  doing: string,
  work: (transaction: Transaction) => Promise<Value>,
): Promise<Value> {
  return guarded(doing, async () => {
    const client = await pool.connect();
    let broken: Error | undefined;
    const onError = (error: Error): void => void (broken = error);
    client.on('error', onError);
    try {
      await client.query('BEGIN');
      const drafts: OutboxDraft[] = [];
      const value = await work({
        query: async <Row>(text: string, values: readonly unknown[] = []) => {
          const result = await client.query(text, [...values]);
          return { rows: result.rows as Row[], rowCount: result.rowCount ?? 0 };
        },
        emit: (topic, message) => void drafts.push({ topic, ...message }),
      });
      await insertOutbox(client, CASEWORK_SCHEMA, drafts);
      await client.query('COMMIT');
      return value;
    } catch (error) {
      await client.query('ROLLBACK').catch((cause: Error) => void (broken ??= cause));
      throw error;
    } finally {
      client.removeListener('error', onError);
      client.release(broken);
    }
  });
}

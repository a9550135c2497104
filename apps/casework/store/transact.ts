import type { Pool } from 'pg';
import { guarded } from '#postgres/errors';
import { insertOutbox, type OutboxDraft } from '#postgres/outbox-store';
import { type StoreTransaction, withKeys } from '#apps/casework/store/store';
import type { Vault } from '#apps/casework/vault/vault';
import { CASEWORK_SCHEMA } from '#apps/casework/store/migrations';

/** Where cases lie, and what opens them. */
export interface Database {
  readonly pool: Pool;
  readonly vault: Vault;
}

/**
 * One transaction that no partition asked for: a person's request, or time that has passed. What it emits goes out with it.
 * Throws `StoreUnavailable`, or what `work` threw; nothing is stored then.
 */
export async function transact<Value>(
  { pool, vault }: Database,
  doing: string,
  work: (transaction: StoreTransaction) => Promise<Value>,
): Promise<Value> {
  return guarded(doing, async () => {
    const client = await pool.connect();
    let broken: Error | undefined;
    const onError = (error: Error): void => void (broken = error);
    client.on('error', onError);
    try {
      await client.query('BEGIN');
      const drafts: OutboxDraft[] = [];
      const value = await work(
        withKeys(
          {
            query: async <Row>(text: string, values: readonly unknown[] = []) => {
              const result = await client.query(text, [...values]);
              return { rows: result.rows as Row[], rowCount: result.rowCount ?? 0 };
            },
            emit: (topic, message) => void drafts.push({ topic, ...message }),
          },
          vault,
        ),
      );
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

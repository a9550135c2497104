import type { Pool, PoolClient } from 'pg';
import { guarded } from '#postgres/errors';
import { insertOutbox, type OutboxDraft } from '#postgres/outbox-store';
import { PostgresOwnershipStore } from '#postgres/ownership-store';
import { type ConsumerStore, Fenced, type PartitionProgress, StoreUnavailable, type Transaction } from '#stream/store';

interface StoredProgress {
  readonly epoch: number;
  readonly sequence: number;
  readonly next_offset: number;
}

/** Progress and effects of a plain consumer in one transaction of a service's schema. */
export class PostgresConsumerStore extends PostgresOwnershipStore implements ConsumerStore {
  constructor(
    private readonly pool: Pool,
    url: string,
    private readonly service: string,
  ) {
    super(url, service);
  }

  async commit(
    progress: PartitionProgress,
    nextOffset: number,
    work: (transaction: Transaction) => Promise<void>,
  ): Promise<PartitionProgress> {
    const doing = `storing ${progress.topic}/${progress.partition} up to offset ${nextOffset}`;
    const next = { ...progress, sequence: progress.sequence + 1, nextOffset };
    return guarded(doing, async () => {
      const client = await this.pool.connect();
      let broken: Error | undefined;
      const onError = (error: Error): void => void (broken = error);
      client.on('error', onError);
      try {
        await this.transact(client, progress, next, work);
        return next;
      } catch (error) {
        if (error instanceof AlreadyStored) return next;
        broken ??= await rollback(client);
        throw error;
      } finally {
        client.removeListener('error', onError);
        client.release(broken);
      }
    });
  }

  private async transact(
    client: PoolClient,
    progress: PartitionProgress,
    next: PartitionProgress,
    work: (transaction: Transaction) => Promise<void>,
  ): Promise<void> {
    await client.query('BEGIN');
    await this.advance(client, progress, next);
    const drafts: OutboxDraft[] = [];
    await work({
      query: async <Row>(text: string, values: readonly unknown[] = []) => {
        const result = await client.query(text, [...values]);
        return { rows: result.rows as Row[], rowCount: result.rowCount ?? 0 };
      },
      emit: (topic, message) => void drafts.push({ topic, ...message }),
    });
    await insertOutbox(client, this.service, drafts);
    const { command } = await client.query('COMMIT');
    if (command !== 'COMMIT') throw new Error('a query of this batch failed and was passed over: nothing of it was stored');
  }

  /**
   * The fence: it holds the row until the end, so a try whose answer was lost has ended, one way or the other, before this one
   * looks. Then the sequence tells whether it went through.
   */
  private async advance(client: PoolClient, progress: PartitionProgress, next: PartitionProgress): Promise<void> {
    const { topic, partition, epoch, sequence, nextOffset } = progress;
    const updated = await client.query(
      `UPDATE ${this.service}.partition_progress SET next_offset = $6, sequence = $5, updated_at = now()
       WHERE topic = $1 AND partition = $2 AND epoch = $3 AND sequence = $4 AND next_offset = $7`,
      [topic, partition, epoch, sequence, next.sequence, next.nextOffset, nextOffset],
    );
    if (updated.rowCount === 1) return;
    const { rows } = await client.query<StoredProgress>(
      `SELECT epoch, sequence, next_offset FROM ${this.service}.partition_progress WHERE topic = $1 AND partition = $2`,
      [topic, partition],
    );
    const stored = rows[0];
    if (stored?.epoch === epoch && stored.sequence === next.sequence && stored.next_offset === next.nextOffset) {
      await client.query('ROLLBACK');
      throw new AlreadyStored();
    }
    throw new Fenced(topic, partition, epoch);
  }
}

/** An earlier try of the same commit went through although its answer was lost. */
class AlreadyStored extends Error {}

/** The error that makes the connection unfit for reuse, if any. */
async function rollback(client: PoolClient): Promise<Error | undefined> {
  try {
    await client.query('ROLLBACK');
    return undefined;
  } catch (error) {
    return error instanceof StoreUnavailable ? undefined : (error as Error);
  }
}

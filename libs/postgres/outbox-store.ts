import type { Pool, PoolClient } from 'pg';
import { guarded } from '#postgres/errors';
import { packBytes } from '#postgres/pack';
import type { DurationMs } from '#kernel/time';
import type { OutboxMessage, OutboxRow, RelayStore } from '#stream/store';

export interface OutboxDraft extends OutboxMessage {
  readonly topic: string;
}

/** Writes outbox rows in the caller's transaction, in the order given, whatever their number in one statement. */
export async function insertOutbox(client: PoolClient, schema: string, drafts: readonly OutboxDraft[]): Promise<void> {
  if (drafts.length === 0) return;
  const values = packBytes(drafts.map(({ value }) => value));
  const names = JSON.stringify(drafts.map(({ topic, key, id }) => [topic, key, id]));
  await client.query(
    `INSERT INTO ${schema}.outbox (topic, key, message_id, value)
     SELECT name.value ->> 0, name.value ->> 1, name.value ->> 2, substring($2::bytea FROM place.start FOR place.length)
     FROM json_array_elements($1::json) WITH ORDINALITY AS name (value, n)
     JOIN unnest($3::int[], $4::int[]) WITH ORDINALITY AS place (start, length, n) USING (n)
     ORDER BY n`,
    [names, values.bytes, values.starts, values.lengths],
  );
}

/** The outbox of a service's schema, as its relay reads it. */
export class PostgresRelayStore implements RelayStore {
  constructor(
    private readonly pool: Pool,
    private readonly schema: string,
  ) {}

  async mayRelay(relay: string, leaseMs: DurationMs): Promise<boolean> {
    return guarded(`asking for the relay of ${this.schema}`, async () => {
      const { rowCount } = await this.pool.query(
        `INSERT INTO ${this.schema}.relay_lease AS l (relay, expires_at) VALUES ($1, now() + $2 * interval '1 ms')
         ON CONFLICT (one) DO UPDATE SET relay = excluded.relay, expires_at = excluded.expires_at
         WHERE l.relay = excluded.relay OR l.expires_at <= now()`,
        [relay, leaseMs],
      );
      return rowCount === 1;
    });
  }

  async endRelay(relay: string): Promise<void> {
    await guarded(`leaving the relay of ${this.schema}`, () =>
      this.pool.query(`DELETE FROM ${this.schema}.relay_lease WHERE relay = $1`, [relay]),
    );
  }

  async pending(limit: number): Promise<readonly OutboxRow[]> {
    return guarded(`reading the outbox of ${this.schema}`, async () => {
      const { rows } = await this.pool.query<OutboxRow>(
        `SELECT id AS row, topic, key, value FROM ${this.schema}.outbox ORDER BY id LIMIT $1`,
        [limit],
      );
      return rows;
    });
  }

  async sent(rows: readonly number[]): Promise<void> {
    await guarded(`clearing the outbox of ${this.schema}`, () =>
      this.pool.query(`DELETE FROM ${this.schema}.outbox WHERE id = ANY ($1::bigint[])`, [`{${rows.join(',')}}`]),
    );
  }

  async pendingCount(): Promise<number> {
    return guarded(`counting the outbox of ${this.schema}`, async () => {
      const { rows } = await this.pool.query<{ count: number }>(`SELECT count(*) AS count FROM ${this.schema}.outbox`);
      return rows[0]!.count;
    });
  }
}

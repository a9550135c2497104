import type { Client } from 'pg';
import { guarded } from '#postgres/errors';
import { openClient } from '#postgres/pool';
import type { DurationMs } from '#kernel/time';
import type { Lease, Membership, OwnershipStore, PartitionProgress } from '#stream/store';

/**
 * Leases and members in a service's schema, by the database's clock. It keeps one connection of its own: a member whose backend is
 * gone was killed, so its leases count as over after `orphanMs` already, and a restart need not wait for them to expire.
 */
export class PostgresOwnershipStore implements OwnershipStore {
  private client: Promise<Client> | undefined;

  constructor(
    private readonly url: string,
    private readonly schema: string,
    private readonly orphanMs: DurationMs = 1_500,
  ) {}

  async renew(member: string, leaseMs: DurationMs): Promise<Membership> {
    return this.run(`renewing the leases of ${member}`, async (client) => {
      await client.query(renewMember(this.schema), [member, leaseMs]);
      await client.query(renewLeases(this.schema), [member, leaseMs]);
      const members = await client.query<{ member: string }>(livingMembers(this.schema), [this.orphanMs]);
      const leases = await client.query<Lease>(leasesInForce(this.schema), [this.orphanMs]);
      return { members: members.rows.map((row) => row.member), leases: leases.rows };
    });
  }

  async take(member: string, topic: string, partition: number, leaseMs: DurationMs): Promise<PartitionProgress | undefined> {
    return this.run(`taking ${topic}/${partition}`, async (client) => {
      const { rows } = await client.query<{ epoch: number; sequence: number; next_offset: number }>(takePartition(this.schema), [
        member,
        topic,
        partition,
        leaseMs,
        this.orphanMs,
      ]);
      const row = rows[0];
      return row && { topic, partition, epoch: row.epoch, sequence: row.sequence, nextOffset: row.next_offset };
    });
  }

  async release(member: string, topic: string, partition: number): Promise<void> {
    await this.run(`releasing ${topic}/${partition}`, (client) =>
      client.query(`DELETE FROM ${this.schema}.partition_lease WHERE topic = $1 AND partition = $2 AND owner = $3`, [
        topic,
        partition,
        member,
      ]),
    );
  }

  async leave(member: string): Promise<void> {
    await this.run(`leaving as ${member}`, async (client) => {
      await client.query(`DELETE FROM ${this.schema}.partition_lease WHERE owner = $1`, [member]);
      await client.query(`DELETE FROM ${this.schema}.member WHERE member = $1`, [member]);
    });
    await this.close();
  }

  async close(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    await client?.then((open) => open.end()).catch(() => undefined);
  }

  private readonly queue: { tail: Promise<unknown> } = { tail: Promise.resolve() };

  /** One call after the other: a connection of node-postgres takes one query at a time. */
  private run<Value>(doing: string, work: (client: Client) => Promise<Value>): Promise<Value> {
    const turn = this.queue.tail.then(() =>
      guarded(doing, async () => {
        this.client ??= openClient(this.url, `makewhole ${this.schema} ownership`);
        try {
          return await work(await this.client);
        } catch (error) {
          await this.close();
          throw error;
        }
      }),
    );
    this.queue.tail = turn.catch(() => undefined);
    return turn;
  }
}

const renewMember = (schema: string): string => `
  INSERT INTO ${schema}.member AS m (member, backend_pid, renewed_at, expires_at)
  VALUES ($1, pg_backend_pid(), now(), now() + $2 * interval '1 ms')
  ON CONFLICT (member) DO UPDATE
  SET backend_pid = excluded.backend_pid, renewed_at = excluded.renewed_at, expires_at = excluded.expires_at`;

const renewLeases = (schema: string): string => `
  UPDATE ${schema}.partition_lease SET expires_at = now() + $2 * interval '1 ms' WHERE owner = $1`;

/** A member lives while its lease has not expired and, past the first \`orphanMs\`, its connection exists. */
const lives = `m.expires_at > now()
  AND (m.renewed_at > now() - $1 * interval '1 ms' OR EXISTS (SELECT FROM pg_stat_activity a WHERE a.pid = m.backend_pid))`;

const livingMembers = (schema: string): string => `SELECT m.member FROM ${schema}.member m WHERE ${lives} ORDER BY m.member`;

const leasesInForce = (schema: string): string => `
  SELECT l.topic, l.partition, l.owner
  FROM ${schema}.partition_lease l JOIN ${schema}.member m ON m.member = l.owner
  WHERE l.expires_at > now() AND ${lives}`;

/** The lease first, then the epoch, in one statement: no row when another member's lease is in force. */
const takePartition = (schema: string): string => `
  WITH lease AS (
    INSERT INTO ${schema}.partition_lease AS l (topic, partition, owner, expires_at)
    VALUES ($2, $3, $1, now() + $4 * interval '1 ms')
    ON CONFLICT (topic, partition) DO UPDATE SET owner = excluded.owner, expires_at = excluded.expires_at
    WHERE l.owner = excluded.owner OR l.expires_at <= now() OR NOT EXISTS (
      SELECT FROM ${schema}.member m WHERE m.member = l.owner AND ${lives.replace('$1', '$5')})
    RETURNING 1
  ), taken AS (
    INSERT INTO ${schema}.partition_progress AS p (topic, partition, epoch)
    SELECT $2, $3, 1 FROM lease
    ON CONFLICT (topic, partition) DO UPDATE SET epoch = p.epoch + 1, updated_at = now()
    RETURNING topic, partition, epoch, sequence, next_offset
  ), noted AS (
    INSERT INTO ${schema}.epoch_taken (topic, partition, epoch, member, next_offset)
    SELECT topic, partition, epoch, $1, next_offset FROM taken
  )
  SELECT epoch, sequence, next_offset FROM taken`;

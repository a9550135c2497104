import type { Client, Pool } from 'pg';
import { logMigrations } from '#postgres/log-schema';
import { migrate } from '#postgres/migrate';
import { openClient, openPool } from '#postgres/pool';
import { PostgresLogReader } from '#postgres/postgres-log-reader';
import { PostgresLogWriter } from '#postgres/postgres-log-writer';
import { keyPartition } from '#stream/key-partition';
import type { Log, LogAdmin, LogReader, LogWriter, TopicSpec } from '#stream/log';

export interface Topic {
  readonly id: number;
  readonly partitions: number;
}

/** Opens the log that lies in schema `log` of a database, and brings the schema up to date. */
export async function openPostgresLog(url: string): Promise<Log> {
  await migrate(url, 'log', logMigrations);
  return new PostgresLog(url, openPool(url, { max: 4, applicationName: 'makewhole log' }));
}

class PostgresLog implements Log {
  readonly kind = 'postgres';
  readonly partitionOf = keyPartition;
  private readonly topics = new Map<string, Topic>();
  private readonly readers = new Set<PostgresLogReader>();
  private listener: Promise<Client> | undefined;
  private closed = false;

  constructor(
    private readonly url: string,
    private readonly pool: Pool,
  ) {}

  writer(): Promise<LogWriter> {
    return Promise.resolve(new PostgresLogWriter(this.pool, (topic) => this.topic(topic)));
  }

  reader(options: { readonly group: string; readonly topics: readonly string[] }): LogReader {
    const reader: PostgresLogReader = new PostgresLogReader(this.pool, {
      topics: options.topics,
      topic: (topic) => this.topic(topic),
      onStart: async () => {
        this.readers.add(reader);
        await this.listen().catch(() => undefined);
      },
      onStop: () => void this.readers.delete(reader),
    });
    return reader;
  }

  admin(): Promise<LogAdmin> {
    return Promise.resolve({
      ensureTopics: (specs) => this.ensureTopics(specs),
      partitionCount: async (topic) => (await this.topic(topic)).partitions,
      offsets: (topic) => this.offsets(topic),
      close: () => Promise.resolve(),
    });
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.all([...this.readers].map((reader) => reader.stop()));
    await this.listener?.then((client) => client.end()).catch(() => undefined);
    await this.pool.end();
  }

  /** A lost `LISTEN` only costs a poll's delay; it is taken up again while there are readers. */
  private async listen(): Promise<void> {
    this.listener ??= openClient(this.url, 'makewhole log listener');
    const current = this.listener;
    try {
      const client = await current;
      if (client.listenerCount('notification') > 0) return;
      client.on('notification', () => this.wakeReaders());
      client.once('end', () => this.relisten(current));
      await client.query('LISTEN makewhole_log');
    } catch (error) {
      this.relisten(current);
      throw error;
    }
  }

  private relisten(lost: Promise<Client>): void {
    if (this.listener !== lost) return;
    this.listener = undefined;
    if (this.closed || this.readers.size === 0) return;
    setTimeout(() => void this.listen().catch(() => undefined), 1_000).unref();
  }

  private wakeReaders(): void {
    for (const reader of this.readers) reader.wake();
  }

  private async topic(name: string): Promise<Topic> {
    const known = this.topics.get(name);
    if (known !== undefined) return known;
    const { rows } = await this.pool.query<Topic>('SELECT topic_id AS id, partitions FROM log.topic WHERE topic = $1', [name]);
    const topic = rows[0];
    if (topic === undefined) throw new Error(`the log has no topic ${name}: create it first`);
    this.topics.set(name, topic);
    return topic;
  }

  private async ensureTopics(specs: readonly TopicSpec[]): Promise<void> {
    for (const { topic, partitions } of specs) {
      await this.pool.query(
        `WITH made AS (INSERT INTO log.topic (topic, partitions) VALUES ($1, $2) ON CONFLICT (topic) DO NOTHING RETURNING topic_id)
         INSERT INTO log.partition_head (topic_id, partition) SELECT topic_id, generate_series(0, $2 - 1) FROM made`,
        [topic, partitions],
      );
    }
  }

  private async offsets(name: string): Promise<readonly { partition: number; start: number; end: number }[]> {
    const { id } = await this.topic(name);
    const { rows } = await this.pool.query<{ partition: number; start: number; end: number }>(
      `SELECT partition, start_offset AS start, next_offset AS "end" FROM log.partition_head WHERE topic_id = $1 ORDER BY partition`,
      [id],
    );
    return rows;
  }
}

import type { Pool } from 'pg';
import type { Topic } from '#postgres/postgres-log';
import { type LogReader, type LogRecord, OffsetOutOfRange, type PartitionBatch } from '#stream/log';

interface Assigned {
  readonly topic: string;
  readonly topicId: number;
  readonly partition: number;
  next: number;
  /** The batch in the handler's hands. */
  inHand: Promise<void> | undefined;
}

interface Row {
  readonly topic_id: number;
  readonly partition: number;
  readonly next_offset: number;
  readonly offset: number | null;
  readonly appended_at: number;
  readonly key: Buffer;
  readonly value: Buffer | null;
  readonly headers: string | null;
}

export interface ReaderOptions {
  readonly topics: readonly string[];
  readonly topic: (name: string) => Promise<Topic>;
  readonly onStart: () => Promise<void>;
  readonly onStop: () => void;
}

const RECORDS_MAX = 1_000;
const BYTES_MAX = 512 * 1024;
const POLL_MS = 100;

/** Reads whatever partitions are ready in one query a round; sleeps until a `NOTIFY` or the next poll when all are read to their end. */
export class PostgresLogReader implements LogReader {
  private readonly assigned = new Map<string, Assigned>();
  private onBatch: ((batch: PartitionBatch) => Promise<void>) | undefined;
  private loop: Promise<void> = Promise.resolve();
  private running = false;
  private woken = false;
  private wakeSleeper: (() => void) | undefined;

  constructor(
    private readonly pool: Pool,
    private readonly options: ReaderOptions,
  ) {}

  async start(onBatch: (batch: PartitionBatch) => Promise<void>): Promise<void> {
    this.onBatch = onBatch;
    this.running = true;
    await this.options.onStart();
    this.loop = this.run();
  }

  async assign(topic: string, partition: number, fromOffset: number): Promise<void> {
    const { id } = await this.options.topic(topic);
    const { rows } = await this.pool.query<{ start: number; end: number }>(
      `SELECT start_offset AS start, next_offset AS "end" FROM log.partition_head WHERE topic_id = $1 AND partition = $2`,
      [id, partition],
    );
    const { start, end } = rows[0] ?? { start: 0, end: -1 };
    if (fromOffset < start || fromOffset > end) throw new OffsetOutOfRange(topic, partition, fromOffset, start, end);
    await this.revoke(topic, partition);
    this.assigned.set(`${topic}/${partition}`, { topic, topicId: id, partition, next: fromOffset, inHand: undefined });
    this.wake();
  }

  async revoke(topic: string, partition: number): Promise<void> {
    const assigned = this.assigned.get(`${topic}/${partition}`);
    this.assigned.delete(`${topic}/${partition}`);
    await assigned?.inHand;
  }

  async stop(): Promise<void> {
    this.running = false;
    this.wake();
    await this.loop;
    await Promise.all([...this.assigned.values()].map(({ inHand }) => inHand));
    this.options.onStop();
  }

  wake(): void {
    this.woken = true;
    this.wakeSleeper?.();
  }

  private async run(): Promise<void> {
    while (this.running) {
      this.woken = false;
      const ready = [...this.assigned.values()].filter(({ inHand }) => inHand === undefined);
      const found = ready.length === 0 ? 0 : await this.round(ready).catch(() => 0);
      if (found === 0) await this.sleep();
    }
  }

  private async round(ready: readonly Assigned[]): Promise<number> {
    const { rows } = await this.pool.query<Row>(select, [
      `{${ready.map(({ topicId }) => topicId).join(',')}}`,
      `{${ready.map(({ partition }) => partition).join(',')}}`,
      `{${ready.map(({ next }) => next).join(',')}}`,
      RECORDS_MAX,
      BYTES_MAX,
    ]);
    let found = 0;
    for (const assigned of ready) {
      const of = rows.filter((row) => row.topic_id === assigned.topicId && row.partition === assigned.partition);
      const records = of.filter((row) => row.offset !== null).map(toRecord);
      found += records.length;
      this.deliver(assigned, records, of[0]?.next_offset ?? assigned.next);
    }
    return found;
  }

  private deliver(assigned: Assigned, records: readonly LogRecord[], endOffset: number): void {
    const { topic, partition } = assigned;
    if (!this.running || this.assigned.get(`${topic}/${partition}`) !== assigned) return;
    assigned.inHand = this.onBatch!({ topic, partition, records, endOffset }).then(
      () => {
        assigned.next = (records.at(-1)?.offset ?? assigned.next - 1) + 1;
        assigned.inHand = undefined;
        if (records.length > 0) this.wake();
      },
      () => {
        assigned.inHand = undefined;
      },
    );
  }

  private async sleep(): Promise<void> {
    if (this.woken || !this.running) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, POLL_MS);
      this.wakeSleeper = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.wakeSleeper = undefined;
  }
}

/** The head and the records are one snapshot. A batch ends after the record that passes the bytes allowed, so that one always comes. */
const select = `
  SELECT a.topic_id, a.partition, h.next_offset, r."offset", r.appended_at, r.key, r.value, r.headers
  FROM unnest($1::int[], $2::int[], $3::bigint[]) AS a (topic_id, partition, from_offset)
  JOIN log.partition_head h USING (topic_id, partition)
  LEFT JOIN LATERAL (
    SELECT * FROM (
      SELECT t.*, sum(t.bytes) OVER (ORDER BY t."offset") - t.bytes AS bytes_before
      FROM (
        SELECT *, coalesce(octet_length(value), 0) AS bytes FROM log.record
        WHERE topic_id = a.topic_id AND partition = a.partition AND "offset" >= a.from_offset
        ORDER BY "offset" LIMIT $4
      ) t
    ) bounded WHERE bytes_before < $5
  ) r ON true
  ORDER BY a.topic_id, a.partition, r."offset"`;

const toRecord = (row: Row): LogRecord => ({
  offset: row.offset!,
  key: row.key.toString(),
  value: row.value,
  headers: row.headers === null ? undefined : (JSON.parse(row.headers) as Record<string, string>),
  appendedAt: row.appended_at,
});

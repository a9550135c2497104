import type { Pool } from 'pg';
import { packBytes } from '#postgres/pack';
import type { Topic } from '#postgres/postgres-log';
import { type LogWriter, type NewRecord, RECORD_BYTES_MAX, RecordTooLarge } from '#stream/log';
import { keyPartition } from '#stream/key-partition';

interface Append {
  readonly topic: string;
  readonly records: readonly NewRecord[];
  readonly bytes: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

const RECORDS_MAX = 5_000;
const BYTES_MAX = 8 * 1024 * 1024;

/**
 * One statement in flight; what arrives meanwhile for the same topic goes together with the next. So order holds, and a commit is
 * paid once for many.
 */
export class PostgresLogWriter implements LogWriter {
  private waiting: Append[] = [];
  private running: Promise<void> | undefined;

  constructor(
    private readonly pool: Pool,
    private readonly topicOf: (name: string) => Promise<Topic>,
  ) {}

  async append(topic: string, records: readonly NewRecord[]): Promise<void> {
    let bytes = 0;
    for (const { value } of records) {
      const length = value === null ? 0 : Buffer.byteLength(value);
      if (length > RECORD_BYTES_MAX) throw new RecordTooLarge(topic, length);
      bytes += length;
    }
    if (records.length === 0) return;
    await new Promise<void>((resolve, reject) => {
      this.waiting.push({ topic, records, bytes, resolve, reject });
      this.running ??= this.drain();
    });
  }

  async close(): Promise<void> {
    await this.running;
  }

  private async drain(): Promise<void> {
    while (this.waiting.length > 0) {
      const group = this.nextGroup();
      try {
        await this.write(group);
        for (const { resolve } of group) resolve();
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
    this.running = undefined;
  }

  private nextGroup(): readonly Append[] {
    let records = 0;
    let bytes = 0;
    let count = 0;
    for (const append of this.waiting) {
      if (append.topic !== this.waiting[0]!.topic) break;
      records += append.records.length;
      bytes += append.bytes;
      if (count > 0 && (records > RECORDS_MAX || bytes > BYTES_MAX)) break;
      count += 1;
    }
    return this.waiting.splice(0, count);
  }

  private async write(group: readonly Append[]): Promise<void> {
    const records: { topic: Topic; record: NewRecord }[] = [];
    for (const append of group) {
      const topic = await this.topicOf(append.topic);
      for (const record of append.records) records.push({ topic, record });
    }
    const keys = packBytes(records.map(({ record }) => record.key));
    const values = packBytes(records.map(({ record }) => record.value));
    const headers = records.some(({ record }) => record.headers !== undefined)
      ? JSON.stringify(records.map(({ record }) => (record.headers === undefined ? null : JSON.stringify(record.headers))))
      : null;
    await this.pool.query('SELECT log.append($1, $2, $3, $4, $5, $6, $7, $8, $9)', [
      `{${records.map(({ topic }) => topic.id).join(',')}}`,
      `{${records.map(({ topic, record }) => keyPartition(record.key, topic.partitions)).join(',')}}`,
      keys.bytes,
      keys.starts,
      keys.lengths,
      values.bytes,
      values.starts,
      values.lengths,
      headers,
    ]);
  }
}

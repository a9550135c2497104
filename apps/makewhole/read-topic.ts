import { randomUUID } from 'node:crypto';
import type { Log, LogRecord } from '#stream/log';

/** A record and the partition that it stands in. */
export type OnRecord = (record: LogRecord, partition: number) => void;

/** Reads every record that a topic holds now, each partition in its order. */
export async function readTopic(log: Log, topic: string, onRecord: OnRecord): Promise<void> {
  const admin = await log.admin();
  const held = (await admin.offsets(topic)).filter(({ start, end }) => end > start);
  await admin.close();
  await readPartitions(log, topic, held, onRecord);
}

/** The one record at an offset; null when the log no longer holds it. */
export async function readRecord(log: Log, topic: string, partition: number, offset: number): Promise<LogRecord | null> {
  const admin = await log.admin();
  const held = (await admin.offsets(topic)).find((one) => one.partition === partition);
  await admin.close();
  if (held === undefined || offset < held.start || offset >= held.end) return null;
  let found: LogRecord | null = null;
  await readPartitions(log, topic, [{ partition, start: offset, end: offset + 1 }], (record) => {
    if (record.offset === offset) found = record;
  });
  return found;
}

interface Range {
  readonly partition: number;
  readonly start: number;
  readonly end: number;
}

async function readPartitions(log: Log, topic: string, ranges: readonly Range[], onRecord: OnRecord): Promise<void> {
  const open = new Map(ranges.map((range) => [range.partition, range.end]));
  if (open.size === 0) return;
  const reader = log.reader({ group: `makewhole-cli-${randomUUID()}`, topics: [topic] });
  await new Promise<void>((resolve, reject) => {
    const onBatch = (batch: { partition: number; records: readonly LogRecord[] }): Promise<void> => {
      const end = open.get(batch.partition);
      if (end === undefined) return Promise.resolve();
      for (const record of batch.records) if (record.offset < end) onRecord(record, batch.partition);
      const last = batch.records.at(-1);
      if (last !== undefined && last.offset + 1 >= end) open.delete(batch.partition);
      if (open.size === 0) resolve();
      return Promise.resolve();
    };
    reader
      .start(onBatch)
      .then(() => Promise.all(ranges.map(({ partition, start }) => reader.assign(topic, partition, start))))
      .catch(reject);
  }).finally(() => reader.stop());
}

import type { InstantMs } from '#kernel/time';
import type { LogRecord, PartitionBatch } from '#stream/log';

/**
 * A batch on its way to a worker thread: all bytes in one buffer, which is handed over and not copied (measured, platform: one
 * buffer and its offsets; objects would be cloned one by one).
 */
export interface PackedBatch {
  readonly topic: string;
  readonly partition: number;
  readonly endOffset: number;
  readonly idleUntil?: InstantMs;
  readonly bytes: ArrayBuffer;
  /** Per record: offset, append time, length of the key (-1: null), length of the value (-1: null). */
  readonly table: Float64Array;
  /** Headers as JSON by record, where there are any. */
  readonly headers: Readonly<Record<number, string>>;
}

const COLUMNS = 4;

export function packBatch({ records, ...batch }: PartitionBatch): PackedBatch {
  let size = 0;
  for (const { key, value } of records) size += (key === null ? 0 : Buffer.byteLength(key)) + (value?.length ?? 0);
  const bytes = new ArrayBuffer(size);
  const target = Buffer.from(bytes);
  const table = new Float64Array(records.length * COLUMNS);
  const headers: Record<number, string> = {};
  let at = 0;
  records.forEach((record, n) => {
    const keyLength = record.key === null ? -1 : target.write(record.key, at);
    at += Math.max(0, keyLength);
    if (record.value !== null) at += record.value.copy(target, at);
    const row = n * COLUMNS;
    table[row] = record.offset;
    table[row + 1] = record.appendedAt;
    table[row + 2] = keyLength;
    table[row + 3] = record.value?.length ?? -1;
    if (record.headers !== undefined) headers[n] = JSON.stringify(record.headers);
  });
  return { ...batch, bytes, table, headers };
}

export function unpackBatch({ bytes, table, headers, ...batch }: PackedBatch): PartitionBatch {
  const source = Buffer.from(bytes);
  const records: LogRecord[] = [];
  let at = 0;
  for (let n = 0; n * COLUMNS < table.length; n++) {
    const row = n * COLUMNS;
    const keyLength = table[row + 2]!;
    const valueLength = table[row + 3]!;
    const key = keyLength < 0 ? null : source.toString('utf8', at, at + keyLength);
    at += Math.max(0, keyLength);
    const value = valueLength < 0 ? null : source.subarray(at, at + valueLength);
    at += Math.max(0, valueLength);
    const header = headers[n];
    records.push({
      offset: table[row]!,
      key,
      value,
      headers: header === undefined ? undefined : (JSON.parse(header) as Record<string, string>),
      appendedAt: table[row + 1]!,
    });
  }
  return { ...batch, records };
}

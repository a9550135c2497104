import type { InstantMs } from '#kernel/time';

/** One record as it stands in the log. `offset` counts from 0 within its partition. */
export interface LogRecord {
  readonly offset: number;
  readonly key: string | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string>> | undefined;
  readonly appendedAt: InstantMs;
}

export interface PartitionBatch {
  readonly topic: string;
  readonly partition: number;
  /** Ascending by offset. Empty when a poll found the end: all there is was delivered, whatever `endOffset` counts beyond it. */
  readonly records: readonly LogRecord[];
  /** The offset that the next appended record will get, as known when the batch was read. */
  readonly endOffset: number;
  /** How far time may pass with an empty batch; left out: as far as the wall's, less the lateness allowed. */
  readonly idleUntil?: InstantMs;
}

export interface NewRecord {
  readonly key: string;
  /** At most `RECORD_BYTES_MAX`; null says that the key is gone. */
  readonly value: Buffer | string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Kafka's own default bound is 1 MiB with headers and framing (platform: MESSAGE_TOO_LARGE). */
export const RECORD_BYTES_MAX = 1_000_000;

export class RecordTooLarge extends Error {
  constructor(topic: string, bytes: number) {
    super(`a record for ${topic} has ${bytes} bytes, ${RECORD_BYTES_MAX} are allowed`);
    this.name = 'RecordTooLarge';
  }
}

/** The log does not hold what should be read next: reading on elsewhere would skip records, so it is refused. */
export class OffsetOutOfRange extends Error {
  constructor(topic: string, partition: number, asked: number, start: number, end: number) {
    super(
      `${topic}/${partition} holds offsets ${start} to ${end}, not ${asked}: restore the log, or the progress that belongs to it`,
    );
    this.name = 'OffsetOutOfRange';
  }
}

/** Appends records. Resolves only once every record is durable and its partition's answer was seen; keeps the order of one key. */
export interface LogWriter {
  append(topic: string, records: readonly NewRecord[]): Promise<void>;
  close(): Promise<void>;
}

/**
 * Reads partitions that its owner assigns, from offsets that the owner names: who owns what is decided in Postgres (epochs), not
 * by the log. At most one batch of a partition is in the handler's hands; the next is delivered when its promise resolves, and the
 * same one again when it rejects.
 */
export interface LogReader {
  start(onBatch: (batch: PartitionBatch) => Promise<void>): Promise<void>;
  /** Throws `OffsetOutOfRange` when the log does not hold that offset; its end is allowed. */
  assign(topic: string, partition: number, fromOffset: number): Promise<void>;
  /** Resolves once the batch in hand is done; none is delivered after that. */
  revoke(topic: string, partition: number): Promise<void>;
  stop(): Promise<void>;
}

export interface TopicSpec {
  readonly topic: string;
  readonly partitions: number;
}

export interface LogAdmin {
  ensureTopics(topics: readonly TopicSpec[]): Promise<void>;
  partitionCount(topic: string): Promise<number>;
  /** First and next offset of each partition. */
  offsets(topic: string): Promise<readonly { partition: number; start: number; end: number }[]>;
  close(): Promise<void>;
}

/** A log: Kafka, or a table of Postgres. Both adapters meet the suite in `stream/log-contract.ts`. */
export interface Log {
  readonly kind: 'kafka' | 'postgres';
  writer(): Promise<LogWriter>;
  reader(options: { readonly group: string; readonly topics: readonly string[] }): LogReader;
  admin(): Promise<LogAdmin>;
  /** Where a record of this key goes in a topic of so many partitions. */
  partitionOf(key: string, partitions: number): number;
  close(): Promise<void>;
}

/** One key for each partition of a topic, for what all of them have to hear. */
export function keyOfEach(log: Pick<Log, 'partitionOf'>, partitions: number): readonly string[] {
  const keys = new Map<number, string>();
  for (let n = 0; keys.size < partitions; n++) {
    const key = `~every/${n}`;
    const partition = log.partitionOf(key, partitions);
    if (!keys.has(partition)) keys.set(partition, key);
  }
  return [...keys.values()];
}

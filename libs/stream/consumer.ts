import { setTimeout as sleep } from 'node:timers/promises';
import { type DurationMs, milliseconds, seconds } from '#kernel/time';
import type { Log, LogReader, LogRecord, PartitionBatch } from '#stream/log';
import { Ownership } from '#stream/ownership';
import { type ConsumerStore, Fenced, type PartitionProgress, StoreUnavailable, type Transaction } from '#stream/store';

export interface ConsumerOptions {
  /** Names the Kafka group, for lag tools only. */
  readonly service: string;
  /** Unique to this process and service. */
  readonly member: string;
  readonly log: Log;
  readonly store: ConsumerStore;
  readonly topics: readonly string[];
  /** Applies one batch inside the transaction that also moves the progress. Must be idempotent by message id, and may run again. */
  readonly handle: (batch: PartitionBatch, transaction: Transaction) => Promise<void>;
  /** Called before and after a batch's COMMIT: failpoints, kicking the relay, metrics. */
  readonly beforeCommit?: () => void;
  readonly afterCommit?: (batch: PartitionBatch, tookMs: DurationMs) => void;
  readonly onError: (error: unknown) => void;
  /** Records a transaction. */
  readonly batchMax?: number;
  /** Tries of a batch that throws for reasons of its own before its partition stops. */
  readonly tries?: number;
  readonly renewMs?: DurationMs;
  readonly leaseMs?: DurationMs;
}

interface Owned {
  progress: PartitionProgress;
  progressedAt: number;
  failed: boolean;
}

/**
 * Reads topics and applies each batch exactly once: the handler's writes, what it emits and the partition's progress are one
 * transaction, compared with the epoch. A handler that keeps throwing stops its partition, and only that: `progressAgeMs` grows
 * and the process counts as unwell.
 */
export class Consumer {
  private readonly owned = new Map<string, Owned>();
  private reader: LogReader | undefined;
  private ownership: Ownership | undefined;
  private running = false;

  constructor(private readonly options: ConsumerOptions) {}

  async start(): Promise<void> {
    const { log, topics, service, member } = this.options;
    const admin = await log.admin();
    const specs = await Promise.all(topics.map(async (topic) => ({ topic, partitions: await admin.partitionCount(topic) })));
    await admin.close();
    this.reader = log.reader({ group: `makewhole-${service}-${member}`, topics });
    this.running = true;
    await this.reader.start((batch) => this.onBatch(batch));
    this.ownership = new Ownership({
      store: this.options.store,
      member,
      topics: specs,
      onTaken: (progress) => this.onTaken(progress),
      onSurplus: (topic, partition) => this.stopReading(topic, partition),
      onLost: (topic, partition) => this.stopReading(topic, partition),
      onError: this.options.onError,
      ...(this.options.renewMs === undefined ? {} : { renewMs: this.options.renewMs }),
      ...(this.options.leaseMs === undefined ? {} : { leaseMs: this.options.leaseMs }),
    });
    this.ownership.start();
  }

  /** Finishes the batches in hand, then gives the partitions back. */
  async stop(): Promise<void> {
    this.running = false;
    await this.ownership?.halt();
    await this.reader?.stop();
    await this.ownership?.leave();
    this.owned.clear();
  }

  /** Time since the partition that waits longest was last seen to move or to be read to its end; since the store answered, with none. */
  progressAgeMs(): DurationMs {
    const now = Date.now();
    let age = this.ownership?.ageMs() ?? 0;
    for (const { progressedAt } of this.owned.values()) age = Math.max(age, now - progressedAt);
    return age;
  }

  /** Partitions in hand. */
  partitions(): readonly PartitionProgress[] {
    return [...this.owned.values()].map(({ progress }) => progress);
  }

  private async onTaken(progress: PartitionProgress): Promise<void> {
    this.owned.set(nameOf(progress), { progress, progressedAt: Date.now(), failed: false });
    await this.reader!.assign(progress.topic, progress.partition, progress.nextOffset);
  }

  private async stopReading(topic: string, partition: number): Promise<void> {
    await this.reader!.revoke(topic, partition);
    this.owned.delete(nameOf({ topic, partition }));
  }

  private async onBatch(batch: PartitionBatch): Promise<void> {
    const owned = this.owned.get(nameOf(batch));
    if (owned === undefined || owned.failed) return;
    const records = batch.records.filter((record) => record.offset >= owned.progress.nextOffset);
    const size = this.options.batchMax ?? 500;
    for (let from = 0; from < records.length; from += size) {
      if (!(await this.commit(owned, { ...batch, records: records.slice(from, from + size) }))) return;
    }
    owned.progressedAt = Date.now();
  }

  /** False when the partition was lost, stopped, or the process is ending: the rest of the batch is not ours. */
  private async commit(owned: Owned, batch: PartitionBatch): Promise<boolean> {
    const next = batch.records.at(-1)!.offset + 1;
    for (let failures = 0, pause = milliseconds(50); this.running; pause = Math.min(pause * 2, seconds(5))) {
      const startedAt = performance.now();
      try {
        owned.progress = await this.options.store.commit(owned.progress, next, async (transaction) => {
          await this.options.handle(batch, transaction);
          this.options.beforeCommit?.();
        });
        owned.progressedAt = Date.now();
        this.options.afterCommit?.(batch, performance.now() - startedAt);
        return true;
      } catch (error) {
        this.options.onError(describe(error, batch));
        if (error instanceof Fenced) {
          void this.lose(batch);
          return false;
        }
        if (!(error instanceof StoreUnavailable) && ++failures >= (this.options.tries ?? 5)) {
          owned.failed = true;
          return false;
        }
      }
      await sleep(pause);
    }
    return false;
  }

  /** Not awaited by the batch handler: `revoke` waits for the batch to end. */
  private async lose({ topic, partition }: PartitionBatch): Promise<void> {
    try {
      this.owned.delete(nameOf({ topic, partition }));
      await this.reader!.revoke(topic, partition);
      await this.ownership!.drop(topic, partition);
    } catch (error) {
      this.options.onError(error);
    }
  }
}

const nameOf = ({ topic, partition }: { topic: string; partition: number }): string => `${topic}/${partition}`;

function describe(error: unknown, { topic, partition, records }: PartitionBatch): Error {
  const first = records[0] as LogRecord;
  const cause = error instanceof Error ? error.message : String(error);
  return new Error(`applying ${topic}/${partition} from offset ${first.offset}: ${cause}`, { cause: error });
}

import { type DurationMs, seconds } from '#kernel/time';
import type { LogRecord, PartitionBatch } from '#stream/log';

/** Fetches that wait while one is in the handler's hands. At 256 KiB a fetch, eight partitions hold 4 MiB. */
const queuedMax = 2;
const redeliverAfterMs = 500;
/** What was fetched longer ago than this says nothing of where the partition ends now. */
const endFreshMs = seconds(5);

interface Fetched {
  readonly records: readonly LogRecord[];
  /** The partition's end as known at this fetch. */
  readonly endOffset: number;
  readonly at: DurationMs;
}

export interface FeedParts {
  readonly topic: string;
  readonly partition: number;
  readonly fromOffset: number;
  readonly handler: (batch: PartitionBatch) => Promise<void>;
  readonly onFlow: (wanted: boolean) => void;
  readonly onRejected: (error: unknown) => void;
}

/**
 * What was fetched of one partition and waits for its handler. kafkajs itself fetches, has everything processed and fetches again;
 * with this queue between, the next fetch is under way while the handler works, and a slow partition holds up no other.
 */
export class PartitionFeed {
  readonly topic: string;
  readonly partition: number;
  /** Next offset to be fetched. It runs ahead of `expected`, and over control records, which no handler sees. */
  position: number;
  /** Next offset that the handler may see. */
  private expectedOffset: number;
  private queue: Fetched[] = [];
  private busy = false;
  private working: Promise<void> = Promise.resolve();
  private closed = false;

  constructor(private readonly parts: FeedParts) {
    this.topic = parts.topic;
    this.partition = parts.partition;
    this.position = parts.fromOffset;
    this.expectedOffset = parts.fromOffset;
  }

  get expected(): number {
    return this.expectedOffset;
  }

  /** Whether another fetch has room. */
  get wanted(): boolean {
    return !this.closed && this.queue.length < queuedMax;
  }

  get idle(): boolean {
    return this.queue.length === 0 && !this.busy;
  }

  /** `position` is what is to be fetched next, `highWatermark` the partition's end. */
  accept(records: readonly LogRecord[], position: number, highWatermark: number): void {
    this.position = position;
    const last = records.at(-1);
    const endOffset = position >= highWatermark && last !== undefined ? last.offset + 1 : highWatermark;
    this.queue.push({ records, endOffset, at: performance.now() });
    if (!this.wanted) this.parts.onFlow(false);
    this.work();
  }

  /** A poll found the end and nothing new. */
  reachedEnd(): void {
    if (this.closed || !this.idle) return;
    this.queue.push({ records: [], endOffset: this.expectedOffset, at: performance.now() });
    this.work();
  }

  /** Drops what waits; resolves once the batch in hand is done. */
  async close(): Promise<void> {
    this.closed = true;
    this.queue = [];
    await this.working;
  }

  private work(): void {
    if (this.busy) return;
    this.busy = true;
    this.working = this.drain();
  }

  /** `busy` ends in the same tick in which the queue was found empty: no fetch can fall between. */
  private async drain(): Promise<void> {
    while (this.queue.length > 0 && !this.closed) {
      const wasFull = !this.wanted;
      const batch = this.takeAll();
      if (wasFull) this.parts.onFlow(true);
      await this.deliver(batch);
    }
    this.busy = false;
  }

  /** All that waits, as one batch: a handler that falls behind gets more at once. */
  private takeAll(): PartitionBatch {
    const { topic, partition } = this;
    const queue = this.queue;
    this.queue = [];
    const last = queue.at(-1) as Fetched;
    const isFresh = performance.now() - last.at <= endFreshMs || last.records.length === 0;
    const endOffset = isFresh ? last.endOffset : last.endOffset + 1;
    const records = queue.length === 1 ? (queue[0] as Fetched).records : queue.flatMap(({ records: each }) => each);
    return { topic, partition, records, endOffset };
  }

  private async deliver(batch: PartitionBatch): Promise<void> {
    while (!this.closed) {
      try {
        await this.parts.handler(batch);
        this.expectedOffset = (batch.records.at(-1)?.offset ?? this.expectedOffset - 1) + 1;
        return;
      } catch (error) {
        this.parts.onRejected(error);
        await new Promise((resolve) => setTimeout(resolve, redeliverAfterMs));
      }
    }
  }
}

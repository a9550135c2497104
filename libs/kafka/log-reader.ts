import type { Batch, EachBatchPayload, Kafka } from 'kafkajs';
import type { DurationMs } from '#kernel/time';
import type { LogAdmin, LogReader, PartitionBatch } from '#stream/log';
import { defaultEndSettlesMs, RangeWatch, requireOffset } from '#kafka/offset-range';
import type { KafkaOptions } from '#kafka/options';
import { PartitionFeed } from '#kafka/partition-feed';
import { PrivateConsumer } from '#kafka/private-consumer';
import { toRecord } from '#kafka/record';

/** How often an idle partition is shown to be read to its end. */
const pollMs = 500;

export interface ReaderParts {
  readonly client: Kafka;
  readonly group: string;
  readonly topics: readonly string[];
  readonly admin: LogAdmin;
  readonly options: KafkaOptions;
  readonly onFailure: (error: Error) => void;
}

/**
 * Reads the partitions that it is told to. The group has one member, so it is given every partition: those without a feed are
 * paused. At each join kafkajs forgets where it was (GROUP_JOIN is not awaited, but its listeners run before the next fetch), so
 * pauses and positions are set again there; a batch that was not asked for by our own position is dropped and asked for again.
 */
export class KafkaLogReader implements LogReader {
  private readonly feeds = new Map<string, PartitionFeed>();
  private readonly endSettlesMs: DurationMs;
  private readonly watch: RangeWatch;
  private handler: ((batch: PartitionBatch) => Promise<void>) | null = null;
  private poll: NodeJS.Timeout | undefined;
  private stopped = false;
  private readonly consumer: PrivateConsumer;

  constructor(private readonly parts: ReaderParts) {
    this.endSettlesMs = parts.options.endSettlesMs ?? defaultEndSettlesMs;
    this.watch = new RangeWatch(this.endSettlesMs);
    this.consumer = new PrivateConsumer({
      ...parts,
      onJoin: (assignment) => this.joined(assignment),
      onBatch: (payload) => this.fetched(payload),
      onControlRecords: (topic, partition, lastOffset) => this.passControlRecords(topic, partition, lastOffset),
    });
  }

  async start(onBatch: (batch: PartitionBatch) => Promise<void>): Promise<void> {
    this.handler = onBatch;
    await this.consumer.open();
    this.schedulePoll();
  }

  async assign(topic: string, partition: number, fromOffset: number): Promise<void> {
    if (this.handler === null) throw new Error('start the reader before it is assigned a partition');
    await requireOffset(this.parts.admin, { topic, partition, offset: fromOffset }, this.endSettlesMs);
    await this.revoke(topic, partition);
    const feed: PartitionFeed = new PartitionFeed({
      topic,
      partition,
      fromOffset,
      handler: this.handler,
      onFlow: (wanted) => this.setFlow(feed, wanted),
      onRejected: (error) =>
        this.parts.options.report?.({
          level: 'error',
          message: 'batch rejected, delivering it again',
          fields: { topic, partition, err: error },
        }),
    });
    this.feeds.set(keyOf(topic, partition), feed);
    this.point(feed);
  }

  async revoke(topic: string, partition: number): Promise<void> {
    const feed = this.feeds.get(keyOf(topic, partition));
    if (feed === undefined) return;
    this.feeds.delete(keyOf(topic, partition));
    this.setFlow(feed, false);
    await feed.close();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.poll);
    await Promise.all([...this.feeds.values()].map((feed) => feed.close()));
    this.feeds.clear();
    await this.consumer.close();
  }

  private fetched({ batch, resolveOffset }: EachBatchPayload): void {
    const feed = this.feeds.get(keyOf(batch.topic, batch.partition));
    if (feed === undefined) return;
    if (Number((batch as Batch & { readonly fetchedOffset: string }).fetchedOffset) !== feed.position) {
      this.point(feed);
      void this.checkRange(feed.topic);
      return;
    }
    const last = batch.messages.at(-1);
    if (last === undefined) return;
    feed.accept(batch.messages.map(toRecord), Number(batch.lastOffset()) + 1, Number(batch.highWatermark));
    resolveOffset(last.offset);
  }

  /** A fetch that held only transaction markers or aborted records reaches no handler, but moves kafkajs on. */
  private passControlRecords(topic: string, partition: number, lastOffset: number): void {
    const feed = this.feeds.get(keyOf(topic, partition));
    if (feed !== undefined) feed.position = Math.max(feed.position, lastOffset + 1);
  }

  private joined(assignment: Readonly<Record<string, readonly number[]>>): void {
    for (const [topic, partitions] of Object.entries(assignment)) {
      const idle = partitions.filter((each) => this.feeds.get(keyOf(topic, each))?.wanted !== true);
      this.consumer.tell((consumer) => consumer.pause([{ topic, partitions: idle }]));
    }
    for (const feed of this.feeds.values()) this.point(feed);
  }

  /** Tells kafkajs where to read on and whether to. */
  private point(feed: PartitionFeed): void {
    const { topic, partition, position } = feed;
    this.consumer.tell((consumer) => consumer.seek({ topic, partition, offset: String(position) }));
    this.setFlow(feed, feed.wanted);
  }

  private setFlow({ topic, partition }: PartitionFeed, wanted: boolean): void {
    const which = [{ topic, partitions: [partition] }];
    this.consumer.tell((consumer) => (wanted ? consumer.resume(which) : consumer.pause(which)));
  }

  private refuse(feed: PartitionFeed, fault: Error): void {
    void this.revoke(feed.topic, feed.partition);
    this.parts.onFailure(fault);
  }

  private schedulePoll(): void {
    if (this.stopped) return;
    this.poll = setTimeout(() => {
      const topics = new Set([...this.feeds.values()].map(({ topic }) => topic));
      void Promise.all([...topics].map((topic) => this.checkRange(topic))).finally(() => this.schedulePoll());
    }, pollMs);
  }

  /** Compares each feed of the topic with what the log holds, and tells those that are at the end that they are. */
  private async checkRange(topic: string): Promise<void> {
    const asked = new Map([...this.feeds.values()].filter((feed) => feed.topic === topic).map((feed) => [feed, feed.position]));
    try {
      const ranges = await this.parts.admin.offsets(topic);
      for (const range of ranges) {
        const feed = this.feeds.get(keyOf(topic, range.partition));
        const position = feed === undefined ? undefined : asked.get(feed);
        if (feed === undefined || position === undefined || this.stopped) continue;
        const fault = this.watch.check(feed, position, range);
        if (fault !== null) this.refuse(feed, fault);
        else if (feed.position === range.end) feed.reachedEnd();
      }
    } catch (error) {
      if (!this.stopped)
        this.parts.options.report?.({
          level: 'warn',
          message: 'cannot ask for the end of a topic',
          fields: { topic, err: error },
        });
    }
  }
}

const keyOf = (topic: string, partition: number): string => `${topic}/${partition}`;

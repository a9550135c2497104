import { type DurationMs, seconds } from '#kernel/time';
import { OffsetOutOfRange, type LogAdmin } from '#stream/log';
import type { PartitionFeed } from '#kafka/partition-feed';

export interface OffsetRange {
  readonly partition: number;
  readonly start: number;
  readonly end: number;
}

/**
 * After a leader died its successor may tell an end that is too low until every follower in sync has fetched from it. One that does
 * not fetch is put out of the in-sync set after `replica.lag.time.max.ms` (30 s by default), looked at every half of that.
 */
export const defaultEndSettlesMs: DurationMs = seconds(45);
const askAgainMs = 500;

interface PlaceInLog {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

/** Throws `OffsetOutOfRange` when the log does not hold what comes next, for longer than a change of leader explains. */
export async function requireOffset(admin: LogAdmin, { topic, partition, offset }: PlaceInLog, settlesMs: DurationMs): Promise<void> {
  const until = Date.now() + settlesMs;
  for (;;) {
    const range = (await admin.offsets(topic)).find((each) => each.partition === partition);
    if (range === undefined) throw new Error(`topic ${topic} has no partition ${partition}`);
    if (offset >= range.start && offset <= range.end) return;
    if (offset < range.start || Date.now() >= until) throw new OffsetOutOfRange(topic, partition, offset, range.start, range.end);
    await new Promise((resolve) => setTimeout(resolve, askAgainMs));
  }
}

/**
 * Watches that the log still holds what a feed wants next. kafkajs answers an offset out of range by going on at the default offset,
 * silently: records would be skipped, or the whole topic read again.
 */
export class RangeWatch {
  private readonly beyondSince = new WeakMap<PartitionFeed, number>();

  constructor(private readonly settlesMs: DurationMs) {}

  /** The fault, or null. `asked` is the feed's position when the range was asked for: it may have read on while the answer came. */
  check(feed: PartitionFeed, asked: number, { start, end }: OffsetRange): OffsetOutOfRange | null {
    const fault = () => new OffsetOutOfRange(feed.topic, feed.partition, feed.expected, start, end);
    if (feed.position < start) return fault();
    if (asked <= end) {
      this.beyondSince.delete(feed);
      return null;
    }
    const since = this.beyondSince.get(feed) ?? Date.now();
    this.beyondSince.set(feed, since);
    return Date.now() - since >= this.settlesMs ? fault() : null;
  }
}

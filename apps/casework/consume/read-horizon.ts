import type { InstantMs } from '#kernel/time';
import type { PartitionBatch } from '#stream/log';

interface Place {
  readonly topic: string;
  readonly partition: number;
}

/**
 * Up to when what others said has been read. While there is a backlog, clocks run by it and not by the wall: news that
 * arrived in time must not find its clock missed only because we were down.
 */
export class ReadHorizon {
  private readonly behind = new Map<string, InstantMs>();

  note(batch: PartitionBatch): void {
    const last = batch.records.at(-1);
    if (last === undefined || last.offset + 1 >= batch.endOffset) this.behind.delete(nameOf(batch));
    else this.behind.set(nameOf(batch), last.appendedAt);
  }

  /** The latest instant, not after `now`, up to which the partitions in hand are read. */
  upTo(now: InstantMs, inHand: readonly Place[]): InstantMs {
    return inHand.reduce((horizon, place) => Math.min(horizon, this.behind.get(nameOf(place)) ?? now), now);
  }
}

const nameOf = ({ topic, partition }: Place): string => `${topic}/${partition}`;

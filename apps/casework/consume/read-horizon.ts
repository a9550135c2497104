import type { InstantMs } from '#kernel/time';
import type { LogAdmin, PartitionBatch } from '#stream/log';
import type { PartitionProgress } from '#stream/store';

type Place = Pick<PartitionProgress, 'topic' | 'partition'>;

/**
 * Up to when the news has been read. While there is a backlog, clocks of cases run by it and not by the wall: what was said in time
 * must not find its clock missed only because we were down.
 */
export class ReadHorizon {
  private readonly lastRead = new Map<string, InstantMs>();
  private endsBefore = new Map<number, number>();

  note(batch: PartitionBatch): void {
    const last = batch.records.at(-1);
    if (last !== undefined) this.lastRead.set(nameOf(batch), last.appendedAt);
  }

  /**
   * Of the partitions of a topic in hand, those that are read at least to where they ended when this was last asked: under steady
   * traffic a partition is hardly ever seen at its very end.
   */
  async readToEnd(topic: string, inHand: readonly PartitionProgress[], admin: LogAdmin): Promise<readonly number[]> {
    const before = this.endsBefore;
    this.endsBefore = new Map((await admin.offsets(topic)).map(({ partition, end }) => [partition, end]));
    return inHand
      .filter((place) => place.topic === topic && place.nextOffset >= (before.get(place.partition) ?? Number.POSITIVE_INFINITY))
      .map(({ partition }) => partition);
  }

  /** The latest instant, not after `now`, up to which the partitions in hand are read; undefined when one has not begun. */
  async upTo(now: InstantMs, inHand: readonly PartitionProgress[], admin: LogAdmin): Promise<InstantMs | undefined> {
    let horizon: InstantMs = now;
    for (const topic of new Set(inHand.map((place) => place.topic))) {
      const ends = new Map((await admin.offsets(topic)).map(({ partition, end }) => [partition, end]));
      for (const place of inHand) {
        if (place.topic !== topic || place.nextOffset >= (ends.get(place.partition) ?? 0)) continue;
        const read = this.lastRead.get(nameOf(place));
        if (read === undefined) return undefined;
        horizon = Math.min(horizon, read);
      }
    }
    return horizon;
  }
}

const nameOf = ({ topic, partition }: Place): string => `${topic}/${partition}`;

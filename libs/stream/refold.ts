import { type InstantMs, NEVER } from '#kernel/time';
import type { PartitionLoop, Step } from '#stream/partition-loop';
import type { Restart } from '#stream/stage-store';

/** Makes a step until it is done, bringing in what it needs. */
export type Drive = (until: InstantMs, step: () => Step) => Promise<void>;

/**
 * Makes a partition's memory again what its last owner's was at the last commit: the records from the checkpoint on are folded
 * once more, the marks say what the clock and the shared state were in between, and nothing is said, for all of it was stored.
 * Without a mark for each move of the clock, an event that came after a deadline would be folded as if it had come before.
 */
export class Refold<State, Event, Shared> {
  private marks: Restart['marks'];

  constructor(
    private readonly loop: PartitionLoop<State, Event, Shared>,
    private readonly restart: Restart,
    /** Where the last owner stood. */
    private readonly nextOffset: number,
    private readonly drive: Drive,
  ) {
    this.marks = restart.marks;
    loop.isRefolding = true;
  }

  /** Before the first record: what was due at the checkpoint and is not in the rows. */
  async begin(): Promise<void> {
    const { checkpointWatermark, checkpointOffset } = this.restart;
    await this.drive(checkpointWatermark, () => this.loop.advance(checkpointWatermark));
    if (checkpointOffset >= this.nextOffset) await this.end();
  }

  /** Before the record at `offset`. */
  async before(offset: number): Promise<void> {
    if (offset >= this.nextOffset) await this.end();
    else await this.recall(offset);
  }

  /** Everything was folded again: from here on it counts. */
  async end(): Promise<void> {
    const { loop, restart } = this;
    await this.recall(this.nextOffset);
    await this.drive(restart.watermark, () => loop.advance(restart.watermark));
    Object.assign(loop.counts, restart.counts);
    loop.nextOffset = this.nextOffset;
    loop.isRefolding = false;
  }

  private async recall(offset: number): Promise<void> {
    while (this.marks.length > 0 && this.marks[0]!.offset <= offset) {
      const mark = this.marks[0]!;
      this.marks = this.marks.slice(1);
      await this.drive(mark.watermark ?? -NEVER, () => this.loop.recall(mark));
    }
  }
}

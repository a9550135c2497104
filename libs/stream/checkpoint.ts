import type { DurationMs, InstantMs } from '#kernel/time';
import type { Held } from '#stream/partition-loop';

/** A state in memory that may be newer than its row. */
export interface Tracked<State> extends Held<State> {
  /** The offset from which on the row lacks something; -1 when it lacks nothing. */
  dirtySince: number;
  /** Written by a commit that has not answered yet. */
  inFlight: boolean;
  /** Touched since the last look for what may leave memory. */
  recent: boolean;
}

/** A point from which a partition can be folded again. */
export interface Boundary {
  readonly offset: number;
  readonly watermark: InstantMs;
  readonly shared: string;
}

/** While events are fresh a restart matters more than throughput: states are written over this share of the interval. */
const FRESH_SHARE = 1 / 6;

/**
 * The rolling checkpoint: each commit also writes the states that have been dirty longest, as many as spread the whole over the
 * interval (measured, platform: writing the whole dirty set at once stalls for 2.7 to 3.5 s; rolling costs a tenth of throughput).
 */
export class Checkpoint<State> {
  private queue: Tracked<State>[] = [];
  private head = 0;
  private boundaries: (Boundary & { readonly at: InstantMs })[];
  private takenAt: InstantMs;

  constructor(
    private readonly intervalMs: DurationMs,
    start: Boundary,
    now: InstantMs,
  ) {
    this.boundaries = [{ ...start, at: now }];
    this.takenAt = now;
  }

  get dirty(): number {
    return this.queue.length - this.head;
  }

  note(held: Tracked<State>, sinceOffset: number): void {
    if (held.dirtySince >= 0) return;
    held.dirtySince = sinceOffset;
    this.queue.push(held);
  }

  /** The states to be written with the commit of `boundary`: those dirty longest, their share of the interval, but `min` and no more than `max`. */
  take(
    now: InstantMs,
    boundary: Boundary,
    { min, max, isFresh }: { readonly min: number; readonly max: number; readonly isFresh: boolean },
  ): Tracked<State>[] {
    const intervalMs = isFresh ? this.intervalMs * FRESH_SHARE : this.intervalMs;
    const share = Math.ceil((this.dirty * Math.min(intervalMs, now - this.takenAt)) / intervalMs);
    const count = Math.min(max, this.dirty, Math.max(min, share));
    this.takenAt = now;
    const taken = this.queue.slice(this.head, this.head + count);
    this.head += count;
    for (const held of taken) {
      held.dirtySince = -1;
      held.inFlight = true;
    }
    if (this.head > 1_024 && this.head * 2 > this.queue.length) {
      this.queue = this.queue.slice(this.head);
      this.head = 0;
    }
    this.boundaries.push({ ...boundary, at: now });
    return taken;
  }

  /**
   * Every state that is dirty, or none: so that a refold starts from states of one instant. All of them once the interval is over,
   * where there are `max` of them, or by force.
   */
  takeAll(
    now: InstantMs,
    boundary: Boundary,
    { force, max }: { readonly force: boolean; readonly max: number },
  ): Tracked<State>[] {
    const isDue = force || this.dirty >= max || now - this.boundaries[0]!.at >= this.intervalMs;
    if (this.dirty > 0 && !isDue) return [];
    const taken = this.queue.slice(this.head);
    this.queue = [];
    this.head = 0;
    for (const held of taken) {
      held.dirtySince = -1;
      held.inFlight = true;
    }
    this.boundaries = [{ ...boundary, at: now }];
    return taken;
  }

  /** The newest point before anything that is still dirty. To be asked after `take`. */
  boundary(): Boundary {
    const bound = this.queue[this.head]?.dirtySince ?? Number.POSITIVE_INFINITY;
    let newest = 0;
    while (newest + 1 < this.boundaries.length && this.boundaries[newest + 1]!.offset <= bound) newest += 1;
    if (newest > 0) this.boundaries = this.boundaries.slice(newest);
    return this.boundaries[0]!;
  }

  /** How old the oldest change is that only memory and the log hold. */
  ageMs(now: InstantMs): DurationMs {
    return this.dirty === 0 ? 0 : now - this.boundaries[0]!.at;
  }
}

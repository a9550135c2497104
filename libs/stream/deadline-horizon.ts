import { days, type DurationMs, hours, type InstantMs, NEVER } from '#kernel/time';
import type { PartitionLoop } from '#stream/partition-loop';
import type { StageStore } from '#stream/stage-store';
import type { StateCache } from '#stream/state-cache';

/** Stored deadlines taken up at once; more are due in few places. */
const ROWS_MAX = 50_000;
/** Entries that a heap may hold beyond twice what counts. */
const SLACK = 50_000;

/**
 * Which deadlines are in memory: those up to the horizon wait in the heap, whether their states are at hand or not; later ones lie in
 * their rows and in the states in memory, and are taken up before the watermark comes there. So a heap stays small although
 * millions of holds wait for weeks, and none is forgotten.
 */
export class DeadlineHorizon<State, Event, Shared> {
  private span: DurationMs = hours(1);
  private kept = 0;

  constructor(
    private readonly partition: number,
    private readonly store: StageStore,
    private readonly loop: PartitionLoop<State, Event, Shared>,
    private readonly cache: StateCache<State, Event, Shared>,
  ) {
    this.set(-NEVER);
  }

  /** Moves the horizon on to `until` and a while beyond: longer where there is little, as in a replay that runs through months. */
  async extend(until: InstantMs): Promise<void> {
    const from = this.loop.horizon;
    const to = until + this.span;
    const rows = await this.store.deadlines(this.partition, from, to, ROWS_MAX);
    const isCut = rows.length >= ROWS_MAX;
    this.span = isCut ? this.span / 2 : Math.min(this.span * 2, days(16));
    this.set(isCut ? rows.at(-1)!.deadline : to);
    for (const { key, deadline } of rows) if (this.cache.peek(key) === undefined) this.loop.heap.push(deadline, key);
    for (const held of this.cache.values()) if (held.deadline > from) this.loop.schedule(held);
  }

  /** Keys of states that must be at hand before the watermark may come to `until`: all of the earliest deadline, some of the later ones. */
  needed(until: InstantMs, some: number): string[] {
    const keys: string[] = [];
    this.loop.heap.visitDue(until, some, (key) => {
      if (!this.cache.isAtHand(key)) keys.push(key);
    });
    this.loop.heap.visitDue(this.loop.heap.next, Number.POSITIVE_INFINITY, (key) => keys.push(key));
    return keys;
  }

  /** Drops entries whose state has another deadline by now, once they are many. */
  tidy(): void {
    const { heap } = this.loop;
    if (heap.size < this.kept * 2 + SLACK) return;
    heap.keep((deadline, key) => (this.cache.peek(key)?.queued ?? deadline) === deadline);
    this.kept = heap.size;
  }

  private set(horizon: InstantMs): void {
    this.loop.horizon = horizon;
    this.cache.horizon = horizon;
  }
}

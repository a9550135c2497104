import { type InstantMs, NEVER } from '#kernel/time';
import type { Checkpoint, Tracked } from '#stream/checkpoint';
import type { ColdTier } from '#stream/cold-tier';
import type { Held, HeldStates } from '#stream/partition-loop';
import type { Stage } from '#stream/stage';
import type { StageStore } from '#stream/stage-store';

/** How many states may be objects in memory, over all partitions of one worker. */
export class HotBudget {
  used = 0;
  constructor(readonly max: number) {}
  get excess(): number {
    return this.used - this.max;
  }
}

export interface StateCacheOptions<State, Event, Shared> {
  readonly partition: number;
  readonly stage: Stage<State, Event, Shared>;
  readonly store: StageStore;
  readonly checkpoint: Checkpoint<State>;
  readonly budget: HotBudget;
  readonly cold: ColdTier;
  /** No state of the partition is stored: a key that is not in memory is new. */
  readonly isComplete: boolean;
}

/** The states of one partition: objects in use, encoded bytes of the others as far as there is room, rows for the rest. */
export class StateCache<State, Event, Shared> implements HeldStates<State> {
  /** Deadlines up to here wait in the heap already, also those of states that come back. */
  horizon: InstantMs = NEVER;
  private readonly hot = new Map<string, Tracked<State>>();
  /** Stored since the last `trim`, with the text that was. */
  private readonly leaving = new Map<Tracked<State>, string>();
  private readonly absent = new Set<string>();
  private hand: Iterator<Tracked<State>> | undefined;
  private isComplete: boolean;

  constructor(private readonly options: StateCacheOptions<State, Event, Shared>) {
    this.isComplete = options.isComplete;
  }

  get hotCount(): number {
    return this.hot.size;
  }

  find(key: string): Tracked<State> | undefined {
    const held = this.hot.get(key);
    if (held !== undefined) held.recent = true;
    return held;
  }

  /** As `find`, without counting as use. */
  peek(key: string): Tracked<State> | undefined {
    return this.hot.get(key);
  }

  isAtHand(key: string): boolean {
    return this.hot.has(key) || this.absent.has(key) || (this.isComplete && !this.options.cold.has(key));
  }

  add(key: string, state: State): Tracked<State> {
    return this.hold(key, state, -1, NEVER);
  }

  changed(held: Held<State>, sinceOffset: number): void {
    this.options.checkpoint.note(held as Tracked<State>, sinceOffset);
  }

  values(): IterableIterator<Tracked<State>> {
    return this.hot.values();
  }

  /** Brings the keys into memory, those stored in one query. */
  async load(keys: Iterable<string>): Promise<void> {
    const asked: string[] = [];
    for (const key of new Set(keys)) {
      if (this.hot.has(key) || this.absent.has(key)) continue;
      const cold = this.options.cold.take(key);
      if (cold !== undefined) this.decode(key, cold.text, cold.offset);
      else if (!this.isComplete) asked.push(key);
    }
    if (asked.length === 0) return;
    const stored = await this.options.store.load(this.options.partition, asked);
    for (const key of asked) this.absent.add(key);
    for (const { key, text, offset } of stored) {
      this.absent.delete(key);
      this.decode(key, text, offset);
    }
  }

  /** Between two steps: lets states that are stored and were not used lately leave, while all partitions together hold too many. */
  trim(): void {
    this.absent.clear();
    for (const [held, text] of this.leaving)
      if (this.options.budget.excess > 0 && this.isStored(held) && this.hot.get(held.key) === held) this.evict(held, text);
    this.leaving.clear();
    for (
      let looks = Math.min(this.hot.size * 2, this.options.budget.excess * 8 + 64);
      looks > 0 && this.options.budget.excess > 0;
      looks--
    ) {
      const held = this.nextInTurn();
      if (held === undefined) return;
      if (held.recent) held.recent = false;
      else if (this.isStored(held)) this.evict(held, this.options.stage.encode(held.state));
    }
  }

  /**
   * A state that was just stored leaves with the text that was, if it still is that and there are too many: it need not be written twice.
   * It leaves at the next `trim` and not before: while deadlines are read, one that is stored meanwhile would be in neither place.
   */
  release(held: Tracked<State>, text: string): void {
    if (this.options.budget.excess > 0 && held.dirtySince < 0) this.leaving.set(held, text);
  }

  private isStored(held: Tracked<State>): boolean {
    return held.dirtySince < 0 && !held.inFlight;
  }

  /** The partition goes to another owner: nothing of it stays. */
  clear(): void {
    this.options.budget.used -= this.hot.size;
    this.hot.clear();
    this.leaving.clear();
    this.absent.clear();
  }

  private evict(held: Tracked<State>, text: string): void {
    this.hot.delete(held.key);
    this.options.budget.used -= 1;
    if (!this.options.cold.put(held.key, text, held.offset, () => (this.isComplete = false))) this.isComplete = false;
  }

  private decode(key: string, text: string, offset: number): void {
    const state = this.options.stage.decodeState(text, key);
    const held = this.hold(key, state, offset, this.options.stage.nextDeadline(state));
    if (held.deadline <= this.horizon) held.queued = held.deadline;
  }

  private hold(key: string, state: State, offset: number, deadline: InstantMs): Tracked<State> {
    const held: Tracked<State> = {
      key,
      state,
      offset,
      deadline,
      queued: NEVER,
      dirtySince: -1,
      inFlight: false,
      recent: true,
    };
    this.hot.set(key, held);
    this.options.budget.used += 1;
    return held;
  }

  private nextInTurn(): Tracked<State> | undefined {
    for (let turn = 0; turn < 2; turn++) {
      this.hand ??= this.hot.values();
      const { value, done } = this.hand.next();
      if (done !== true) return value;
      this.hand = undefined;
    }
    return undefined;
  }
}

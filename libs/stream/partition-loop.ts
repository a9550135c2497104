import { type DurationMs, formatInstant, type InstantMs, minutes, NEVER } from '#kernel/time';
import { DeadlineHeap } from '#stream/deadline-heap';
import { type Counts, type Effects, type Mark, noEffects } from '#stream/effects';
import type { LogRecord } from '#stream/log';
import type { Decoded, DecodedBatch, Outgoing, Stage } from '#stream/stage';

/** A key's state in memory, with what the runtime knows about it. */
export interface Held<State> {
  readonly key: string;
  readonly state: State;
  /** The newest offset that it holds; -1 before the first. */
  offset: number;
  deadline: InstantMs;
  /** The deadline under which it waits in the heap; `NEVER` when it does not. */
  queued: InstantMs;
}

/** The states of a partition that are in memory. The caller brings in those that a step needs. */
export interface HeldStates<State> {
  find(key: string): Held<State> | undefined;
  /** A key that has no state anywhere. */
  add(key: string, state: State): Held<State>;
  /** The state differs from what is stored, from this offset on. */
  changed(held: Held<State>, sinceOffset: number): void;
  /** Whether a key may be stepped on: its state is in memory, or there is none at all. */
  isAtHand(key: string): boolean;
}

/** `load`: a state or deadlines are missing in memory; `pause`: enough deadlines for one commit. The step is to be made again. */
export type Step = 'done' | 'load' | 'pause';

export interface LoopStart<Shared> {
  readonly nextOffset: number;
  readonly watermark: InstantMs;
  readonly shared: Shared;
  readonly counts: Counts;
}

/** The default (interface, section 1). */
export const FUTURE_TOLERANCE_MS: DurationMs = minutes(5);

/**
 * The order of things on one partition: the watermark rises to an event's time less the lateness allowed, deadlines up to it fire by
 * time, then the event is applied. Pure: it neither waits nor reads a clock, so its effects are a function of the log, of the marks
 * left by the clock, and of nothing else.
 */
export class PartitionLoop<State, Event, Shared> {
  nextOffset: number;
  watermark: InstantMs;
  shared: Shared;
  readonly counts: Counts;
  effects: Effects = noEffects();
  /** Deadlines up to here are in the heap or belong to states in memory. */
  horizon: InstantMs = NEVER;
  /** While it makes up for lost memory, it says and counts nothing: that was stored before. */
  isRefolding = false;
  /** An event dated later than this after its append is quarantined. */
  futureMs: DurationMs = FUTURE_TOLERANCE_MS;
  /** Deadlines that may fire before the next pause. */
  fireBudget = Number.POSITIVE_INFINITY;
  readonly heap = new DeadlineHeap();
  private readonly out: Outgoing[] = [];
  private sharedSeen: number | string;

  constructor(
    private readonly stage: Stage<State, Event, Shared>,
    private readonly states: HeldStates<State>,
    start: LoopStart<Shared>,
  ) {
    this.nextOffset = start.nextOffset;
    this.watermark = start.watermark;
    this.shared = start.shared;
    this.counts = start.counts;
    this.sharedSeen = this.sharedNow();
  }

  /** Applies the record at the head. Throws what the stage throws: a fault of ours, after which the memory is not to be trusted. */
  step(record: LogRecord, decoded: Decoded<Event>): Step {
    if (decoded.kind === 'event') {
      if (decoded.at > record.appendedAt + this.futureMs) this.quarantine(record, decoded.at, decoded.event);
      else {
        const step = this.apply(record, decoded.key, decoded.at, decoded.event);
        if (step !== 'done') return step;
      }
    } else if (decoded.kind === 'batch') {
      const step = this.applyBatch(record, decoded);
      if (step !== 'done') return step;
    } else if (decoded.kind === 'dead') {
      this.count('dead_lettered');
      if (!this.isRefolding) this.effects.buried.push({ offset: record.offset, key: record.key, letter: decoded.letter });
    } else this.count('ignored');
    this.nextOffset = record.offset + 1;
    this.noteShared();
    return 'done';
  }

  /** The wall clock moves the watermark, once the partition is read to its end. */
  tick(until: InstantMs): Step {
    if (until <= this.watermark) return 'done';
    const before = this.watermark;
    const step = this.advance(until);
    if (this.watermark > before && !this.isRefolding)
      this.effects.marks.push({ offset: this.nextOffset, watermark: this.watermark, shared: null });
    this.noteShared();
    return step;
  }

  /** While refolding: what a mark says held before the next record. */
  recall(mark: Mark): Step {
    if (mark.shared !== null) {
      this.shared = this.stage.decodeShared(mark.shared);
      this.sharedSeen = this.sharedNow();
    }
    return mark.watermark === null ? 'done' : this.advance(mark.watermark);
  }

  /** Fires what is due up to `until`, in order of time, then stands there. Between two steps nothing due is left unfired. */
  advance(until: InstantMs): Step {
    while (this.heap.next <= until) {
      const due = this.heap.next;
      if (this.fireBudget <= 0) return 'pause';
      if (due > this.horizon || !this.areAtHand(due)) return 'load';
      while (this.heap.next === due) this.fireNext(due);
      if (due > this.watermark) this.watermark = due;
    }
    if (until > this.horizon) return 'load';
    if (until > this.watermark) this.watermark = until;
    return 'done';
  }

  /** Puts a state's deadline where it will be seen. */
  schedule(held: Held<State>): void {
    if (held.deadline === held.queued || held.deadline > this.horizon) return;
    held.queued = held.deadline;
    if (held.deadline < NEVER) this.heap.push(held.deadline, held.key);
  }

  takeEffects(): Effects {
    const taken = this.effects;
    this.effects = noEffects();
    return taken;
  }

  private apply(record: LogRecord, key: string, at: InstantMs, event: Event): Step {
    const step = this.advance(at - this.stage.latenessMs);
    if (step !== 'done') return step;
    let held = this.states.find(key);
    if (held === undefined) {
      if (!this.states.isAtHand(key)) return 'load';
      held = this.states.add(key, this.stage.newState(key));
    }
    if (record.offset <= held.offset) return 'done';
    const applied = this.stage.apply(held.state, event, this.shared, this.watermark, record, this.out);
    if (applied.kind === 'dead') {
      this.count('dead_lettered');
      if (!this.isRefolding) this.effects.buried.push({ offset: record.offset, key: record.key, letter: applied.letter });
    } else this.count(applied.kind);
    this.settle(held, record);
    return 'done';
  }

  /** All parts of a record or none: what they need is brought in first, so that nothing interrupts them. */
  private applyBatch(record: LogRecord, { origin, parts }: DecodedBatch<Event>): Step {
    let first = NEVER;
    let last = -NEVER;
    let isAtHand = true;
    for (const { key, at } of parts) {
      if (at < first) first = at;
      if (at > last) last = at;
      if (!this.states.isAtHand(key)) isAtHand = false;
    }
    const { latenessMs } = this.stage;
    const step = first === NEVER ? 'done' : this.advance(first - latenessMs);
    if (step !== 'done') return step;
    if (!isAtHand || last - latenessMs > this.horizon || !this.areAtHand(last - latenessMs)) return 'load';
    if (this.stage.admit?.(this.shared, origin) === false) {
      this.count('duplicate');
      return 'done';
    }
    const budget = this.fireBudget;
    this.fireBudget = Number.POSITIVE_INFINITY;
    for (const { key, at, event } of parts) {
      if (this.advance(at - latenessMs) !== 'done') throw new Error(`stage ${this.stage.name} cannot go on within a record`);
      const held = this.states.find(key) ?? this.states.add(key, this.stage.newState(key));
      this.stage.apply(held.state, event, this.shared, this.watermark, record, this.out);
      this.settle(held, record);
    }
    this.fireBudget = budget;
    this.count('applied');
    return 'done';
  }

  /** After something was applied to a state. */
  private settle(held: Held<State>, record: LogRecord): void {
    held.offset = record.offset;
    this.states.changed(held, record.offset);
    if (this.out.length > 0) this.say(record.appendedAt);
    held.deadline = this.stage.nextDeadline(held.state);
    if (held.deadline <= this.watermark) this.fire(held, this.watermark);
    this.schedule(held);
  }

  private areAtHand(due: InstantMs): boolean {
    let all = true;
    this.heap.visitDue(due, Number.POSITIVE_INFINITY, (key) => {
      if (!this.states.isAtHand(key)) all = false;
    });
    return all;
  }

  private fireNext(due: InstantMs): void {
    const held = this.states.find(this.heap.nextKey!);
    this.heap.pop();
    if (held === undefined) return;
    if (held.queued === due) held.queued = NEVER;
    if (held.deadline <= due) {
      this.states.changed(held, this.nextOffset);
      this.fire(held, due);
    }
    this.schedule(held);
  }

  private fire(held: Held<State>, until: InstantMs): void {
    const watermark = Math.max(this.watermark, until);
    const fired = this.stage.fire(held.state, this.shared, until, this.out);
    held.deadline = this.stage.nextDeadline(held.state);
    if (held.deadline <= until) throw new Error(`stage ${this.stage.name} leaves a deadline of ${held.key} unfired`);
    this.fireBudget -= 1;
    if (this.out.length > 0) this.say(null);
    if (this.isRefolding) return;
    for (const deadline of fired) this.effects.fired.push({ key: held.key, deadline, offset: this.nextOffset, watermark });
  }

  private say(appendedAt: InstantMs | null): void {
    if (!this.isRefolding)
      for (const emission of this.out) {
        if (emission.kind === 'slim') this.effects.slim.push({ emission, offset: this.nextOffset });
        else this.effects.said.push({ emission, appendedAt });
      }
    this.out.length = 0;
  }

  private quarantine(record: LogRecord, at: InstantMs, event: Event): void {
    this.count('quarantined');
    if (this.isRefolding) return;
    const letter = {
      reason: 'future-event',
      ...this.stage.identify?.(event),
      pointer: '/time',
      expected: `at most ${this.futureMs} ms after ${formatInstant(record.appendedAt)}, when it was appended`,
      found: formatInstant(at),
      bytes: (record.value !== null && this.stage.redact?.(record.value)) || Buffer.alloc(0),
    };
    this.effects.buried.push({ offset: record.offset, key: record.key, letter });
  }

  private count(outcome: keyof Counts): void {
    if (!this.isRefolding) this.counts[outcome] += 1;
  }

  private sharedNow(): number | string {
    return this.stage.sharedVersion?.(this.shared) ?? this.stage.encodeShared(this.shared);
  }

  private noteShared(): void {
    const now = this.sharedNow();
    if (now === this.sharedSeen) return;
    this.sharedSeen = now;
    if (!this.isRefolding)
      this.effects.marks.push({ offset: this.nextOffset, watermark: null, shared: this.stage.encodeShared(this.shared) });
  }
}

import { type DurationMs, type InstantMs, minutes, NEVER } from '#kernel/time';
import { type Entry, EntryShelf } from '#apps/makewhole/replay/entry-shelf';
import type { LogRecord } from '#stream/log';
import type { DeadLetter, Emission, Outgoing, SlimEmission, Stage } from '#stream/stage';

/** Something that was said, and when it became true: lines are written in this order. */
export interface Said {
  readonly key: string;
  readonly at: InstantMs;
  readonly emission: Emission;
}

export interface ReplayCounts {
  events: number;
  applied: number;
  duplicates: number;
  ignored: number;
  deadLetters: Map<string, number>;
}

export interface ReplayLimits {
  /** States in memory at most, at about two kilobytes each. */
  readonly statesMax: number;
  /** An event dated further ahead of the record's append time is quarantined. */
  readonly futureMs: DurationMs;
}

export interface ReplayOutputs<Event> {
  said(said: Said): void;
  /** What is told to another stage. */
  slim?(emission: SlimEmission): void;
  deadLetter(record: LogRecord, letter: DeadLetter): void;
  /** The dead letter of an event dated too far into the future. */
  quarantine(record: LogRecord, event: Event): DeadLetter;
  /** When an emission says that it became true. */
  timeOf(emission: Emission): InstantMs;
}

/**
 * Runs a stage over a file. It is the stream's partition loop with one difference: each key has a clock of its own, so that the
 * order in which a file interleaves its accounts changes nothing. (A live partition cannot wait for one account's next event;
 * a file has an end, at which every silent account's deadlines fire.)
 */
export class AccountReplay<State, Event, Shared> {
  readonly counts: ReplayCounts = { events: 0, applied: 0, duplicates: 0, ignored: 0, deadLetters: new Map() };
  private readonly entries: EntryShelf<State>;
  private readonly shared: Shared;
  private readonly out: Outgoing[] = [];
  private newestAt: InstantMs = -NEVER;

  constructor(
    private readonly stage: Stage<State, Event, Shared>,
    private readonly outputs: ReplayOutputs<Event>,
    private readonly limits: ReplayLimits = { statesMax: 200_000, futureMs: minutes(5) },
  ) {
    this.shared = stage.newShared();
    this.entries = new EntryShelf(stage, limits.statesMax);
  }

  record(record: LogRecord): void {
    this.counts.events += 1;
    const decoded = this.stage.decode(record);
    if (decoded.kind === 'ignored') this.counts.ignored += 1;
    else if (decoded.kind === 'dead') this.dead(record, decoded.letter);
    else if (decoded.kind === 'batch') throw new Error(`stage ${this.stage.name} reads batches: a file has none`);
    else if (decoded.at > record.appendedAt + this.limits.futureMs)
      this.dead(record, this.outputs.quarantine(record, decoded.event));
    else this.apply(record, decoded.key, decoded.at, decoded.event);
  }

  /** After the last record: deadlines up to `until` or the newest event, whichever is later, fall due. Returns that instant. */
  finish(until: InstantMs): InstantMs {
    const end = Math.max(until, this.newestAt);
    const { stage, shared } = this;
    const isShared = stage.settle !== undefined && (stage.sharedVersion?.(shared) ?? 0) > 0;
    for (const [key, entry] of this.entries.due(isShared ? NEVER : end)) {
      this.fire(key, entry, end);
      if (isShared) stage.settle?.(entry.state, shared, this.out);
      if (this.out.length > 0) this.say(key, entry);
    }
    this.entries.close();
    return end;
  }

  get keys(): number {
    return this.entries.size;
  }

  private apply(record: LogRecord, key: string, at: InstantMs, event: Event): void {
    let entry = this.entries.get(key);
    if (entry === undefined) {
      entry = { state: this.stage.newState(key), newestAt: -NEVER, saidAt: -NEVER };
      this.entries.add(key, entry);
    }
    if (at > entry.newestAt) entry.newestAt = at;
    if (at > this.newestAt) this.newestAt = at;
    const watermark = entry.newestAt - this.stage.latenessMs;
    this.fire(key, entry, watermark);
    const applied = this.stage.apply(entry.state, event, this.shared, watermark, record, this.out);
    if (applied.kind === 'applied') this.counts.applied += 1;
    else if (applied.kind === 'duplicate') this.counts.duplicates += 1;
    else this.dead(record, applied.letter);
    if (this.out.length > 0) this.say(key, entry);
  }

  private fire(key: string, entry: Entry<State>, until: InstantMs): void {
    if (this.stage.nextDeadline(entry.state) > until) return;
    this.stage.fire(entry.state, this.shared, until, this.out);
    if (this.out.length > 0) this.say(key, entry);
  }

  private say(key: string, entry: Entry<State>): void {
    for (const emission of this.out) {
      if (emission.kind === 'slim') {
        this.outputs.slim?.(emission);
        continue;
      }
      const at = this.outputs.timeOf(emission);
      if (at > entry.saidAt) entry.saidAt = at;
      this.outputs.said({ key, at: entry.saidAt, emission });
    }
    this.out.length = 0;
  }

  private dead(record: LogRecord, letter: DeadLetter): void {
    this.counts.deadLetters.set(letter.reason, (this.counts.deadLetters.get(letter.reason) ?? 0) + 1);
    this.outputs.deadLetter(record, letter);
  }
}

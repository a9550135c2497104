import type { InstantMs } from '#kernel/time';
import type { LogRecord } from '#stream/log';

/** Something that a stage says: it is stored under `id` and sent to `topic` when its `digest` differs from what was stored before. */
export interface Emission {
  readonly id: string;
  readonly topic: string;
  readonly key: string;
  /** JSON text. */
  readonly body: string;
  readonly digest: string;
  /** `finding` is kept as a row to ask for; `message` only goes out. */
  readonly kind: 'finding' | 'message';
}

/**
 * Something that a stage says to another: a row of JSON cells. All rows of a commit for one `group` go out as one record, so that a
 * row costs its bytes and no more. Rows that are alike before `sumFrom` are added up from there on.
 */
export interface SlimEmission {
  readonly kind: 'slim';
  readonly topic: string;
  /** The key of the record: what belongs together always has the same. */
  readonly group: string;
  readonly cells: readonly Cell[];
  readonly sumFrom?: number | undefined;
}

export type Cell = string | number | readonly Cell[];
export type Outgoing = Emission | SlimEmission;

/** A record that could not be applied. `bytes` are redacted. */
export interface DeadLetter {
  readonly reason: string;
  readonly source?: string;
  readonly id?: string;
  readonly pointer?: string;
  readonly expected?: string;
  readonly found?: string;
  readonly bytes: Buffer;
}

export type Decoded<Event> =
  | { readonly kind: 'event'; readonly key: string; readonly at: InstantMs; readonly event: Event }
  | DecodedBatch<Event>
  | { readonly kind: 'dead'; readonly letter: DeadLetter }
  | { readonly kind: 'ignored' };

/** A record of many events: all of them are applied, or the record was told before. In the order given. */
export interface DecodedBatch<Event> {
  readonly kind: 'batch';
  readonly origin: Origin;
  readonly parts: readonly { readonly key: string; readonly at: InstantMs; readonly event: Event }[];
}

/** Who said a batch: positions of one stream only grow, so that one at or below the newest is a repeat. */
export interface Origin {
  readonly stream: string;
  readonly position: number;
}

export type Applied =
  { readonly kind: 'applied' } | { readonly kind: 'duplicate' } | { readonly kind: 'dead'; readonly letter: DeadLetter };

/**
 * What runs on a partition: a deterministic fold with deadlines. It has no clock, no randomness and no I/O; the runtime owns
 * time, storage and fencing. `Shared` is what the keys of one partition have in common (small; saved with the progress).
 */
export interface Stage<State, Event, Shared> {
  readonly name: string;
  readonly latenessMs: number;
  decode(record: LogRecord): Decoded<Event>;
  /** What the outside calls an event; for dead letters and progress. */
  identify?(event: Event): { readonly source: string; readonly id: string };
  newState(key: string): State;
  newShared(): Shared;
  /** Grows with each change of `shared`; without it the runtime compares encodings, which costs more. */
  sharedVersion?(shared: Shared): number;
  /** Needed where records are batches: notes the origin in `shared`; false when it was told before. */
  admit?(shared: Shared, origin: Origin): boolean;
  /**
   * All changed states are stored in one commit or none, so that a refold starts from one instant: needed where records are batches,
   * or where `shared` changes with most events. It holds few states, since they are all written at once.
   */
  readonly storesTogether?: boolean;
  /** The bytes of a record as a dead letter may keep them; without it they are left out. */
  redact?(value: Buffer): Buffer;
  /** Changes `state` (and `shared`) in place; what it says is pushed to `out`. */
  apply(state: State, event: Event, shared: Shared, watermark: InstantMs, record: LogRecord, out: Outgoing[]): Applied;
  /** The next instant at which silence changes something; `Infinity` when there is none. */
  nextDeadline(state: State): InstantMs;
  /** Runs every deadline up to and including `until`, in order, and returns them; afterwards `nextDeadline` is later than `until`. */
  fire(state: State, shared: Shared, until: InstantMs, out: Outgoing[]): readonly FiredDeadline[];
  /** Judges again what rests on `shared`, which other keys may have changed since. */
  settle?(state: State, shared: Shared, out: Outgoing[]): void;
  /** Text without control characters, such as JSON. */
  encode(state: State): string;
  decodeState(text: string, key: string): State;
  encodeShared(shared: Shared): string;
  decodeShared(text: string): Shared;
  /**
   * Said once the partition was read to its end after it had said something before that: nothing that the log held then can change it.
   * `occasion` is new each time.
   */
  caughtUp?(partition: number, watermark: InstantMs, occasion: string): readonly Emission[];
}

export interface FiredDeadline {
  readonly name: string;
  readonly subject: string;
  readonly at: InstantMs;
}

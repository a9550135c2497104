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
  | { readonly kind: 'dead'; readonly letter: DeadLetter }
  | { readonly kind: 'ignored' };

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
  /** The bytes of a record as a dead letter may keep them; without it they are left out. */
  redact?(value: Buffer): Buffer;
  /** Changes `state` (and `shared`) in place; what it says is pushed to `out`. */
  apply(state: State, event: Event, shared: Shared, watermark: InstantMs, record: LogRecord, out: Emission[]): Applied;
  /** The next instant at which silence changes something; `Infinity` when there is none. */
  nextDeadline(state: State): InstantMs;
  /** Runs every deadline up to and including `until`, in order, and returns them; afterwards `nextDeadline` is later than `until`. */
  fire(state: State, shared: Shared, until: InstantMs, out: Emission[]): readonly FiredDeadline[];
  /** Text without control characters, such as JSON. */
  encode(state: State): string;
  decodeState(text: string, key: string): State;
  encodeShared(shared: Shared): string;
  decodeShared(text: string): Shared;
}

export interface FiredDeadline {
  readonly name: string;
  readonly subject: string;
  readonly at: InstantMs;
}

import { NEVER, type InstantMs } from '#kernel/time';

/** Something that should happen by an instant. It ends by being met or by being cancelled; silence beyond `dueAt` misses it. */
export interface Expectation {
  readonly dueAt: InstantMs;
  /** `NEVER` while it was not met. */
  readonly metAt: InstantMs;
  /** `NEVER` while nothing made it void. */
  readonly cancelledAt: InstantMs;
}

export type ExpectationState = 'waiting' | 'met' | 'cancelled' | 'missed';

export interface Standing {
  readonly state: ExpectationState;
  /** When it was missed, at its own deadline; `NEVER` when it was not. */
  readonly missedAt: InstantMs;
  /** When a missed one was met or cancelled after all. */
  readonly clearedAt: InstantMs;
  /** The instant at which silence changes this answer. */
  readonly dueAt: InstantMs;
}

/**
 * Judges an expectation, silence being known up to `now`. Met or cancelled in time is well, whenever the news came; met late is
 * missed at the deadline and cleared when it was met.
 */
export function judge({ dueAt, metAt, cancelledAt }: Expectation, now: InstantMs): Standing {
  const endedAt = Math.min(metAt, cancelledAt);
  const ended = metAt <= cancelledAt ? 'met' : 'cancelled';
  if (endedAt <= dueAt && endedAt !== NEVER) return { state: ended, missedAt: NEVER, clearedAt: NEVER, dueAt: NEVER };
  if (endedAt !== NEVER) return { state: 'missed', missedAt: dueAt, clearedAt: endedAt, dueAt: NEVER };
  if (dueAt <= now) return { state: 'missed', missedAt: dueAt, clearedAt: NEVER, dueAt: NEVER };
  return { state: 'waiting', missedAt: NEVER, clearedAt: NEVER, dueAt };
}

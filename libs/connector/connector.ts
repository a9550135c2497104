import type { DurationMs, InstantMs } from '#kernel/time';
import type { ActionOrder } from '#action/action';

export interface Answered {
  readonly kind: 'answered';
  /** `failed`: it was taken on, and came to nothing. */
  readonly state: 'confirmed' | 'pending' | 'refused' | 'failed';
  readonly reference?: string;
  readonly reason?: string;
}
/** Nothing was done by this call: it is made again, with the same key. */
export interface NotDone {
  readonly kind: 'not-done';
  readonly reason: string;
  readonly retryAfterMs?: DurationMs;
}
/** It may or may not have been done: ask before anything else. */
export interface Unknown {
  readonly kind: 'unknown';
  readonly reason: string;
}
export type CallOutcome = Answered | NotDone | Unknown;
/**
 * `never-arrived`: the same call is made again. `repeat`: it cannot be looked up, but the key still holds, so that the same call
 * does nothing that is done already.
 */
export type AskOutcome = Answered | { readonly kind: 'never-arrived' | 'repeat' } | Unknown;

/** What is asked about. */
export interface Asked {
  readonly order: ActionOrder;
  /** What the other side calls it, where it has said so. */
  readonly reference?: string;
  /** No call was made before this. */
  readonly receivedAt: InstantMs;
}

/** How an action reaches whoever carries it out. Neither call throws for what the other side does. */
export interface Connector {
  /** Names the queue: what one connector never answers delays nobody else's actions. */
  readonly name: string;
  /** Whether a confirmed refund may fail without anybody telling: it is asked about again for a month. */
  readonly failsLate: boolean;
  call(order: ActionOrder): Promise<CallOutcome>;
  ask(asked: Asked): Promise<AskOutcome>;
  close(): Promise<void>;
}

export const refused = (reason: string): Answered => ({ kind: 'answered', state: 'refused', reason: reason.slice(0, 500) });
export const unknown = (reason: string): Unknown => ({ kind: 'unknown', reason: reason.slice(0, 500) });

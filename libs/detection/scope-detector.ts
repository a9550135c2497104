import type { InstantMs } from '#kernel/time';
import type { Cell } from '#ledger/packing';
import type { Claim } from '#detection/claim';
import type { Scope, SlimEvent, SlimType } from '#detection/scope-event';

/** A finding's content. With `accountId` it is about that account; without, about the key of the scope. */
export type ScopeClaim = Omit<Claim, 'scope'> & { readonly accountId?: string };

/** How likely a payment is fraud, from 0 to 1, and what made it so (interface, section 2). */
export interface Score {
  readonly eventId: string;
  readonly paymentId: string;
  readonly accountId: string;
  readonly merchantId: string;
  readonly at: InstantMs;
  readonly score: number;
  readonly parts: Readonly<Record<string, number>>;
}

/**
 * What the keys of one partition have in common, such as a model that learns: any event of any key may change it. A detector must not
 * rely on there being only one. At most 64 KB as text: it is written with each commit.
 */
export interface SharedPart<Part> {
  readonly name: string;
  create(): Part;
  encode(part: Part): Cell;
  decode(cell: Cell): Part;
}

export interface ScopeView {
  readonly key: string;
  /** The partition's watermark: what is dated before may still come late. */
  readonly now: InstantMs;
  shared<Part>(part: SharedPart<Part>): Part;
  /**
   * Opens a finding, or writes it again where it differs: the same kind, key and `money` are the same finding. It stays until it is
   * said cleared. To be said again when something material changed, not with each event.
   */
  say(claim: ScopeClaim): void;
  /** Undefined where nobody is told. */
  readonly score: ((score: Score) => void) | undefined;
}

/**
 * Watches one scope: a fold of its slim events with deadlines, pure and deterministic. Events of one source come in their order and
 * each once; sources interleave, so that an event may be dated up to the lateness before the watermark, and rarely earlier.
 */
export interface ScopeDetector<State> {
  readonly name: string;
  readonly scope: Scope;
  readonly listens: readonly SlimType[];
  /** The shared parts that it asks its view for. */
  readonly uses?: readonly SharedPart<unknown>[];
  /** It says a score for each payment event that reserves or moves money. */
  readonly scores?: boolean;
  newState(key: string): State;
  /** Changes `state` in place. */
  apply(state: State, event: SlimEvent, view: ScopeView): void;
  /**
   * The next instant at which silence changes something; `NEVER` when there is none. The watermark must reach it, so that events dated
   * later may have been applied before. None in the scope `network`.
   */
  nextDeadline?(state: State): InstantMs;
  /** Runs what is due at `at`; afterwards `nextDeadline` is later. */
  fire?(state: State, at: InstantMs, view: ScopeView): void;
  /** Arrays and numbers without names; bounded. */
  encode(state: State): Cell;
  decode(cell: Cell, key: string): State;
  /** Nothing in it matters any more. Needed in the scope `network`, whose keys are without number. */
  isIdle?(state: State, now: InstantMs): boolean;
}

/** A detector among others, whatever its state. */
export type AnyScopeDetector = ScopeDetector<unknown>;

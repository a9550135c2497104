import type { Money } from '#kernel/money';
import type { InstantMs } from '#kernel/time';
import type { Finding, FindingKind, PaymentFacts } from '#detection/finding';

export type CaseStage = 'open' | 'investigating' | 'awaiting_buyer' | 'resolving' | 'closed';
export type CaseOutcome = 'healed' | 'made_whole' | 'rejected' | 'withdrawn';

export type ClockName = 'acknowledge' | 'answer' | 'resolve' | 'pay';
export type ClockState = 'running' | 'paused' | 'met' | 'missed';
export interface Clock {
  readonly name: ClockName;
  readonly dueAt: InstantMs;
  readonly state: ClockState;
}

/** A buyer's loss: the findings about the same money, joined. Plain data; it changes only through `evolveCase`. */
export interface Case {
  readonly caseId: string;
  /** What a buyer quotes: `MW-` and groups of Crockford base 32 with a check character, derived from the case's id. */
  readonly number: string;
  readonly accountId: string | null;
  readonly findings: readonly Finding[];
  readonly payments: readonly PaymentFacts[];
  readonly stage: CaseStage;
  readonly outcome: CaseOutcome | null;
  readonly openedAt: InstantMs;
  readonly closedAt: InstantMs | null;
  readonly clocks: readonly Clock[];
  readonly actions: readonly ActionView[];
  /** Grows by one with each change: the ETag of the API. */
  readonly revision: number;
}

export type ActionKind = 'refund' | 'void' | 'freeze' | 'unfreeze' | 'hold_payout' | 'step_up' | 'compensate' | 'notify';
export type ActionState =
  'proposed' | 'awaiting_approval' | 'approved' | 'sent' | 'pending' | 'confirmed' | 'failed' | 'refused' | 'unknown';

/** An action as a case shows it. */
export interface ActionView {
  readonly actionId: string;
  readonly kind: ActionKind;
  readonly paymentId?: string;
  readonly amount?: Money;
  readonly state: ActionState;
  readonly key: string;
  readonly guard?: string;
  readonly reason?: string;
  readonly policyVersion: string;
  readonly proposedBy: string;
  readonly approvedBy: readonly string[];
}

/** One line of the timeline: who did what, when; append-only. */
export interface CaseEntry {
  readonly at: InstantMs;
  readonly by: string;
  readonly what: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export type CaseKind = FindingKind;

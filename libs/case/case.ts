import type { Money } from '#kernel/money';
import type { InstantMs } from '#kernel/time';
import type { Dismissal } from '#case/suppression';
import type { Confidence, Finding, FindingKind, PaymentFacts } from '#detection/finding';

export type CaseStage = 'open' | 'investigating' | 'awaiting_buyer' | 'resolving' | 'closed';
export type CaseOutcome = 'healed' | 'made_whole' | 'rejected' | 'withdrawn' | 'merged';

/** What the platform owes by itself. */
export type ServiceClock = 'acknowledge' | 'answer' | 'resolve' | 'pay';
/** Where a buyer turns, one after the other, while a loss stands. */
export type LadderStep = 'platform_complaint' | 'consumer_association' | 'mediation' | 'arbitration' | 'court' | 'police';
export type ClockName = ServiceClock | LadderStep;
export type ClockState = 'running' | 'paused' | 'met' | 'missed';
export interface Clock {
  readonly name: ClockName;
  readonly dueAt: InstantMs;
  readonly state: ClockState;
  /** What it counts; working days where it is absent. */
  readonly unit?: 'days' | 'business_hours';
  /** For business hours: when a day begins and ends (UTC). */
  readonly office?: { readonly opens: number; readonly closes: number };
  /** Since when it stands still. */
  readonly pausedAt?: InstantMs;
}

/** A buyer's loss: the findings about the same money, joined. Plain data; it changes only through the pure steps of case/ and action/. */
export interface Case {
  readonly caseId: string;
  /** What a buyer quotes: `MW-` and groups of Crockford base 32 with a check character, derived from the case's id. */
  readonly number: string;
  readonly accountId: string | null;
  readonly findings: readonly Finding[];
  readonly payments: readonly PaymentFacts[];
  /** Those of its findings that a person took out of it; absent for none. */
  readonly dismissed?: readonly Dismissal[];
  readonly stage: CaseStage;
  readonly outcome: CaseOutcome | null;
  readonly openedAt: InstantMs;
  readonly closedAt: InstantMs | null;
  readonly clocks: readonly Clock[];
  readonly actions: readonly ActionView[];
  /** Who works on it; absent while nobody does. */
  readonly assignee?: string;
  readonly tags?: readonly string[];
  /** What staff asked of the buyer, while the buyer is awaited. */
  readonly needed?: string;
  /** Set aside: it waits in no queue until then. */
  readonly snooze?: CaseSnooze;
  /** What it gave to other cases, for good or until it is given back. */
  readonly handedOver?: readonly HandOver[];
  /** The cases that it was made of, or took in. */
  readonly cameFrom?: readonly CaseOrigin[];
  /** Where its account's findings come from, so that it is known whether the rest of them was read. */
  readonly source?: CaseSource;
  /** When what was personal in it was erased, and why. What came in since is not. */
  readonly erased?: { readonly at: InstantMs; readonly reason: string };
  /** Grows by one with each change: the ETag of the API. */
  readonly revision: number;
}

/** `events` is the topic and partition that the detector read, `findings` the partition on which it tells of it. */
export interface CaseSource {
  readonly events: string;
  readonly findings: number;
}

export interface CaseSnooze {
  readonly until: InstantMs;
  readonly reason: string;
  readonly by: string;
}

export type HandOverKind = 'merged' | 'split' | 'reopened';

/** Findings, with all that was done about them, that a person gave to another case. */
export interface HandOver {
  readonly how: HandOverKind;
  readonly to: string;
  readonly by: string;
  readonly at: InstantMs;
  readonly reason: string;
  readonly findings: readonly { readonly findingId: string; readonly kind: FindingKind }[];
  /** What was still to come back. */
  readonly loss: readonly Money[];
  /** They keep their keys, so that a later action of this case must not use them again. */
  readonly actions: readonly { readonly actionId: string; readonly kind: ActionKind; readonly paymentId?: string }[];
}

export interface CaseOrigin {
  readonly how: HandOverKind;
  readonly caseId: string;
  readonly number: string;
}

export type ActionKind = 'refund' | 'void' | 'freeze' | 'unfreeze' | 'hold_payout' | 'step_up' | 'compensate' | 'notify';
/** What the law adds while a loss stands. */
export type AccrualKind = 'daily-compensation' | 'provisional-credit';
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
  /** What it answers: a finding of this case. */
  readonly findingId: string;
  /** How sure the finding was when it was proposed. */
  readonly confidence?: Confidence;
  /** Counts from 1 per case, payment and kind: a second try has a key of its own. */
  readonly sequence: number;
  readonly guard?: string;
  readonly reason?: string;
  /** What the platform or provider calls it: the id of its refund, say. */
  readonly reference?: string;
  readonly policyVersion: string;
  /** `policy`, or the person who proposed it. */
  readonly proposedBy: string;
  readonly approvedBy: readonly string[];
  /** People who must approve; 0 where policy acts alone. The proposer never counts. */
  readonly approvalsNeeded: number;
  /** When a freeze ends by itself. */
  readonly until?: InstantMs;
  /** What a compensation pays. */
  readonly accrual?: AccrualKind;
  /** When the actuator told that it is done. */
  readonly confirmedAt?: InstantMs;
}

/** One line of the timeline: who did what, when; append-only. */
export interface CaseEntry {
  readonly at: InstantMs;
  readonly by: string;
  readonly what: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export type NoticeKind =
  'case.opened' | 'case.updated' | 'case.closed' | 'finding.opened' | 'finding.cleared' | 'action.confirmed' | 'action.failed';

/** Something that those outside should hear of. */
export interface CaseNotice {
  readonly kind: NoticeKind;
  readonly findingId?: string;
  readonly actionId?: string;
}

/** What one step made of a case: its next state, the lines for its timeline, what to tell. */
export interface CaseChange {
  readonly case: Case;
  readonly entries: readonly CaseEntry[];
  readonly notices: readonly CaseNotice[];
}

import { formatInstant } from '#kernel/time';
import type { Money } from '#kernel/money';
import type { AccrualKind, ActionKind, ActionState, Case, CaseOutcome, CaseStage, ClockName, ClockState } from '#case/case';
import { creditsToReverse, REVERSE_BY_HAND } from '#case/credit';
import { lossOfCase } from '#case/loss';
import type { FindingKind } from '#detection/finding';

/** A case as files and the API show it (interface, section 2). Times are RFC 3339. */
export interface CaseFile {
  readonly caseId: string;
  readonly number: string;
  readonly accountId: string | null;
  readonly kinds: readonly FindingKind[];
  readonly findingIds: readonly string[];
  /** Still to come back, per currency; empty once every finding is cleared. */
  readonly loss: readonly Money[];
  readonly stage: CaseStage;
  readonly status: 'open' | 'closed';
  readonly outcome: CaseOutcome | null;
  /** Why people have to end it though nothing is missing any more. */
  readonly attention?: string;
  readonly openedAt: string;
  readonly clocks: readonly { readonly name: ClockName; readonly dueAt: string; readonly state: ClockState }[];
  readonly actions: readonly ActionFile[];
}

export interface ActionFile {
  readonly actionId: string;
  readonly kind: ActionKind;
  /** What a compensation pays. */
  readonly accrual?: AccrualKind;
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

export function toCaseFile(subject: Case): CaseFile {
  const needsPeople = subject.stage !== 'closed' && creditsToReverse(subject).length > 0;
  return {
    caseId: subject.caseId,
    number: subject.number,
    accountId: subject.accountId,
    kinds: [...new Set(subject.findings.map(({ kind }) => kind))],
    findingIds: subject.findings.map(({ findingId }) => findingId),
    loss: lossOfCase(subject),
    stage: subject.stage,
    status: subject.stage === 'closed' ? 'closed' : 'open',
    outcome: subject.outcome,
    ...(needsPeople ? { attention: REVERSE_BY_HAND } : {}),
    openedAt: formatInstant(subject.openedAt),
    clocks: subject.clocks.map(({ name, dueAt, state }) => ({ name, dueAt: formatInstant(dueAt), state })),
    actions: subject.actions.map((action) => ({
      actionId: action.actionId,
      kind: action.kind,
      ...(action.accrual === undefined ? {} : { accrual: action.accrual }),
      ...(action.paymentId === undefined ? {} : { paymentId: action.paymentId }),
      ...(action.amount === undefined ? {} : { amount: action.amount }),
      state: action.state,
      key: action.key,
      ...(action.guard === undefined ? {} : { guard: action.guard }),
      ...(action.reason === undefined ? {} : { reason: action.reason }),
      policyVersion: action.policyVersion,
      proposedBy: action.proposedBy,
      approvedBy: action.approvedBy,
    })),
  };
}

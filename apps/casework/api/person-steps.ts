import { fail, ok, type Result } from '#kernel/result';
import { withdrawActions } from '#action/withdraw';
import type { Case, CaseChange, CaseEntry, CaseOutcome, CaseStage } from '#case/case';
import { type CaseContext, change, closeCase, countRevision, entry, isOver, moveStage } from '#case/life';
import type { Dismissal } from '#case/suppression';
import type { Finding } from '#detection/finding';

export type PersonDecision =
  | { readonly outcome: Exclude<CaseOutcome, 'healed'>; readonly reason: string }
  | {
      readonly stage: Exclude<CaseStage, 'closed'>;
      readonly reason: string;
      /** For the buyer to read, where the buyer is awaited. */
      readonly needed?: string | undefined;
    };

export type DecisionError = { readonly kind: 'already-closed'; readonly outcome: CaseOutcome | null };

interface By {
  readonly by: string;
  readonly context: CaseContext;
}

/** Adds a line to the timeline; nothing else changes. */
export const addNote = (subject: Case, text: string, { by, context }: By): CaseChange =>
  countRevision(subject, change({ ...subject }, [entry(context.now, 'note', { text }, by)], [{ kind: 'case.updated' }]))!;

/**
 * A person moves the case to another stage, or closes it. Closing withdraws what nobody has sent yet; what is out at the provider goes on
 * and its result is still written down. A closed case stays closed: new findings about it are for a person to see.
 */
export function decideCase(subject: Case, decision: PersonDecision, { by, context }: By): Result<CaseChange, DecisionError> {
  if (subject.stage === 'closed') return fail({ kind: 'already-closed', outcome: subject.outcome });
  const why = entry(context.now, 'decision', auditOf(subject, decision), by);
  const first = change(withNeeded(subject, decision), [why], [{ kind: 'case.updated' }]);
  const step =
    'stage' in decision
      ? moveStage(first, decision.stage, context.now, by)
      : withdrawActions(closeCase(first, decision.outcome, context, by), { now: context.now, sends: true });
  return ok(countRevision(subject, step)!);
}

/** What was asked of the buyer stands until they answer, or something else is asked or decided. */
function withNeeded(subject: Case, decision: PersonDecision): Case {
  const { needed: before, ...rest } = subject;
  if (!('stage' in decision) || decision.stage !== 'awaiting_buyer') return rest;
  const needed = decision.needed ?? (subject.stage === 'awaiting_buyer' ? before : undefined);
  return needed === undefined ? rest : { ...rest, needed };
}

export interface Dismissing {
  readonly findings: readonly Finding[];
  readonly how: Dismissal['how'];
  readonly reason: string;
  /** Of the case, when nothing is left in it. */
  readonly outcome: Exclude<CaseOutcome, 'healed'>;
  /** For the timeline. */
  readonly more?: CaseEntry['data'];
}

/**
 * Takes findings out of their case: they stay to be read, count towards no loss and are not acted on; what nobody has sent yet is
 * withdrawn. A case in which nothing else is open closes.
 */
export function dismissFindings(subject: Case, dismissing: Dismissing, { by, context }: By): CaseChange {
  const { findings, how, reason, outcome, more } = dismissing;
  const at = context.now;
  const fresh = findings.map(({ findingId, paymentIds }): Dismissal => ({ how, findingId, paymentIds, reason, by, at }));
  const ids = fresh.map(({ findingId }) => findingId);
  const others = (subject.dismissed ?? []).filter(({ findingId }) => !ids.includes(findingId));
  const next: Case = { ...subject, dismissed: [...others, ...fresh] };
  const first = change(next, [entry(at, how, { findingIds: ids, why: reason, ...more }, by)], [{ kind: 'case.updated' }]);
  const closed = subject.stage !== 'closed' && isOver(next) ? closeCase(first, outcome, context, by) : first;
  return countRevision(subject, withdrawActions(closed, { now: at, sends: true }))!;
}

function auditOf(subject: Case, decision: PersonDecision): CaseEntry['data'] {
  const after = 'stage' in decision ? { stage: decision.stage, outcome: null } : { stage: 'closed', outcome: decision.outcome };
  return { before: { stage: subject.stage, outcome: subject.outcome }, after, why: decision.reason };
}

/** Completes the lines about an action with what it was, what it became and why: the audit of a person's decision. */
export function withAudit(step: CaseChange, before: Case, actionId: string, why: string | undefined): CaseChange {
  const shown = (held: Case) => {
    const action = held.actions.find((candidate) => candidate.actionId === actionId);
    return { state: action?.state, approvedBy: action?.approvedBy };
  };
  const audit = { before: shown(before), after: shown(step.case), ...(why === undefined ? {} : { why }) };
  return {
    ...step,
    entries: step.entries.map((line) =>
      line.data['actionId'] === actionId ? { ...line, data: { ...line.data, ...audit } } : line,
    ),
  };
}

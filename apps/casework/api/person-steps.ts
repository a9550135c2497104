import { fail, ok, type Result } from '#kernel/result';
import { withdrawActions } from '#action/withdraw';
import type { Case, CaseChange, CaseEntry, CaseOutcome, CaseStage } from '#case/case';
import { type CaseContext, change, closeCase, countRevision, entry, moveStage } from '#case/life';

export type PersonDecision =
  | { readonly outcome: Exclude<CaseOutcome, 'healed'>; readonly reason: string }
  | { readonly stage: Exclude<CaseStage, 'closed'>; readonly reason: string };

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
  const first = change({ ...subject }, [why], [{ kind: 'case.updated' }]);
  const step =
    'stage' in decision
      ? moveStage(first, decision.stage, context.now, by)
      : withdrawActions(closeCase(first, decision.outcome, context, by), { now: context.now, sends: true });
  return ok(countRevision(subject, step)!);
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

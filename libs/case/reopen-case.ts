import { deriveId } from '#kernel/ids';
import { fail, ok, type Result } from '#kernel/result';
import type { Case } from '#case/case';
import { placeOf } from '#case/calendar';
import { type ClockSettings, startClocks } from '#case/clocks';
import { everything, type HandedOver, handOver, namesOf, type Regrouping } from '#case/hand-over';
import { change, countRevision, entry } from '#case/life';
import { caseNumberOf } from '#case/number';
import { outcomes } from '#case/transitions';

export type ReopenError = { readonly kind: 'still-open' } | { readonly kind: 'gave-it-away'; readonly to: string };

/**
 * A case that was closed goes on as a new one that is linked to it: the old one keeps its outcome, its number and its chain; the new one
 * holds the findings and all that was done about them. What people had taken out counts again, and policy asks where it would have acted.
 */
export function reopenAsLinked(
  subject: Case,
  wish: Regrouping & { readonly clocks: ClockSettings },
): Result<HandedOver, ReopenError> {
  if (subject.outcome === null) return fail({ kind: 'still-open' });
  const last = subject.handedOver?.at(-1);
  if (outcomes[subject.outcome].reopenedBy === 'nothing' || subject.findings.length === 0)
    return fail({ kind: 'gave-it-away', to: last?.to ?? subject.caseId });
  const { by, now, reason, clocks } = wish;
  const given = everything(subject);
  const caseId = deriveId('case', 'reopened', subject.caseId, (subject.handedOver?.length ?? 0) + 1);
  const old: Case = {
    ...subject,
    ...{ findings: [], payments: [], actions: [] },
    handedOver: [...(subject.handedOver ?? []), handOver('reopened', subject, given, caseId, wish)],
  };
  const { dismissed: _, handedOver: __, snooze: ___, assignee: ____, ...like } = subject;
  const [first] = subject.findings;
  const born: Case = {
    ...like,
    ...{ caseId, number: caseNumberOf(caseId), stage: 'open', outcome: null, openedAt: now, closedAt: null },
    clocks: startClocks(now, clocks, placeOf(first, subject.payments), {
      kinds: subject.findings.map(({ kind }) => kind),
      hasBuyer: subject.accountId !== null,
    }),
    cameFrom: [{ how: 'reopened', caseId: subject.caseId, number: subject.number }],
    revision: 0,
  };
  const before = { stage: 'closed', outcome: subject.outcome };
  const gave = entry(now, 'case reopened as another', { into: caseId, ...namesOf(given), before, why: reason }, by);
  const took = { from: subject.caseId, number: subject.number, ...namesOf(given), before, after: { stage: 'open' }, why: reason };
  return ok({
    from: countRevision(subject, change(old, [gave], [{ kind: 'case.updated' }]))!,
    to: countRevision(undefined, change(born, [entry(now, 'case opened again', took, by)], [{ kind: 'case.opened' }]))!,
  });
}

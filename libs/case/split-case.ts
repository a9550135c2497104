import { deriveId } from '#kernel/ids';
import { fail, ok, type Result } from '#kernel/result';
import type { Case } from '#case/case';
import { belongingsOf, type HandedOver, handOver, namesOf, type Regrouping } from '#case/hand-over';
import { change, countRevision, entry, isOver } from '#case/life';
import { overlap } from '#case/loss';
import { caseNumberOf } from '#case/number';

export type SplitError =
  | { readonly kind: 'not-open' }
  | { readonly kind: 'no-such-finding'; readonly findingId: string }
  | { readonly kind: 'nothing-left' }
  | { readonly kind: 'same-money'; readonly findingIds: readonly [string, string] };

/**
 * Some findings of a case, with all that was done about them, become a case of their own; its clocks run on as they ran. Findings about
 * the same money stay together: in two cases it could be paid back twice.
 */
export function splitCase(subject: Case, findingIds: readonly string[], wish: Regrouping): Result<HandedOver, SplitError> {
  if (subject.stage === 'closed') return fail({ kind: 'not-open' });
  const unknown = findingIds.find((id) => !subject.findings.some(({ findingId }) => findingId === id));
  if (unknown !== undefined) return fail({ kind: 'no-such-finding', findingId: unknown });
  const given = belongingsOf(subject, (findingId) => findingIds.includes(findingId));
  const kept = belongingsOf(subject, (findingId) => !findingIds.includes(findingId));
  if (isEmpty(subject, given) || isEmpty(subject, kept)) return fail({ kind: 'nothing-left' });
  for (const one of given.findings)
    for (const other of kept.findings)
      if (overlap(one, other)) return fail({ kind: 'same-money', findingIds: [one.findingId, other.findingId] });
  const { by, now, reason } = wish;
  const caseId = deriveId('case', 'split', subject.caseId, (subject.handedOver?.length ?? 0) + 1);
  const smaller: Case = {
    ...subject,
    ...kept,
    handedOver: [...(subject.handedOver ?? []), handOver('split', subject, given, caseId, wish)],
  };
  const { handedOver: _, snooze: __, ...like } = subject;
  const born: Case = {
    ...like,
    ...{ caseId, number: caseNumberOf(caseId) },
    ...given,
    cameFrom: [{ how: 'split', caseId: subject.caseId, number: subject.number }],
    revision: 0,
  };
  const before = { findings: subject.findings.length };
  const after = { findings: kept.findings.length };
  const gave = entry(now, 'case split', { into: caseId, ...namesOf(given), before, after, why: reason }, by);
  const took = { from: subject.caseId, number: subject.number, ...namesOf(given), why: reason };
  return ok({
    from: countRevision(subject, change(smaller, [gave], [{ kind: 'case.updated' }]))!,
    to: countRevision(undefined, change(born, [entry(now, 'case split off', took, by)], [{ kind: 'case.opened' }]))!,
  });
}

/** Neither side may be over at once: a case is open for something. */
const isEmpty = (subject: Case, part: Pick<Case, 'findings'>): boolean => isOver({ ...subject, findings: part.findings });

import { fail, ok, type Result } from '#kernel/result';
import type { Case, Clock } from '#case/case';
import type { ChainHead } from '#case/evidence';
import { everything, type HandedOver, handOver, namesOf, receive, type Regrouping } from '#case/hand-over';
import { change, countRevision, entry } from '#case/life';
import { moverOf, requireOutcome, requireStage } from '#case/transitions';

export type MergeError =
  { readonly kind: 'same-case' } | { readonly kind: 'not-open'; readonly caseId: string } | { readonly kind: 'another-buyer' };

/**
 * One case takes in another of the same buyer: its findings, payments and actions, with the earlier of both deadlines. The other closes
 * as `merged`, keeps its number and its chain, and says where all of it went.
 * @param head where the chain of the one that is taken in ended: its evidence stays proven from the chain of the other
 */
export function mergeCases(from: Case, into: Case, head: ChainHead, wish: Regrouping): Result<HandedOver, MergeError> {
  if (from.caseId === into.caseId) return fail({ kind: 'same-case' });
  if (from.accountId === null || from.accountId !== into.accountId) return fail({ kind: 'another-buyer' });
  const closed = [from, into].find(({ stage }) => stage === 'closed');
  if (closed !== undefined) return fail({ kind: 'not-open', caseId: closed.caseId });
  const { by, now, reason } = wish;
  requireStage(from.caseId, from.stage, 'closed', moverOf(by));
  requireOutcome(from.caseId, 'merged', moverOf(by));
  const given = everything(from);
  const { dismissed: _, ...rest } = from;
  const emptied: Case = {
    ...rest,
    ...{ findings: [], payments: [], actions: [], clocks: [], stage: 'closed', outcome: 'merged', closedAt: now },
    handedOver: [...(from.handedOver ?? []), handOver('merged', from, given, into.caseId, wish)],
  };
  const before = { stage: from.stage, outcome: null };
  const gave = { into: into.caseId, ...namesOf(given), before, after: { stage: 'closed', outcome: 'merged' }, why: reason };
  const fuller: Case = {
    ...receive(into, given),
    clocks: earlierOf(into.clocks, from.clocks),
    cameFrom: [...(into.cameFrom ?? []), { how: 'merged', caseId: from.caseId, number: from.number }],
  };
  const took = { from: from.caseId, number: from.number, ...namesOf(given), ...sizes(into, fuller), chain: head, why: reason };
  return ok({
    from: countRevision(from, change(emptied, [entry(now, 'case merged', gave, by)], [{ kind: 'case.closed' }]))!,
    to: countRevision(into, change(fuller, [entry(now, 'case absorbed', took, by)], [{ kind: 'case.updated' }]))!,
  });
}

const sizes = (before: Case, after: Case) => ({
  before: { findings: before.findings.length, actions: before.actions.length },
  after: { findings: after.findings.length, actions: after.actions.length },
});

/** Nobody gains time by a merge: of one name, the deadline that ends first counts. */
const earlierOf = (own: readonly Clock[], given: readonly Clock[]): readonly Clock[] =>
  own.map((clock) => {
    const other = given.find(({ name }) => name === clock.name);
    const counts = other !== undefined && other.state !== 'met' && clock.state !== 'met' && clock.state !== 'missed';
    return counts ? { ...clock, dueAt: Math.min(clock.dueAt, other.dueAt) } : clock;
  });

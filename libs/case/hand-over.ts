import type { InstantMs } from '#kernel/time';
import type { ActionView, Case, CaseChange, CaseEntry, HandOver, HandOverKind } from '#case/case';
import { lossOfCase } from '#case/loss';
import type { PaymentFacts } from '#detection/finding';

/** A person's wish to regroup cases, and when. */
export interface Regrouping {
  readonly by: string;
  readonly now: InstantMs;
  readonly reason: string;
}

/** The findings of a case with all that hangs on them: what one case gives and another takes. */
export interface Belongings {
  readonly findings: Case['findings'];
  readonly payments: Case['payments'];
  readonly actions: Case['actions'];
  readonly dismissed: NonNullable<Case['dismissed']>;
}

export function belongingsOf(subject: Case, isMeant: (findingId: string) => boolean): Belongings {
  const findings = subject.findings.filter(({ findingId }) => isMeant(findingId));
  const named = new Set(findings.flatMap(({ paymentIds }) => paymentIds));
  return {
    findings,
    payments: subject.payments.filter(({ paymentId }) => named.has(paymentId)),
    actions: subject.actions.filter(({ findingId }) => isMeant(findingId)),
    dismissed: (subject.dismissed ?? []).filter(({ findingId }) => isMeant(findingId)),
  };
}

export const everything = (subject: Case): Belongings => ({ ...belongingsOf(subject, () => true), payments: subject.payments });

/** What the giver remembers of what it gave. */
export const handOver = (
  how: HandOverKind,
  subject: Case,
  { findings, actions }: Belongings,
  to: string,
  { by, now, reason }: Regrouping,
): HandOver => ({
  how,
  to,
  by,
  at: now,
  reason,
  findings: findings.map(({ findingId, kind }) => ({ findingId, kind })),
  loss: lossOfCase({ ...subject, findings }),
  actions: actions.map(({ actionId, kind, paymentId }) => ({
    actionId,
    kind,
    ...(paymentId === undefined ? {} : { paymentId }),
  })),
});

/** For the chains of both cases: what changed hands. */
export const namesOf = ({ findings, actions }: Belongings): CaseEntry['data'] => ({
  findingIds: findings.map(({ findingId }) => findingId),
  actionIds: actions.map(({ actionId }) => actionId),
});

/** The case with more in it. What both know of a payment: the newer. */
export function receive(subject: Case, given: Belongings): Case {
  const dismissed = [...(subject.dismissed ?? []), ...given.dismissed];
  return {
    ...subject,
    findings: [...subject.findings, ...given.findings],
    payments: newestOf([...subject.payments, ...given.payments]),
    actions: inOrder(subject.actions, given.actions),
    ...(dismissed.length === 0 ? {} : { dismissed }),
  };
}

/** A freeze stands until an `unfreeze` that comes after it in the list: those that stand stay behind both. */
function inOrder(own: readonly ActionView[], given: readonly ActionView[]): readonly ActionView[] {
  const lifted = (actions: readonly ActionView[]): number =>
    1 + actions.findLastIndex(({ kind, state }) => kind === 'unfreeze' && state !== 'refused' && state !== 'failed');
  const [ownEnd, givenEnd] = [lifted(own), lifted(given)];
  return [...own.slice(0, ownEnd), ...given.slice(0, givenEnd), ...own.slice(ownEnd), ...given.slice(givenEnd)];
}

const newestOf = (payments: readonly PaymentFacts[]): readonly PaymentFacts[] =>
  payments.filter(
    (facts, at) =>
      !payments.some(
        (other, place) =>
          other.paymentId === facts.paymentId && (other.asOf > facts.asOf || (other.asOf === facts.asOf && place < at)),
      ),
  );

/** Both sides of one regrouping: the case that gave, and the one that took. */
export interface HandedOver {
  readonly from: CaseChange;
  readonly to: CaseChange;
}

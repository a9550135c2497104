import { hours, type InstantMs, minutes, NEVER } from '#kernel/time';
import { actionId, actionKey, nextSequence } from '#action/key';
import { isFirm, isOut } from '#action/life';
import type { Policy } from '#action/policy';
import type { ActionKind, ActionView, Case } from '#case/case';

/** Lifted this long before its end: a call that is late by a little must not leave the buyer frozen beyond what was said. */
export const LIFT_AHEAD_MS = minutes(5);

/** When a freeze that goes out now ends. */
export const freezeEnd = (kind: ActionKind, now: InstantMs, { freezeHours }: Policy): { until?: InstantMs } =>
  kind === 'freeze' ? { until: now + hours(freezeHours) } : {};

/**
 * Our freezes that stand: in force, or possibly in force, and not lifted by an `unfreeze` that came after them. One that nobody approved
 * yet holds nothing, and one that waits for approval lifts nothing.
 */
function standingFreezes(subject: Case): readonly ActionView[] {
  const lastLift = subject.actions.findLastIndex(({ kind, state }) => kind === 'unfreeze' && isFirm(state));
  return subject.actions.slice(lastLift + 1).filter(({ kind, state }) => kind === 'freeze' && isOut(state));
}

/** A freeze ends by itself unless renewed: when the last standing one has run out, it is lifted. Nobody needs to approve that. */
export function expireFreezes(subject: Case, now: InstantMs): readonly ActionView[] {
  const standing = standingFreezes(subject);
  const last = standing.toSorted((left, right) => (left.until ?? NEVER) - (right.until ?? NEVER)).at(-1);
  if (last === undefined || (last.until ?? NEVER) - LIFT_AHEAD_MS > now) return [];
  const sequence = nextSequence(subject, subject.actions, 'unfreeze', undefined);
  const identity = { caseId: subject.caseId, kind: 'unfreeze' as const, sequence };
  return [
    {
      actionId: actionId(identity),
      kind: 'unfreeze',
      state: 'approved',
      key: actionKey(identity),
      findingId: last.findingId,
      sequence,
      reason: 'freeze-ended',
      policyVersion: last.policyVersion,
      proposedBy: 'policy',
      approvedBy: [],
      approvalsNeeded: 0,
    },
  ];
}

/** When the last standing freeze is to be lifted. */
export const nextFreezeEnd = (subject: Case): InstantMs => {
  const ends = standingFreezes(subject).map(({ until }) => until ?? NEVER);
  return ends.length === 0 ? NEVER : Math.max(...ends) - LIFT_AHEAD_MS;
};

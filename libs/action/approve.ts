import { fail, ok, type Result } from '#kernel/result';
import type { ActionOrder } from '#action/action';
import type { GuardName } from '#action/guards';
import { peopleFor } from '#action/decide';
import { freezeEnd } from '#action/freeze';
import { guardOf, mustHold, outgoingOf, STALE_FACTS } from '#action/hold';
import { moveAction } from '#action/life';
import { toOrder } from '#action/order';
import { movesMoney } from '#action/policy';
import { actionEntry, afterApproval, type StepContext } from '#action/step';
import { exceededBy, nothingSpent, type VelocityLimit } from '#action/velocity';
import type { ActionView, Case, CaseChange } from '#case/case';
import { creditLine } from '#case/credit';
import { change, countRevision } from '#case/life';

export type ApprovalError =
  | { readonly kind: 'no-such-action'; readonly actionId: string }
  | { readonly kind: 'not-awaiting-approval'; readonly state: ActionView['state'] }
  | { readonly kind: 'proposer-cannot-approve'; readonly proposedBy: string }
  | { readonly kind: 'already-approved-by-you' }
  | { readonly kind: 'unknown-payment'; readonly paymentId: string }
  | { readonly kind: 'operator-limit'; readonly person: string; readonly limit: VelocityLimit };

/** What a person's decision did; an order where that was the last approval needed and no guard stopped it. */
export interface Decided {
  readonly change: CaseChange;
  readonly action: ActionView;
  readonly guard?: GuardName;
  readonly order?: ActionOrder;
}

/** A person who let out so much already that another has to: the action waits, nothing is refused. */
function operatorLimit(
  subject: Case,
  action: ActionView,
  { policy, spentOn = () => nothingSpent }: Pick<StepContext, 'policy' | 'spentOn'>,
): ApprovalError | undefined {
  const next = outgoingOf(subject, action);
  const limits = policy.velocity.filter(({ per }) => per === 'operator');
  const exceeded = next && exceededBy(limits, next, spentOn);
  return exceeded && { kind: 'operator-limit', person: exceeded.key, limit: exceeded.limit };
}

const unknownPayment = ({ payments }: Case, { kind, paymentId }: ActionView): string | undefined =>
  movesMoney(kind) && !payments.some((facts) => facts.paymentId === paymentId) ? paymentId : undefined;

/**
 * Four eyes: never the proposer, each person once, as many as the live policy wants for the amount if that is more. Nobody approves
 * money of a payment whose facts the case does not have: guards could say nothing of it, and the action waits. Guards are asked
 * again with the facts of now; they may refuse what people allow. While the log holds more about the account than was read, an
 * allowed action is held (action/hold) and goes out when that was read. A freeze lasts from its approval.
 */
export function approveAction(
  subject: Case,
  actionId: string,
  by: string,
  context: Omit<StepContext, 'sends' | 'clocks'>,
): Result<Decided, ApprovalError> {
  const found = findAwaiting(subject, actionId);
  if (!found.ok) return found;
  const action = found.value;
  if (action.proposedBy === by) return fail({ kind: 'proposer-cannot-approve', proposedBy: by });
  if (action.approvedBy.includes(by)) return fail({ kind: 'already-approved-by-you' });
  const unknown = unknownPayment(subject, action);
  if (unknown !== undefined) return fail({ kind: 'unknown-payment', paymentId: unknown });
  const approvedBy = [...action.approvedBy, by];
  const { policy } = context;
  const approvalsNeeded = Math.max(action.approvalsNeeded, peopleFor(action.kind, action.amount, policy));
  const known = { approvedBy, approvalsNeeded, policyVersion: policy.version };
  if (approvedBy.length < approvalsNeeded) return ok(write(subject, { ...action, ...known }, by, context.now));
  const tooMuch = operatorLimit(subject, { ...action, approvedBy }, context);
  if (tooMuch !== undefined) return fail(tooMuch);
  if (mustHold(subject, action.kind, context)) {
    const held = { ...action, ...known, guard: STALE_FACTS };
    return ok({ ...write(subject, held, by, context.now), guard: STALE_FACTS });
  }
  const guard = guardOf(subject, { ...action, approvedBy }, context);
  if (guard !== undefined) {
    const refused = write(subject, moveAction(action, 'refused', { ...known, guard }), by, context.now);
    return ok({
      ...refused,
      change: guard === 'credited' ? withCreditFinal(refused.change, by, context.now) : refused.change,
      guard,
    });
  }
  const approved = moveAction(action, 'approved', { ...known, ...freezeEnd(action.kind, context.now, policy) });
  const decided = write(subject, approved, by, context.now);
  return ok({ ...decided, order: toOrder(decided.change.case, approved) });
}

/** Who agrees to a refund of what was credited decides for the buyer: the credit stays, instead of a second payment. */
function withCreditFinal(step: CaseChange, by: string, now: number): CaseChange {
  const line = creditLine({ ...step.case, outcome: 'made_whole' }, now, by);
  return line === undefined ? step : { ...step, entries: [...step.entries, line] };
}

/** A person says no; it stands, and the policy does not propose it again. */
export function rejectAction(
  subject: Case,
  actionId: string,
  by: string,
  reason: string,
  context: Pick<StepContext, 'now'>,
): Result<Decided, ApprovalError> {
  const found = findAwaiting(subject, actionId);
  return found.ok ? ok(write(subject, moveAction(found.value, 'refused', { reason }), by, context.now)) : found;
}

function findAwaiting(subject: Case, actionId: string): Result<ActionView, ApprovalError> {
  const action = subject.actions.find((candidate) => candidate.actionId === actionId);
  if (action === undefined) return fail({ kind: 'no-such-action', actionId });
  return action.state === 'awaiting_approval' ? ok(action) : fail({ kind: 'not-awaiting-approval', state: action.state });
}

function write(subject: Case, action: ActionView, by: string, now: number): Pick<Decided, 'change' | 'action'> {
  const actions = subject.actions.map((held) => (held.actionId === action.actionId ? action : held));
  const step = change(
    { ...subject, actions },
    [actionEntry(action, now, by)],
    [{ kind: 'case.updated', actionId: action.actionId }],
  );
  const settled = action.state === 'approved' && action.accrual === undefined ? afterApproval(step, now) : step;
  return { change: countRevision(subject, settled)!, action };
}

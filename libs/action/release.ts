import { decideActions } from '#action/decide';
import { type DecideContext, guardOf, isHeld, mustHold, outgoingOf } from '#action/hold';
import { moveAction } from '#action/life';
import { alsoCounting, nothingSpent } from '#action/velocity';
import type { ActionView, Case } from '#case/case';

/**
 * What becomes of the held actions of a case once its account was read to its end; none while it is not. Those that people allowed
 * meet the guards. Those of policy are decided again from everything that is known now: one that comes out the same goes its way, another
 * is refused, since what was right in the middle of a backlog need not be at its end (a payment has settled, the loss is another).
 */
export function releaseHeld(subject: Case, context: DecideContext): readonly ActionView[] {
  const held = subject.actions.filter((action) => isHeld(action) && !mustHold(subject, action.kind, context));
  if (held.length === 0) return [];
  const released: ActionView[] = [];
  for (const action of held.filter(({ state }) => state === 'awaiting_approval')) {
    const guard = guardOf(withActions(subject, released), action, after(subject, released, context));
    released.push(settle(action, guard, context));
  }
  const policys = held.filter(({ state }) => state === 'proposed');
  const without = withActions(subject, released).actions.filter((action) => !policys.includes(action));
  const again = decideActions({ ...subject, actions: without }, after(subject, released, context));
  for (const action of policys) {
    const same = again.find((fresh) => fresh.actionId === action.actionId && fresh.amount?.minor === action.amount?.minor);
    if (same === undefined) released.push(settle(action, 'decision-changed', context));
    else if (same.state === 'awaiting_approval')
      released.push(
        moveAction(freed(action), same.state, {
          approvalsNeeded: same.approvalsNeeded,
          policyVersion: context.policy.version,
        }),
      );
    else released.push(settle(action, same.guard, context));
  }
  return released;
}

/** The case with these actions in the place of their older selves. */
export const withActions = (subject: Case, newer: readonly ActionView[]): Case =>
  newer.length === 0
    ? subject
    : { ...subject, actions: subject.actions.map((old) => newer.find(({ actionId }) => actionId === old.actionId) ?? old) };

function settle(action: ActionView, guard: string | undefined, { policy }: DecideContext): ActionView {
  const policyVersion = policy.version;
  return guard === undefined
    ? moveAction(freed(action), 'approved', { policyVersion })
    : moveAction(action, 'refused', { guard, policyVersion });
}

function freed(action: ActionView): ActionView {
  const { guard: _, ...free } = action;
  return free;
}

/** The context of a step that comes after these: what they approved is not yet in anybody's count of the hour. */
export const after = (subject: Case, released: readonly ActionView[], context: DecideContext): DecideContext => ({
  ...context,
  spentOn: alsoCounting(
    context.spentOn ?? (() => nothingSpent),
    released.filter(({ state }) => state === 'approved').flatMap((action) => outgoingOf(subject, action) ?? []),
  ),
  spentMinor: (currency) => context.spentMinor(currency) + approvedMinor(released, currency),
});

const approvedMinor = (actions: readonly ActionView[], currency: string): number =>
  actions.reduce(
    (sum, { state, amount }) => (state === 'approved' && amount?.currency === currency ? sum + amount.minor : sum),
    0,
  );

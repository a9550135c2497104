import { whyNotOwed } from '#action/daily-compensation';
import { moveAction } from '#action/life';
import type { GuardName } from '#action/guards';
import { type DecideContext, situationOf } from '#action/hold';
import { decisionFor, movesMoney, type Policy, type Situation } from '#action/policy';
import type { ActionView, Case, CaseChange } from '#case/case';
import { entry } from '#case/life';
import { isDismissed } from '#case/suppression';
import type { Finding } from '#detection/finding';

/**
 * Takes back what nobody has sent yet and what its finding no longer asks for: the loss healed, shrank below the amount, or is of a
 * kind that was put into shadow. In a live
 * system an approved action is already on its way to the actuator, whose guards see the newer facts; only a replay takes it back here.
 */
export function withdrawActions(
  step: CaseChange,
  context: Pick<DecideContext, 'now' | 'standingOf' | 'breakerOpen'> & { readonly sends: boolean; readonly policy?: Policy },
): CaseChange {
  const subject = step.case;
  const reasons = new Map<string, Withdrawal>();
  for (const action of subject.actions) {
    if (!isWithdrawable(action, context.sends)) continue;
    const guard = whyNotNeeded(action, subject, context);
    if (guard !== undefined) reasons.set(action.actionId, guard);
  }
  if (reasons.size === 0) return step;
  const actions = subject.actions.map((action) => {
    const guard = reasons.get(action.actionId);
    return guard === undefined ? action : moveAction(action, 'refused', { guard });
  });
  const lines = [...reasons].map(([actionId, guard]) => entry(context.now, 'action refused', { actionId, guard }));
  return { ...step, case: { ...subject, actions }, entries: [...step.entries, ...lines] };
}

type Withdrawal = Extract<GuardName, 'loss-healed' | 'loss-changed' | 'decision-changed'>;

/** Nobody has looked at it yet, and the finding has become so sure that policy does something else, or needs no asking any more. */
function isOutgrown(action: ActionView, finding: Finding, policy: Policy, situation: Situation): boolean {
  if (action.state !== 'awaiting_approval' || action.proposedBy !== 'policy' || action.approvedBy.length > 0) return false;
  const { decision, actions } = decisionFor(policy, finding, situation);
  if (decision !== 'act') return false;
  if (!actions.some(movesMoney)) return !actions.includes(action.kind);
  return action.confidence !== undefined && action.confidence !== finding.confidence;
}

const isWithdrawable = ({ state }: ActionView, sends: boolean): boolean =>
  state === 'proposed' || state === 'awaiting_approval' || (state === 'approved' && !sends);

function whyNotNeeded(
  action: ActionView,
  subject: Case,
  { policy, ...context }: Parameters<typeof withdrawActions>[1],
): Withdrawal | undefined {
  if (action.accrual === 'daily-compensation') return whyNotOwed(action, subject);
  const finding = subject.findings.find(({ findingId }) => findingId === action.findingId);
  if (action.kind === 'unfreeze' && finding?.kind !== 'frozen-funds') return undefined;
  if (finding === undefined || finding.status === 'cleared' || subject.stage === 'closed') return 'loss-healed';
  if (isDismissed(subject, finding) || (finding.mode === 'shadow' && action.proposedBy === 'policy')) return 'decision-changed';
  const tooMuch = movesMoney(action.kind) && action.amount !== undefined && action.amount.minor > (finding.loss?.minor ?? 0);
  if (tooMuch) return 'loss-changed';
  if (policy === undefined || action.accrual !== undefined) return undefined;
  return isOutgrown(action, finding, policy, situationOf(subject, finding, { policy, ...context }))
    ? 'decision-changed'
    : undefined;
}

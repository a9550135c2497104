import type { ActionResult } from '#action/action';
import { mayReach } from '#action/life';
import { isOfLoss } from '#action/policy';
import { actionEntry, type StepContext } from '#action/step';
import type { ActionView, Case, CaseChange, CaseNotice } from '#case/case';
import { meetClocks } from '#case/clocks';
import { change, countRevision, outcomeOf } from '#case/life';
import { endCredited, endHealed } from '#action/provisional-credit';

/**
 * What the actuator reports, written into the case. Results may come twice or with steps between left out; one that the action's life
 * cannot reach (it is older than what is known) changes nothing. Undefined when nothing changes.
 */
export function stepResult(subject: Case, result: ActionResult, context: Pick<StepContext, 'now'>): CaseChange | undefined {
  const action = subject.actions.find(({ actionId }) => actionId === result.actionId);
  if (action === undefined || !mayReach(action.state, result.state) || isStale(action, result)) return undefined;
  const moved: ActionView = {
    ...action,
    state: result.state,
    ...(result.guard === undefined ? {} : { guard: result.guard }),
    ...(result.reference === undefined ? {} : { reference: result.reference }),
    ...(result.reason === undefined ? {} : { reason: result.reason }),
    ...(result.state === 'confirmed' ? { confirmedAt: Date.parse(result.at) } : {}),
  };
  const actions = subject.actions.map((held) => (held === action ? moved : held));
  const next = { ...subject, actions };
  const paid = moved.state === 'confirmed' && isOfLoss(moved);
  const step = change(
    {
      ...next,
      ...(subject.outcome === 'healed' || subject.outcome === 'made_whole' ? { outcome: outcomeOf(next) } : {}),
      clocks: paid ? meetClocks(subject.clocks, ['pay'], context.now) : subject.clocks,
    },
    [actionEntry(moved, context.now, 'actuator')],
    noticesOf(moved),
  );
  return countRevision(subject, moved.accrual === 'provisional-credit' ? endCredited(endHealed(step, context), context) : step);
}

/** `unknown → sent → unknown` can go round; only `unknown` after `confirmed` and the like must not. */
const isStale = (action: ActionView, result: ActionResult): boolean =>
  action.state === result.state || (action.state === 'pending' && result.state === 'sent');

function noticesOf(action: ActionView): readonly CaseNotice[] {
  if (action.state === 'confirmed') return [{ kind: 'action.confirmed', actionId: action.actionId }];
  return action.state === 'failed' || action.state === 'refused' ? [{ kind: 'action.failed', actionId: action.actionId }] : [];
}

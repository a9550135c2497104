import type { ActionState } from '#case/case';

/**
 * The life of an action. `unknown` goes back to `sent` only after the provider said that the first call never arrived; a confirmed
 * refund may still fail (a closed account).
 */
export const transitions: Readonly<Record<ActionState, readonly ActionState[]>> = {
  proposed: ['awaiting_approval', 'approved', 'refused'],
  awaiting_approval: ['approved', 'refused'],
  approved: ['sent', 'refused'],
  sent: ['pending', 'confirmed', 'failed', 'refused', 'unknown'],
  unknown: ['sent', 'pending', 'confirmed', 'failed', 'refused'],
  pending: ['confirmed', 'failed', 'refused', 'unknown'],
  confirmed: ['failed'],
  failed: [],
  refused: [],
};

export const mayMove = (from: ActionState, to: ActionState): boolean => transitions[from].includes(to);

/** Throws on a step that the table does not know: it is a fault of ours, and money hangs on it. */
export function moveAction<Action extends { readonly actionId: string; readonly state: ActionState }>(
  action: Action,
  to: ActionState,
  patch: Partial<Omit<Action, 'state'>> = {},
): Action {
  if (!mayMove(action.state, to)) throw new Error(`action ${action.actionId} cannot go from ${action.state} to ${to}`);
  return { ...action, ...patch, state: to };
}

/** Whether the step is one that the table reaches by several steps: results may arrive with those between left out. */
export function mayReach(from: ActionState, to: ActionState): boolean {
  const seen = new Set<ActionState>([from]);
  const queue: ActionState[] = [from];
  for (let state = queue.shift(); state !== undefined; state = queue.shift())
    for (const next of transitions[state]) {
      if (next === to) return true;
      if (!seen.has(next)) queue.push(next);
      seen.add(next);
    }
  return false;
}

/** Neither refused nor failed: it has moved money, or may still. */
export const isLive = (state: ActionState): boolean => state !== 'refused' && state !== 'failed';

/** Nobody has allowed it yet. */
export const isWaiting = (state: ActionState): boolean => state === 'proposed' || state === 'awaiting_approval';

/** Approved, and neither refused nor failed since: nobody is asked any more. */
export const isFirm = (state: ActionState): boolean => state === 'approved' || isOut(state);

/** Out at the provider, or on its way: it can no longer be withdrawn. */
export const isOut = (state: ActionState): boolean =>
  state === 'sent' || state === 'unknown' || state === 'pending' || state === 'confirmed';

import { formatInstant, type InstantMs } from '#kernel/time';
import type { ActionOrder, ActionResult } from '#action/action';
import type { ActionState } from '#case/case';
import type { OutboxMessage } from '#stream/store';

export const topics = {
  actions: 'actions',
  findings: 'findings',
  cases: 'cases',
  results: 'action-results',
  deadLetters: 'dead-letters',
} as const;

/** One change of state, told on `action-results`. The id names the step, so a repeat is known as one. */
export function resultMessage(
  order: ActionOrder,
  step: number,
  move: { readonly state: ActionState; readonly guard?: string; readonly reference?: string; readonly reason?: string },
  at: InstantMs,
): OutboxMessage {
  const id = `${order.actionId}:result:${step}`;
  const data: ActionResult = {
    actionId: order.actionId,
    key: order.key,
    caseId: order.caseId,
    accountId: order.accountId,
    kind: order.kind,
    state: move.state,
    ...(move.guard === undefined ? {} : { guard: move.guard }),
    ...(move.reference === undefined ? {} : { reference: move.reference }),
    ...(move.reason === undefined ? {} : { reason: move.reason }),
    ...(order.amount === undefined ? {} : { amount: order.amount }),
    at: formatInstant(at),
  };
  const value = JSON.stringify({
    specversion: '1.0',
    type: 'makewhole.action-result',
    source: 'makewhole/actuator',
    id,
    time: data.at,
    datacontenttype: 'application/json',
    data,
  });
  return { key: order.accountId ?? order.caseId, id, value };
}

import type { DurationMs, InstantMs } from '#kernel/time';
import { askDelay, callAgainDelay, watchDelay } from '#action/ask-schedule';
import { moveAction } from '#action/life';
import type { AskOutcome, CallOutcome } from '#connector/connector';
import type { Transaction } from '#stream/store';
import { type ActionMove, type ClaimedAction, writeMove } from '#apps/actuator/action-rows';
import { unspend } from '#apps/actuator/budget';
import { endAsTold, type OnSettled } from '#apps/actuator/ledger-news';
import { countReserved, lockPayment } from '#apps/actuator/payment-money';
import { resultMessage, topics } from '#apps/actuator/results';

export interface AskRules {
  readonly askAgainMs: DurationMs;
  /** Whether a confirmed refund may still fail without anybody telling. */
  readonly failsLate: boolean;
}

/**
 * What an outcome makes of an action. An unclear one leads to a question; `never-arrived` and `repeat` to the same call, with the same
 * key, once more. A question about a pending action that finds nothing changes nothing: the other side said that it has it.
 */
export function moveFor(
  action: ClaimedAction,
  outcome: CallOutcome | AskOutcome,
  { askAgainMs, failsLate }: AskRules,
  now: InstantMs,
): ActionMove {
  if (action.state === 'confirmed') return watchMove(action, outcome, now);
  const asked = action.state === 'unknown' || action.state === 'pending';
  const asks = asked ? action.asks + 1 : 0;
  const askNext = now + askDelay(asks, askAgainMs);
  switch (outcome.kind) {
    case 'answered': {
      const { state, reference, reason } = outcome;
      const said = { ...(reference === undefined ? {} : { reference }), ...(reason === undefined ? {} : { reason }) };
      if (state === 'pending') return { state, unanswered: false, ...said, asks, nextMs: askNext };
      const watched = state === 'confirmed' && failsLate && action.order.kind === 'refund';
      return { state, unanswered: false, ...said, asks: watched ? 0 : action.asks, nextMs: watched ? watchNext(0, now) : null };
    }
    case 'not-done': {
      const again = callAgainDelay(action.calls, outcome.retryAfterMs);
      return { state: action.state, unanswered: false, reason: outcome.reason, nextMs: now + again };
    }
    case 'unknown':
      return {
        state: action.state === 'pending' ? 'pending' : 'unknown',
        unanswered: true,
        reason: outcome.reason,
        asks,
        nextMs: askNext,
      };
    case 'never-arrived':
    case 'repeat':
      if (action.state === 'pending') return { state: 'pending', unanswered: false, asks, nextMs: askNext };
      return { state: 'sent', unanswered: false, asks: 0, nextMs: now + (action.calls > 1 ? callAgainDelay(action.calls) : 0) };
  }
}

/** A confirmed refund that was asked about once more: only a clear failure changes it. */
function watchMove(action: ClaimedAction, outcome: CallOutcome | AskOutcome, now: InstantMs): ActionMove {
  if (outcome.kind === 'answered' && (outcome.state === 'failed' || outcome.state === 'refused')) {
    const reason = outcome.reason ?? 'the refund failed after it had succeeded';
    return { state: 'failed', unanswered: false, reason, nextMs: null };
  }
  const asks = action.asks + 1;
  return { state: 'confirmed', unanswered: false, asks, nextMs: watchNext(asks, now) };
}

function watchNext(asks: number, now: InstantMs): InstantMs | null {
  const delay = watchDelay(asks);
  return delay === undefined ? null : now + delay;
}

/**
 * Stores an outcome and tells it, in one transaction. An event may have told the end while the call was under way: then it ends so.
 * False when the claim was lost.
 */
export async function storeOutcome(
  transaction: Transaction,
  action: ClaimedAction,
  move: ActionMove,
  now: InstantMs,
  onSettled: OnSettled,
): Promise<boolean> {
  const { order } = action;
  const changes = move.state !== action.state;
  if (changes) moveAction({ actionId: order.actionId, state: action.state }, move.state);
  if (order.paymentId !== undefined) await lockPayment(transaction, order.paymentId);
  if (!(await writeMove(transaction, action, move, now))) return false;
  if (move.state === 'refused' || move.state === 'failed') await unspend(transaction, order.actionId);
  if (changes) transaction.emit(topics.results, resultMessage(order, action.steps + 1, move, now));
  if (order.paymentId === undefined) return true;
  await endAsTold(transaction, order.paymentId, now, onSettled);
  await countReserved(transaction, order.paymentId);
  return true;
}

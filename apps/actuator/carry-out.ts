import type { Pool } from 'pg';
import type { DurationMs, InstantMs } from '#kernel/time';
import type { AskOutcome, CallOutcome, Connector } from '#connector/connector';
import { failpoint } from '#stream/failpoint';
import type { ActionMove, ClaimedAction } from '#apps/actuator/action-rows';
import type { OnSettled } from '#apps/actuator/ledger-news';
import { readSendPolicy, type StandingPolicy } from '#apps/actuator/live-policy';
import { prepareCall } from '#apps/actuator/prepare-call';
import { transact } from '#apps/actuator/query';
import { moveFor, storeOutcome } from '#apps/actuator/store-outcome';

export interface CarryOutParts {
  readonly pool: Pool;
  readonly connector: Connector;
  readonly policy: StandingPolicy;
  readonly askAgainMs: DurationMs;
  readonly now: () => InstantMs;
  /** Whether the claim is surely still ours: asked right before the call. */
  readonly isHeld: (action: ClaimedAction) => boolean;
  /** Called for actions that end as an event had told; inside the transaction, so perhaps more than once. */
  readonly onSettled: OnSettled;
  readonly onMove: (action: ClaimedAction, move: Pick<ActionMove, 'state' | 'guard'>) => void;
}

/**
 * The next step of one claimed action. What was sent and never answered, by us or by a process that is no more, is asked about before
 * anything else; a call goes out only after `sent` is stored, and never inside a transaction.
 */
export async function carryOut(parts: CarryOutParts, action: ClaimedAction): Promise<void> {
  if (action.state === 'sent' && action.unanswered) return settle(parts, action, unansweredMove(parts, action));
  if (action.state === 'unknown' || action.state === 'pending' || action.state === 'confirmed') return ask(parts, action);
  const prepared = await transact(parts.pool, `preparing action ${action.order.actionId}`, async (transaction) =>
    prepareCall(transaction, action, await readSendPolicy(transaction, parts.policy), parts.now()),
  );
  if (prepared.kind === 'refused') parts.onMove(action, { state: 'refused', guard: prepared.guard });
  if (prepared.kind !== 'call') return;
  if (action.state !== 'sent') parts.onMove(action, { state: 'sent' });
  failpoint('actuator.before-call');
  if (!parts.isHeld(action)) return;
  const outcome = await parts.connector.call(prepared.action.order);
  failpoint('actuator.after-call');
  await settle(parts, prepared.action, moveAfter(parts, prepared.action, outcome));
}

const unansweredMove = (parts: CarryOutParts, action: ClaimedAction): ActionMove =>
  moveAfter(parts, action, { kind: 'unknown', reason: 'sent, and no answer was stored' });

const moveAfter = (parts: CarryOutParts, action: ClaimedAction, outcome: CallOutcome | AskOutcome): ActionMove =>
  moveFor(action, outcome, { askAgainMs: parts.askAgainMs, failsLate: parts.connector.failsLate }, parts.now());

async function ask(parts: CarryOutParts, action: ClaimedAction): Promise<void> {
  const { order, reference, receivedMs: receivedAt } = action;
  const outcome = await parts.connector.ask({ order, receivedAt, ...(reference === undefined ? {} : { reference }) });
  await settle(parts, action, moveAfter(parts, action, outcome));
}

async function settle(parts: CarryOutParts, action: ClaimedAction, move: ActionMove): Promise<void> {
  failpoint('actuator.before-store');
  const stored = await transact(parts.pool, `storing the outcome of action ${action.order.actionId}`, (transaction) =>
    storeOutcome(transaction, action, move, parts.now(), parts.onSettled),
  );
  if (stored && move.state !== action.state) parts.onMove(action, move);
}

import { createHash } from 'node:crypto';
import type { ActionOrder } from '#action/action';
import type { ActionState } from '#case/case';
import { canonicalJson } from '#case/canonical-json';
import type { InstantMs } from '#kernel/time';
import type { Query } from '#apps/actuator/query';

/** An action in hand: claimed by this process under an epoch. A row whose epoch moved on belongs to another. */
export interface ClaimedAction {
  readonly order: ActionOrder;
  readonly state: ActionState;
  readonly unanswered: boolean;
  readonly reserves: boolean;
  readonly reference: string | undefined;
  readonly calls: number;
  readonly asks: number;
  readonly steps: number;
  readonly epoch: number;
  readonly receivedMs: InstantMs;
}

/** What becomes of an action in one step. */
export interface ActionMove {
  readonly state: ActionState;
  readonly unanswered: boolean;
  readonly guard?: string;
  readonly reason?: string;
  readonly reference?: string;
  readonly reserves?: boolean;
  readonly calls?: number;
  readonly asks?: number;
  /** When there is something to do next; null when the action is at its end. */
  readonly nextMs: InstantMs | null;
  /** Under which version of the policy guards were asked. */
  readonly policyVersion?: string;
  /** The claim goes on, for the call that follows. */
  readonly keepClaim?: boolean;
}

export type Received = 'new' | 'known' | 'conflict';

/** Stores an order once. The same key or id with another content is a conflict: nothing is done about it here. */
export async function receiveOrder(db: Query, order: ActionOrder, connector: string, now: InstantMs): Promise<Received> {
  const digest = digestOf(order);
  const inserted = await db.query(
    `INSERT INTO actuator.action (action_id, key, case_id, account_id, kind, payment_id, currency, amount_minor, state, connector, lane,
       order_document, order_digest, received_ms, changed_ms, next_ms, accrual, finding_id)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'approved', $9, $10, $11, $12, $13, $13, $13, $14, $15)
     ON CONFLICT DO NOTHING`,
    [
      order.actionId,
      order.key,
      order.caseId,
      order.accountId,
      order.kind,
      order.paymentId ?? null,
      order.amount?.currency ?? null,
      order.amount?.minor ?? null,
      connector,
      laneOf(order),
      JSON.stringify(order),
      digest,
      now,
      order.accrual ?? null,
      order.findingId ?? null,
    ],
  );
  if (inserted.rowCount === 1) return 'new';
  const { rows } = await db.query<{ order_digest: string }>(
    'SELECT order_digest FROM actuator.action WHERE action_id = $1 OR key = $2',
    [order.actionId, order.key],
  );
  return rows.length === 1 && rows[0]!.order_digest === digest ? 'known' : 'conflict';
}

/** Actions wait for each other only within a lane: a provider that never answers delays its own. */
export const laneOf = (order: ActionOrder): string => order.payment?.provider ?? '';

/** What makes two orders the same: all but the facts of the payment, which are of their time. */
function digestOf({ payment: _payment, ...order }: ActionOrder): string {
  return createHash('sha256').update(canonicalJson(order)).digest('hex');
}

interface ActionRow {
  readonly order_document: ActionOrder;
  readonly state: ActionState;
  readonly unanswered: boolean;
  readonly reserves: boolean;
  readonly reference: string | null;
  readonly calls: number;
  readonly asks: number;
  readonly steps: number;
  readonly claim_epoch: number;
  readonly received_ms: number;
}

/** Takes due actions of one connector that nobody else holds, oldest first, leaving out lanes that are full. Two processes never get the same one. */
export async function claimDue(
  db: Query,
  options: {
    readonly connector: string;
    readonly owner: string;
    readonly limit: number;
    readonly fullLanes: readonly string[];
    readonly leaseMs: number;
    /** False while news of payments are unread: calls that move money wait, questions about those made do not. */
    readonly mayMoveMoney: boolean;
    readonly now: InstantMs;
  },
): Promise<readonly ClaimedAction[]> {
  const { rows } = await db.query<ActionRow>(
    `UPDATE actuator.action SET claimed_by = $2, claim_epoch = claim_epoch + 1, claimed_until = now() + $4 * interval '1 ms'
     WHERE action_id IN (
       SELECT action_id FROM actuator.action
       WHERE connector = $1 AND next_ms <= $5 AND NOT lane = ANY ($6::text[]) AND (claimed_until IS NULL OR claimed_until < now())
         AND ($7 OR kind NOT IN ('refund', 'void', 'compensate') OR state NOT IN ('approved', 'sent') OR unanswered)
       ORDER BY next_ms LIMIT $3 FOR UPDATE SKIP LOCKED)
     RETURNING order_document, state, unanswered, reserves, reference, calls, asks, steps, claim_epoch, received_ms`,
    [options.connector, options.owner, options.limit, options.leaseMs, options.now, options.fullLanes, options.mayMoveMoney],
  );
  return rows.map((row) => ({
    order: row.order_document,
    state: row.state,
    unanswered: row.unanswered,
    reserves: row.reserves,
    reference: row.reference ?? undefined,
    calls: row.calls,
    asks: row.asks,
    steps: row.steps,
    epoch: row.claim_epoch,
    receivedMs: row.received_ms,
  }));
}

/** Holds claims a while longer; returns the ids that are still held. */
export async function renewClaims(
  db: Query,
  owner: string,
  actionIds: readonly string[],
  leaseMs: number,
): Promise<readonly string[]> {
  const { rows } = await db.query<{ action_id: string }>(
    `UPDATE actuator.action SET claimed_until = now() + $3 * interval '1 ms'
     WHERE claimed_by = $1 AND action_id = ANY ($2::text[]) AND claimed_until >= now() RETURNING action_id`,
    [owner, actionIds, leaseMs],
  );
  return rows.map((row) => row.action_id);
}

/** Writes a step of a claimed action and its history. False when the claim was lost: nothing was written then. */
export async function writeMove(db: Query, action: ClaimedAction, move: ActionMove, now: InstantMs): Promise<boolean> {
  const { rowCount } = await db.query(
    `WITH moved AS (
       UPDATE actuator.action SET state = $3, unanswered = $4, guard = coalesce($5, guard), reason = coalesce($6, reason),
         reference = coalesce($7, reference), reserves = $8, calls = $9, asks = $10, next_ms = $11, changed_ms = $12, steps = steps + 1,
         claimed_until = CASE WHEN $13 THEN claimed_until END, claimed_by = CASE WHEN $13 THEN claimed_by END
       WHERE action_id = $1 AND claim_epoch = $2 RETURNING action_id, steps, state)
     INSERT INTO actuator.action_step (action_id, step, state, guard, reason, at_ms, policy_version)
     SELECT action_id, steps, state, $5, $6, $12, $14 FROM moved`,
    [
      action.order.actionId,
      action.epoch,
      move.state,
      move.unanswered,
      move.guard ?? null,
      move.reason ?? null,
      move.reference ?? null,
      move.reserves ?? action.reserves,
      move.calls ?? action.calls,
      move.asks ?? action.asks,
      move.nextMs,
      now,
      move.keepClaim === true,
      move.policyVersion ?? null,
    ],
  );
  return rowCount > 0;
}

/** The history of an action: one line for each step that its row has counted. */
export async function writeStep(
  db: Query,
  actionId: string,
  step: { readonly guard?: string; readonly reason?: string },
  now: InstantMs,
): Promise<void> {
  await db.query(
    `INSERT INTO actuator.action_step (action_id, step, state, guard, reason, at_ms)
     SELECT action_id, steps, state, $2, $3, $4 FROM actuator.action WHERE action_id = $1`,
    [actionId, step.guard ?? null, step.reason ?? null, now],
  );
}

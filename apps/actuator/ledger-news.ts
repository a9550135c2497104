import type { InstantMs } from '#kernel/time';
import type { ActionOrder } from '#action/action';
import type { Transaction } from '#stream/store';
import type { PaymentFacts } from '#detection/finding';
import { writeStep } from '#apps/actuator/action-rows';
import { unspend } from '#apps/actuator/budget';
import { countReserved, isShown, storeFacts } from '#apps/actuator/payment-money';
import { resultMessage, topics } from '#apps/actuator/results';

/** An action came to an end by what the ledger told. Called inside the transaction, so perhaps more than once. */
export type OnSettled = (order: ActionOrder, state: 'confirmed' | 'failed') => void;

/**
 * What the ledger tells of payments, against what we did to them. A pending or unknown action, or one that was unknown and is to be
 * sent again, ends as the ledger says of it, under the reference or key that it has there, and is asked about at once where it says
 * nothing; a confirmed one whose refund the ledger showed and shows no longer, or tells to have failed, has failed after all (a
 * closed account), and its money is free again.
 */
export async function takeNews(
  transaction: Transaction,
  payments: readonly PaymentFacts[],
  now: InstantMs,
  onSettled: OnSettled,
): Promise<void> {
  for (const round of roundsOf(payments)) await takeRound(transaction, round, now, onSettled);
}

/** News of one payment are taken one after the other: a refund may come and go within a batch. The first round locks every row. */
function roundsOf(payments: readonly PaymentFacts[]): readonly (readonly PaymentFacts[])[] {
  const rounds: PaymentFacts[][] = [];
  const told = new Map<string, number>();
  for (const facts of payments) {
    const number = told.get(facts.paymentId) ?? 0;
    told.set(facts.paymentId, number + 1);
    (rounds[number] ??= []).push(facts);
  }
  return rounds;
}

async function takeRound(
  transaction: Transaction,
  payments: readonly PaymentFacts[],
  now: InstantMs,
  onSettled: OnSettled,
): Promise<void> {
  for (const paymentId of await storeFacts(transaction, payments, 'ledger')) {
    await endAsTold(transaction, paymentId, now, onSettled);
    await askSoon(transaction, paymentId, now);
    for (const { order_document: order, steps } of await failVanished(transaction, paymentId, now)) {
      const move = { state: 'failed', reason: 'the refund failed after it had succeeded' } as const;
      await writeStep(transaction, order.actionId, move, now);
      transaction.emit(topics.results, resultMessage(order, steps, move, now));
      onSettled(order, 'failed');
    }
    await markShown(transaction, paymentId);
    await countReserved(transaction, paymentId);
  }
}

/** Ends actions whose end the payment's facts tell, perhaps since before their answer came. The caller holds the payment's lock. */
export async function endAsTold(
  transaction: Transaction,
  paymentId: string,
  now: InstantMs,
  onSettled: OnSettled,
): Promise<void> {
  for (const { order_document: order, steps, state } of await settle(transaction, paymentId, now)) {
    const move = { state, reason: state === 'confirmed' ? 'told by an event' : 'an event told that it failed' };
    await writeStep(transaction, order.actionId, move, now);
    if (state === 'failed') await unspend(transaction, order.actionId);
    transaction.emit(topics.results, resultMessage(order, steps, move, now));
    onSettled(order, state);
  }
}

const askSoon = (transaction: Transaction, paymentId: string, now: InstantMs) =>
  transaction.query(
    `UPDATE actuator.action SET next_ms = least(next_ms, $2) WHERE payment_id = $1 AND state IN ('pending', 'unknown')`,
    [paymentId, now],
  );

/** SQL: whether a list of refunds in the facts of payment `p` has the refund of action `a`. */
const isIn = (list: string): string =>
  `coalesce(p.facts -> '${list}', '[]'::jsonb) ?| array_remove(ARRAY[a.reference, a.key, a.action_id], NULL)`;

interface Settled extends Vanished {
  readonly state: 'confirmed' | 'failed';
}

async function settle(transaction: Transaction, paymentId: string, now: InstantMs): Promise<readonly Settled[]> {
  const { rows } = await transaction.query<Settled>(
    `UPDATE actuator.action AS acted SET state = told.state, unanswered = false, steps = acted.steps + 1, changed_ms = $2,
       claim_epoch = acted.claim_epoch + 1, next_ms = NULL
     FROM (SELECT a.action_id, CASE
         WHEN a.kind = 'void' AND (p.facts ->> 'voided')::boolean OR ${isIn('succeededRefundIds')} THEN 'confirmed'
         WHEN ${isIn('failedRefundIds')} THEN 'failed' END AS state
       FROM actuator.action AS a JOIN actuator.payment_money AS p USING (payment_id)
       WHERE a.payment_id = $1 AND (a.kind IN ('refund', 'void') OR a.accrual = 'provisional-credit')) AS told
     WHERE acted.action_id = told.action_id AND told.state IS NOT NULL AND (acted.state IN ('pending', 'unknown')
       OR acted.state = 'sent' AND NOT acted.unanswered AND EXISTS (
         SELECT FROM actuator.action_step AS step WHERE step.action_id = acted.action_id AND step.state = 'unknown'))
     RETURNING acted.order_document, acted.steps, acted.state`,
    [paymentId, now],
  );
  return rows;
}

interface Vanished {
  readonly order_document: ActionOrder;
  readonly steps: number;
}

async function failVanished(transaction: Transaction, paymentId: string, now: InstantMs): Promise<readonly Vanished[]> {
  const { rows } = await transaction.query<Vanished>(
    `UPDATE actuator.action AS a SET state = 'failed', reason = 'the refund failed after it had succeeded', steps = a.steps + 1,
       in_ledger = false, changed_ms = $2, claim_epoch = a.claim_epoch + 1, next_ms = NULL
     FROM actuator.payment_money AS p
     WHERE a.payment_id = $1 AND p.payment_id = a.payment_id AND a.kind = 'refund' AND a.state = 'confirmed'
       AND (a.in_ledger AND NOT ${isShown('a', 'p')} OR ${isIn('failedRefundIds')})
     RETURNING a.order_document, a.steps`,
    [paymentId, now],
  );
  return rows;
}

const markShown = (transaction: Transaction, paymentId: string) =>
  transaction.query(
    `UPDATE actuator.action AS a SET in_ledger = true FROM actuator.payment_money AS p
     WHERE a.payment_id = $1 AND p.payment_id = a.payment_id AND NOT a.in_ledger AND ${isShown('a', 'p')}`,
    [paymentId],
  );

import type { InstantMs } from '#kernel/time';
import type { ActionOrder } from '#action/action';
import type { Beside } from '#action/beside';
import { firstGuard, type GuardInput, type GuardName, type GuardPolicy, spends } from '#action/guards';
import { mayMove } from '#action/life';
import { movesMoney, type Policy } from '#action/policy';
import type { Outgoing } from '#action/velocity';
import type { Money } from '#kernel/money';
import type { Transaction } from '#stream/store';
import { type ActionMove, type ClaimedAction, writeMove } from '#apps/actuator/action-rows';
import { lockLimits, spend, spentMinor, unspend, velocityOf } from '#apps/actuator/budget';
import { countReserved, lockPayment, type PaymentMoney, reserve } from '#apps/actuator/payment-money';
import { resultMessage, topics } from '#apps/actuator/results';

export type SendPolicy = Pick<Policy, 'version'> & GuardPolicy;

export type Prepared =
  | { readonly kind: 'call'; readonly action: ClaimedAction }
  | { readonly kind: 'refused'; readonly guard: GuardName }
  | { readonly kind: 'lost' };

/**
 * The last look before a call, in one transaction: guards with the newest facts under the payment's lock, then the money is taken and
 * `sent` is written. Only when this has committed may the call go out, so that a crash after it leaves an action that is asked about.
 * What may go out in a time is locked after all else is written, since every call of a currency waits for the others from there to their
 * commits: when others have used it up meanwhile, what was written is taken back and the action refused.
 */
export async function prepareCall(
  transaction: Transaction,
  action: ClaimedAction,
  policy: SendPolicy,
  now: InstantMs,
): Promise<Prepared> {
  const { order } = action;
  const money = order.paymentId === undefined ? undefined : await lockPayment(transaction, order.paymentId);
  const { amount } = order;
  if (movesMoney(order.kind) && money === undefined) return refuse(transaction, action, 'unknown-payment', policy, now);
  const out = amount !== undefined && spends(order.kind, money?.facts) ? outgoingOf(order, amount) : undefined;
  const known = await guardInput(transaction, action, money, policy, now);
  const guard = firstGuard({ ...known, ...(await spentBefore(transaction, order.actionId, out, policy, now)) });
  if (guard !== undefined) return refuse(transaction, action, guard, policy, now);
  if (out !== undefined) await transaction.query('SAVEPOINT before_sending');
  const takes = money !== undefined && amount !== undefined && holdsCaptured(action, money);
  if (takes && !action.reserves) await reserve(transaction, money.facts.paymentId, amount.minor);
  const move: ActionMove = {
    state: 'sent',
    unanswered: true,
    reserves: takes,
    calls: action.calls + 1,
    nextMs: now,
    policyVersion: policy.version,
    keepClaim: true,
  };
  if (!(await writeMove(transaction, action, move, now))) return { kind: 'lost' };
  if (out !== undefined) {
    await lockLimits(transaction, out, policy.velocity);
    const limit = firstGuard({ ...known, ...(await spentBefore(transaction, order.actionId, out, policy, now)) });
    if (limit !== undefined) {
      await transaction.query('ROLLBACK TO SAVEPOINT before_sending');
      return refuse(transaction, action, limit, policy, now);
    }
    await spend(transaction, order.actionId, out, now);
  }
  if (action.state !== 'sent') transaction.emit(topics.results, resultMessage(order, action.steps + 1, move, now));
  const steps = action.steps + 1;
  return {
    kind: 'call',
    action: { ...action, state: 'sent', unanswered: true, reserves: takes, calls: action.calls + 1, steps },
  };
}

/** All that the guards look at, but what went out before. */
async function guardInput(
  transaction: Transaction,
  action: ClaimedAction,
  money: PaymentMoney | undefined,
  policy: SendPolicy,
  now: InstantMs,
): Promise<Omit<GuardInput, 'spentMinor' | 'spentOn'>> {
  const { kind, amount, accrual, owed, findingKind, accountId, merchantId, approvedBy } = action.order;
  const others =
    money === undefined ? 0 : money.reservedMinor - (action.reserves ? Math.min(money.reservedMinor, amount?.minor ?? 0) : 0);
  return {
    kind,
    ...(amount === undefined ? {} : { amount }),
    ...(accrual === undefined
      ? {}
      : { accrual, owedMinor: owed !== undefined && owed.currency === amount?.currency ? owed.minor : 0 }),
    ...(movesMoney(kind) ? { beside: await besideOf(transaction, action) } : {}),
    ...(findingKind === undefined ? {} : { findingKind }),
    ...(money === undefined ? {} : { facts: money.facts }),
    reservedMinor: kind === 'void' && money?.facts.capturedMinor === 0 ? await voidedMinor(transaction, action) : others,
    whom: {
      accountId,
      merchantId,
      instruments: money?.facts.instrument === undefined ? [] : [money.facts.instrument.fingerprint],
    },
    operators: approvedBy,
    policy,
    now,
  };
}

/** Of the budget of the hour and of each limit, other than by this action. */
async function spentBefore(
  transaction: Transaction,
  actionId: string,
  out: Outgoing | undefined,
  policy: SendPolicy,
  now: InstantMs,
): Promise<Pick<GuardInput, 'spentMinor' | 'spentOn'>> {
  if (out === undefined) return { spentMinor: 0 };
  return {
    spentMinor: await spentMinor(transaction, out.amount.currency, actionId, now),
    spentOn: await velocityOf(transaction, policy.velocity, out, actionId, now),
  };
}

/** Asked under the payment's lock, so that of two orders of one payment the second sees the first. */
async function besideOf(transaction: Transaction, { order }: ClaimedAction): Promise<Beside> {
  const { rows } = await transaction.query<Beside>(
    `SELECT coalesce(bool_or(payment_id = $1 AND kind IN ('refund', 'void')), false) AS refund,
       coalesce(bool_or(payment_id = $1 AND accrual = 'provisional-credit'), false) AS credit,
       coalesce(bool_or(finding_id = $2 AND accrual = 'daily-compensation'), false) AS compensation
     FROM actuator.action WHERE (payment_id = $1 OR finding_id = $2 AND accrual = 'daily-compensation')
       AND action_id <> $3 AND state IN ('sent', 'unknown', 'pending', 'confirmed')`,
    [order.paymentId, order.findingId ?? null, order.actionId],
  );
  return rows[0]!;
}

const outgoingOf = ({ merchantId, approvedBy }: ActionOrder, amount: Money): Outgoing => ({
  amount,
  merchantId,
  operators: approvedBy,
});

/** What other voids of a hold release, or may. */
async function voidedMinor(transaction: Transaction, { order }: ClaimedAction): Promise<number> {
  const { rows } = await transaction.query<{ minor: string }>(
    `SELECT coalesce(sum(amount_minor), 0)::text AS minor FROM actuator.action
     WHERE payment_id = $1 AND action_id <> $2 AND kind = 'void' AND state IN ('sent', 'unknown', 'pending', 'confirmed')`,
    [order.paymentId, order.actionId],
  );
  return Number(rows[0]!.minor);
}

const holdsCaptured = ({ order }: ClaimedAction, { facts }: PaymentMoney): boolean =>
  order.kind === 'refund' || order.accrual === 'provisional-credit' || (order.kind === 'void' && facts.capturedMinor > 0);

async function refuse(
  transaction: Transaction,
  action: ClaimedAction,
  guard: GuardName,
  { version }: SendPolicy,
  now: InstantMs,
): Promise<Prepared> {
  if (!mayMove(action.state, 'refused'))
    throw new Error(`action ${action.order.actionId} is ${action.state}: no guard can refuse it`);
  const move: ActionMove = { state: 'refused', guard, unanswered: false, nextMs: null, policyVersion: version };
  if (!(await writeMove(transaction, action, move, now))) return { kind: 'lost' };
  await unspend(transaction, action.order.actionId);
  if (action.reserves && action.order.paymentId !== undefined) await countReserved(transaction, action.order.paymentId);
  transaction.emit(topics.results, resultMessage(action.order, action.steps + 1, move, now));
  return { kind: 'refused', guard };
}

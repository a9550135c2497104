import { days, NEVER, type DurationMs, type InstantMs } from '#kernel/time';
import type { Ledger } from '#ledger/ledger';
import type { Payment } from '#ledger/payment';
import type { AccountState } from '#detection/account-state';

/**
 * What is kept of an account, and so the bound of its state. A purchase is an order with its payments and their refunds.
 *
 * - A purchase that waits for nothing is forgotten 180 days after its newest event, later ones when more than 64 payments are
 *   kept. 256 payments are never exceeded: then the oldest purchases go, whatever they wait for.
 * - Seven days after its newest event a captured payment that waits for nothing loses what only its first days need: its
 *   idempotency key, and the ids of the events before its capture.
 * - Other lists are bounded where they are filled: 64 side facts of a sort, 12 devices, 8 log-ins, 24 acts on the account.
 *
 * A refund, chargeback or second charge of a forgotten purchase is judged by what its own event says: its clocks run, while sums
 * against what was captured or against the order's total are not known, and unknown sums are not compared.
 */
export const RETENTION = {
  keptFor: days(180) as DurationMs,
  tidyEvery: days(7) as DurationMs,
  detailFor: days(7) as DurationMs,
  paymentsKept: 64,
  paymentsMax: 256,
} as const;

export function needsTidying(state: AccountState, now: InstantMs): boolean {
  if (state.ledger.payments.length > state.tidyAbove) return true;
  if (state.tidiedAt === -NEVER) state.tidiedAt = now;
  return now - state.tidiedAt >= RETENTION.tidyEvery;
}

interface Purchase {
  readonly payments: Payment[];
  orderId: string;
  lastAt: InstantMs;
}

/** Forgets what is over, in place. `now` is a time that only grows, such as the watermark. */
export function tidy(state: AccountState, now: InstantMs): void {
  state.tidiedAt = now;
  const { ledger } = state;
  const purchases = purchasesOf(ledger).sort((left, right) => left.lastAt - right.lastAt);
  const waiting = waitingIds(state);
  let kept = ledger.payments.length;
  const gone = new Set<string>();
  for (const purchase of purchases) {
    const isOver = !waiting.has(purchase.orderId) && !purchase.payments.some(({ id }) => waiting.has(id));
    const isOld = purchase.lastAt < now - RETENTION.keptFor;
    const isTooMuch = kept > (isOver ? RETENTION.paymentsKept : RETENTION.paymentsMax);
    if (!(isOld && isOver) && !isTooMuch) continue;
    kept -= purchase.payments.length;
    for (const { id } of purchase.payments) gone.add(id);
    if (purchase.orderId !== '') gone.add(purchase.orderId);
  }
  const liftedBefore = now - RETENTION.keptFor;
  ledger.freezes = ledger.freezes.filter((freeze) => freeze.lastAt >= liftedBefore || waiting.has(freeze.id));
  if (gone.size > 0) forget(state, gone);
  if (gone.size > 0) ledger.forgotAt = now;
  for (const payment of ledger.payments)
    if (payment.lastAt < now - RETENTION.detailFor && !waiting.has(payment.id)) slim(payment);
  state.told = state.told.filter((told) => told.finding.status === 'open' || told.at >= liftedBefore);
  state.tidyAbove = Math.min(Math.max(RETENTION.paymentsKept, ledger.payments.length) + 16, RETENTION.paymentsMax);
}

function slim(payment: Payment): void {
  const [capture] = payment.captures;
  if (capture === undefined || payment.toldFacts !== '') return;
  payment.idempotencyKey = '';
  payment.startedEventId = '';
  payment.authorisedEventId = '';
}

function purchasesOf(ledger: Ledger): Purchase[] {
  const byOrder = new Map<string, Purchase>();
  const loose: Purchase[] = [];
  for (const order of ledger.orders) byOrder.set(order.id, { payments: [], orderId: order.id, lastAt: order.lastAt });
  for (const payment of ledger.payments) {
    const purchase = byOrder.get(payment.orderId) ?? { payments: [], orderId: payment.orderId, lastAt: payment.lastAt };
    if (purchase.payments.length === 0 && !byOrder.has(payment.orderId)) {
      if (payment.orderId === '') loose.push(purchase);
      else byOrder.set(payment.orderId, purchase);
    }
    purchase.payments.push(payment);
    purchase.lastAt = Math.max(purchase.lastAt, payment.lastAt);
  }
  return [...byOrder.values(), ...loose];
}

/** Orders, payments and freezes that a deadline or an open finding rests on. */
function waitingIds({ deadlines, told, ledger }: AccountState): ReadonlySet<string> {
  const ids = new Set<string>(deadlines.map(({ subject }) => subject));
  for (const { finding, subject } of told) {
    if (finding.status !== 'open') continue;
    ids.add(subject);
    if (finding.orderId !== undefined) ids.add(finding.orderId);
    for (const id of finding.paymentIds) ids.add(id);
  }
  for (const refund of ledger.refunds) if (ids.has(refund.id)) ids.add(refund.paymentId);
  return ids;
}

function forget(state: AccountState, gone: ReadonlySet<string>): void {
  const { ledger } = state;
  const refunds = new Set(ledger.refunds.filter(({ paymentId }) => gone.has(paymentId)).map(({ id }) => id));
  const isGone = (subject: string): boolean => gone.has(subject) || refunds.has(subject);
  ledger.payments = ledger.payments.filter(({ id }) => !gone.has(id));
  ledger.orders = ledger.orders.filter(({ id }) => !gone.has(id));
  ledger.refunds = ledger.refunds.filter(({ id }) => !refunds.has(id));
  state.deadlines = state.deadlines.filter(({ subject }) => !isGone(subject));
  state.told = state.told.filter(({ subject }) => !isGone(subject));
}

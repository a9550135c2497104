import type { Money } from '#kernel/money';

import { firstOf, groupBy, moneyOf, textOf, type AccountBook, type PaymentBook } from './books';
import type { Claim } from './claim';
import type { ModelEvent } from './read';
import { addWorkingDays } from './working-days';

/** Working days until the next step of a refund. */
const stepDays: Readonly<Record<string, number>> = {
  'refund.requested': 7,
  'refund.approved': 2,
  'refund.submitted': 5,
  'refund.failed': 2,
};

/** Refunds whose next step is late, refunds of a cancelled order that never began, refunds of another amount than promised. */
export function refundClaims(account: AccountBook, until: number): readonly Claim[] {
  return account.payments.flatMap((payment) => {
    const refunds = groupBy(
      payment.events.filter((event) => event.type.startsWith('refund.')),
      (event) => textOf(event, 'refundId'),
    );
    const told = [...refunds.values()];
    return [
      ...told.flatMap((steps) => overdue(account, payment, steps, until)),
      ...told.flatMap((steps) => wrongAmount(account, payment, steps, told)),
      ...(told.length === 0 ? neverBegun(account, payment, until) : []),
    ];
  });
}

function overdue(account: AccountBook, payment: PaymentBook, steps: readonly ModelEvent[], until: number): readonly Claim[] {
  const end = firstOf(steps, 'refund.succeeded', 'refund.rejected', 'refund.posted');
  const rank = Object.keys(stepDays);
  const before = [...steps].filter((step) => step.type in stepDays).sort((a, b) => rank.indexOf(a.type) - rank.indexOf(b.type));
  const loss = moneyOf(firstOf(steps, 'refund.approved') ?? steps[0]) ?? null;
  const misses = before.flatMap((step, index) => {
    const due = addWorkingDays(step.at, stepDays[step.type] ?? 0, payment.currency);
    const next = before.slice(index + 1).find((later) => later.at >= step.at) ?? end;
    return due <= until && (next === undefined || next.at > due) ? [{ due, isOver: next !== undefined }] : [];
  });
  const first = misses[0];
  if (!first) return [];
  return [
    {
      kind: 'refund-overdue',
      confidence: 'certain',
      accountId: account.accountId,
      paymentIds: [payment.paymentId],
      loss,
      status: misses.every((miss) => miss.isOver) ? 'cleared' : 'open',
      at: first.due,
    },
  ];
}

/** Captured, then the order cancelled: as if a refund had been approved at the cancellation. */
function neverBegun(account: AccountBook, payment: PaymentBook, until: number): readonly Claim[] {
  const cancelledAt = payment.orderId === undefined ? undefined : account.orders.get(payment.orderId)?.cancelledAt;
  if (cancelledAt === undefined || payment.capturedMinor === 0 || payment.isVoided) return [];
  const due = addWorkingDays(Math.max(cancelledAt, payment.capturedAt ?? 0), stepDays['refund.approved'] ?? 0, payment.currency);
  if (due > until) return [];
  return [
    {
      kind: 'refund-overdue',
      confidence: 'certain',
      accountId: account.accountId,
      paymentIds: [payment.paymentId],
      loss: { minor: payment.capturedMinor, currency: payment.currency },
      status: 'open',
      at: due,
    },
  ];
}

/** A refund that came short, until other refunds of the payment have made up for it. */
function wrongAmount(
  account: AccountBook,
  payment: PaymentBook,
  steps: readonly ModelEvent[],
  all: readonly (readonly ModelEvent[])[],
): readonly Claim[] {
  const paid = firstOf(steps, 'refund.succeeded');
  const promised = promiseOf(steps);
  const amount = moneyOf(paid);
  if (!paid || !promised || !amount || promised.currency !== amount.currency || amount.minor >= promised.minor) return [];
  return [
    {
      kind: 'refund-amount-wrong',
      confidence: 'certain',
      accountId: account.accountId,
      paymentIds: [payment.paymentId],
      loss: { minor: promised.minor - amount.minor, currency: amount.currency },
      status: payment.refundedMinor >= all.reduce((sum, told) => sum + (promiseOf(told)?.minor ?? 0), 0) ? 'cleared' : 'open',
      at: paid.at,
    },
  ];
}

const promiseOf = (steps: readonly ModelEvent[]): Money | undefined =>
  moneyOf(firstOf(steps, 'refund.approved', 'refund.requested', 'refund.submitted'));

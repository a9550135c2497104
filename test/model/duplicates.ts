import { allOf, groupBy, moneyOf, textOf, type AccountBook, type PaymentBook } from './books';
import type { Claim } from './claim';

const likelyWindowMs = 5 * 60_000;
const possibleWindowMs = 24 * 3_600_000;

/** Two captures for one order that together exceed its total, twins without a sign of two purchases, one capture debited twice. */
export function duplicateClaims(account: AccountBook): readonly Claim[] {
  const captured = account.payments.filter((payment) => payment.capturedMinor > 0);
  const certain = [...groupBy(captured, (payment) => payment.orderId)].flatMap(([orderId, payments]) =>
    overpaidOrder(account, orderId, payments),
  );
  const explained = new Set(certain.flatMap((claim) => claim.paymentIds));
  return [
    ...certain,
    ...captured.flatMap((payment) => doubleDebits(account, payment)),
    ...twins(
      account,
      captured.filter((payment) => !explained.has(payment.paymentId)),
    ),
  ];
}

function overpaidOrder(account: AccountBook, orderId: string, payments: readonly PaymentBook[]): readonly Claim[] {
  const total = account.orders.get(orderId)?.total;
  const charges = withoutRetries(payments);
  const captures = charges.reduce((sum, payment) => sum + payment.captureCount, 0);
  if (!total || captures < 2) return [];
  const byTime = [...charges].sort((a, b) => (a.capturedAt ?? 0) - (b.capturedAt ?? 0));
  const paid = byTime.reduce((sum, payment) => sum + payment.capturedMinor, 0);
  const kept = byTime.reduce((sum, payment) => sum + payment.capturedMinor - payment.refundedMinor, 0);
  const last = byTime.at(-1) as PaymentBook;
  if (paid <= total.minor || refundedBefore(byTime, last.capturedAt ?? 0, paid - total.minor)) return [];
  const surplus = Math.max(0, kept - total.minor);
  return [
    {
      kind: byTime.some((payment) => payment.fingerprint !== last.fingerprint) ? 'paid-by-other-means' : 'duplicate-charge',
      confidence: 'certain',
      accountId: account.accountId,
      paymentIds: byTime.map((payment) => payment.paymentId),
      loss: { minor: surplus === 0 ? paid - total.minor : surplus, currency: total.currency },
      status: surplus === 0 ? 'cleared' : 'open',
      at: last.capturedAt ?? 0,
    },
  ];
}

function doubleDebits(account: AccountBook, payment: PaymentBook): readonly Claim[] {
  const lines = allOf(account.events, 'statement.line')
    .filter((line) => textOf(line, 'reference') === payment.paymentId && moneyOf(line)?.currency === payment.currency)
    .map((line) => ({ at: line.at, minor: moneyOf(line)?.minor ?? 0, isDebit: line.data['direction'] === 'debit' }));
  const debits = lines.filter(({ isDebit }) => isDebit);
  const minor = lines.reduce((sum, line) => sum + (line.isDebit ? line.minor : -line.minor), 0);
  if (debits.length < 2 || minor <= payment.capturedMinor) return [];
  return [
    {
      kind: 'duplicate-charge',
      confidence: 'certain',
      accountId: account.accountId,
      paymentIds: [payment.paymentId],
      loss: { minor: minor - payment.capturedMinor, currency: payment.currency },
      status: 'open',
      at: debits.at(-1)?.at ?? 0,
    },
  ];
}

function twins(account: AccountBook, captured: readonly PaymentBook[]): readonly Claim[] {
  const alike = groupBy(withoutRetries(captured), (payment) =>
    JSON.stringify([payment.fingerprint, payment.merchantId, payment.capturedMinor, payment.currency]),
  );
  return [...alike.values()].flatMap((payments) => {
    const byTime = [...payments].sort((a, b) => (a.capturedAt ?? 0) - (b.capturedAt ?? 0));
    return byTime.slice(1).flatMap((second, index): readonly Claim[] => {
      const first = byTime[index] as PaymentBook;
      const apart = (second.capturedAt ?? 0) - (first.capturedAt ?? 0);
      if (apart > possibleWindowMs || areTwoPurchases(account, first, second)) return [];
      const isRefunded = Math.max(first.refundedMinor, second.refundedMinor) >= second.capturedMinor;
      return [
        {
          kind: 'duplicate-charge',
          confidence: apart <= likelyWindowMs ? 'likely' : 'possible',
          accountId: account.accountId,
          paymentIds: [first.paymentId, second.paymentId],
          loss: { minor: second.capturedMinor, currency: second.currency },
          status: isRefunded ? 'cleared' : 'open',
          at: second.capturedAt ?? 0,
        },
      ];
    });
  });
}

/** Distinct orders, each confirmed, or another period of a subscription, or other lines of an order. */
function areTwoPurchases(account: AccountBook, first: PaymentBook, second: PaymentBook): boolean {
  const confirmed = (payment: PaymentBook): boolean =>
    payment.orderId !== undefined && account.orders.get(payment.orderId)?.confirmedAt !== undefined;
  if (first.orderId !== second.orderId && confirmed(first) && confirmed(second)) return true;
  const mark = (payment: PaymentBook, field: string): string =>
    JSON.stringify(payment.events.map((event) => event.data[field]).find((value) => value !== undefined) ?? null);
  return ['subscription', 'lineIds'].some((field) => mark(first, field) !== mark(second, field));
}

/** The same idempotency key again is one charge told twice. */
function withoutRetries(payments: readonly PaymentBook[]): readonly PaymentBook[] {
  const keys = new Set<string>();
  return payments.filter((payment) => {
    if (payment.idempotencyKey === undefined) return true;
    const isFirst = !keys.has(payment.idempotencyKey);
    keys.add(payment.idempotencyKey);
    return isFirst;
  });
}

const refundedBefore = (payments: readonly PaymentBook[], at: number, minor: number): boolean =>
  payments.some((payment) => payment.refundedMinor >= minor && (payment.refundedAt ?? Infinity) < at);

import type { AccountBook } from './books';
import type { Claim } from './claim';

/** One capture that took more than its order's total: not a duplicate, but too much. */
export function amountClaims(account: AccountBook): readonly Claim[] {
  return account.payments.flatMap((payment): readonly Claim[] => {
    const order = payment.orderId === undefined ? undefined : account.orders.get(payment.orderId);
    const sameOrder = account.payments.filter((other) => other.orderId === payment.orderId);
    const captures = sameOrder.reduce((sum, other) => sum + other.captureCount, 0);
    if (!order?.total || captures !== 1 || order.total.currency !== payment.currency) return [];
    const surplus = payment.capturedMinor - order.total.minor;
    if (surplus <= 0) return [];
    return [
      {
        kind: 'amount-differs-from-order',
        confidence: 'certain',
        accountId: account.accountId,
        paymentIds: [payment.paymentId],
        loss: { minor: surplus, currency: payment.currency },
        status: payment.refundedMinor >= surplus ? 'cleared' : 'open',
        at: payment.capturedAt ?? 0,
      },
    ];
  });
}

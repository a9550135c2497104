import { formatInstant, NEVER, type InstantMs } from '#kernel/time';
import { moneyBack } from '#ledger/money-back';
import type { Ledger } from '#ledger/ledger';
import { capturedAt, capturedMinor, type Payment } from '#ledger/payment';
import type { Limit } from '#ledger/side-facts';
import { byCapture } from '#detection/charges';
import type { Detector } from '#detection/detector';

/**
 * Payments were captured beyond a limit of the account: each, or those of a calendar day or month in UTC together, gross of refunds
 * and without payments that the merchant initiates. `certain`, at the payment that exceeded it, loss the part above the limit; one
 * finding a payment, day or month.
 *
 * Subject: a limit (what it is per, and its currency). The newest limit before a payment holds for it. Cleared when the payments
 * beyond it were given back. Source: interface, `account.limit_set`.
 */
export const limitExceeded: Detector<Limit> = {
  name: 'limit-exceeded',
  subject: 'limit',
  assess({ id, per, limit: { currency } }, { ledger }, claims) {
    const limits = (ledger.side?.limits ?? []).filter((limit) => limit.id === id);
    for (const [period, payments] of byPeriod(ledger, per, currency)) {
      let spent = 0;
      let excess = 0;
      let holding: Limit | undefined;
      const beyond: Payment[] = [];
      for (const payment of payments) {
        spent += capturedMinor(payment);
        holding = limits.findLast((limit) => limit.at <= capturedAt(payment));
        if (holding === undefined || spent <= holding.limit.minor) continue;
        beyond.push(payment);
        excess = spent - holding.limit.minor;
      }
      const [first] = beyond;
      if (first === undefined) continue;
      claims.push({
        kind: 'limit-exceeded',
        confidence: 'certain',
        money: `limit/${per}/${currency}/${period}`,
        at: capturedAt(first),
        clearedAt: Math.max(...beyond.map((payment) => moneyBack(ledger, payment).wholeAt)),
        merchantId: first.merchantId,
        orderId: first.orderId,
        paymentIds: beyond.map((payment) => payment.id),
        loss: { minor: excess, currency },
        because: {
          rule: `limit-per-${per}`,
          fields: ['captured', 'limit'],
          figures: { spentMinor: spent, limitMinor: holding?.limit.minor ?? null, currency, period },
        },
        eventIds: [holding?.eventId ?? '', ...beyond.flatMap(({ captures }) => captures.map(({ eventId }) => eventId))],
      });
    }
    return NEVER;
  },
};

function byPeriod(ledger: Ledger, per: Limit['per'], currency: string): ReadonlyMap<string, readonly Payment[]> {
  const counted = ledger.payments.filter(
    (payment) => payment.captures.length > 0 && payment.currency === currency && !payment.isMerchantInitiated,
  );
  const periods = new Map<string, Payment[]>();
  for (const payment of counted.sort(byCapture)) {
    const period = per === 'payment' ? payment.id : periodOf(capturedAt(payment), per);
    const known = periods.get(period);
    if (known === undefined) periods.set(period, [payment]);
    else known.push(payment);
  }
  return periods;
}

const periodOf = (at: InstantMs, per: 'day' | 'month'): string =>
  at === NEVER ? '' : formatInstant(at).slice(0, per === 'day' ? 10 : 7);

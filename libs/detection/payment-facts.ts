import type { PaymentFacts } from '#detection/finding';
import type { Coverage } from '#detection/coverage';
import { NEVER } from '#kernel/time';
import { moneyBack, wonAt } from '#ledger/money-back';
import { refundsOfPayment, type Ledger } from '#ledger/ledger';
import { capturedMinor, undoneAt, type Payment } from '#ledger/payment';
import { amountInChargeCurrency, paidStep, standingOf, type Refund } from '#ledger/refund';

/** What guards must know of a payment, from everything that was told of it so far. */
export function paymentFacts(ledger: Ledger, payment: Payment, coverage: Coverage): PaymentFacts {
  const refunds = refundsOfPayment(ledger, payment.id);
  const isUndone = undoneAt(payment) !== NEVER;
  const back = moneyBack(ledger, payment).refunds;
  const pending = refunds.filter((refund) => pendingMinor(refund, payment.currency) > 0);
  const succeededRefundIds = back.map(({ refundId }) => refundId);
  const refundIds = [...succeededRefundIds, ...pending.map(({ id }) => id)];
  const failedRefundIds = refunds.filter((refund) => hasFailed(refund) && !refundIds.includes(refund.id)).map(({ id }) => id);
  return {
    paymentId: payment.id,
    accountId: ledger.accountId,
    ...(payment.merchantId === '' ? {} : { merchantId: payment.merchantId }),
    ...(payment.orderId === '' ? {} : { orderId: payment.orderId }),
    ...(payment.provider === '' ? {} : { provider: payment.provider }),
    ...(payment.instrument === null ? {} : { instrument: payment.instrument }),
    currency: payment.currency,
    authorisedMinor: payment.authorisedAt === NEVER ? 0 : payment.authorisedMinor,
    capturedMinor: isUndone ? 0 : capturedMinor(payment),
    refundedMinor: back.reduce((sum, refund) => sum + refund.minor, 0),
    refundPendingMinor: pending.reduce((sum, refund) => sum + pendingMinor(refund, payment.currency), 0),
    ...(refundIds.length === 0 ? {} : { refundIds }),
    ...(succeededRefundIds.length === 0 ? {} : { succeededRefundIds }),
    ...(failedRefundIds.length === 0 ? {} : { failedRefundIds }),
    ...(payment.captures[0] === undefined ? {} : { capturedAt: payment.captures[0].at }),
    chargebackOpen: (payment.chargebacks ?? []).some(({ openedAt, closedAt }) => openedAt !== NEVER && closedAt === NEVER),
    chargedBackMinor: wonAt(payment) === NEVER ? 0 : wonMinor(payment),
    settled: settledState(payment, coverage),
    voided: isUndone || (payment.ends.voidedAt !== NEVER && payment.captures.length === 0),
    asOf: payment.lastAt,
  };
}

/** A chargeback that was decided before its opening was told is of unknown size: the whole payment, so that nobody pays twice. */
function wonMinor(payment: Payment): number {
  const won = (payment.chargebacks ?? []).filter(({ outcome }) => outcome === 'buyer');
  return won.some(({ openedAt }) => openedAt === NEVER)
    ? capturedMinor(payment)
    : won.reduce((sum, chargeback) => sum + chargeback.minor, 0);
}

const hasFailed = (refund: Refund): boolean => {
  const { failed, rejected } = standingOf(refund);
  return failed !== undefined || rejected !== undefined;
};

function pendingMinor(refund: Refund, currency: string): number {
  const standing = standingOf(refund);
  if (paidStep(standing) !== undefined || standing.rejected !== undefined) return 0;
  if (standing.failed !== undefined && standing.submitted === undefined) return 0;
  const step = standing.submitted ?? standing.approved ?? standing.requested;
  if (step === undefined) return 0;
  const amount = amountInChargeCurrency(step);
  return amount.currency === currency ? amount.minor : 0;
}

function settledState(payment: Payment, coverage: Coverage): PaymentFacts['settled'] {
  if (payment.ends.settledAt !== NEVER) return 'yes';
  return Object.hasOwn(coverage.settled, payment.provider) ? 'no' : 'unknown';
}

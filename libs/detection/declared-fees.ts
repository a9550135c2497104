import type { MinorUnits } from '#kernel/money';
import type { Ledger } from '#ledger/ledger';
import type { Payment } from '#ledger/payment';

/** Fees that were told as disclosed for a payment or its order, in the payment's currency: they may be kept back from a refund. */
export function declaredFeesMinor(ledger: Ledger, payment: Payment): MinorUnits {
  let sum = 0;
  for (const fee of ledger.side?.fees ?? []) {
    const isOfPayment = fee.paymentId === payment.id || (fee.orderId !== '' && fee.orderId === payment.orderId);
    if (isOfPayment && fee.isDisclosed === true && fee.amount.currency === payment.currency) sum += fee.amount.minor;
  }
  return sum;
}

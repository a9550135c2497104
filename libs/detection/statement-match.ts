import type { DurationMs } from '#kernel/time';
import { capturedAt, capturedMinor, type Payment } from '#ledger/payment';
import type { StatementLine } from '#ledger/side-facts';

/** Whether a debit is the payment's: it names the payment or its order, or names nothing and is of its sum a time no further than `nearMs`. */
export function isLineOf(line: StatementLine, payment: Payment, nearMs: DurationMs): boolean {
  if (!line.isDebit) return false;
  if (line.reference !== '') return line.reference === payment.id || line.reference === payment.orderId;
  return (
    payment.captures.length > 0 &&
    line.amount.currency === payment.currency &&
    line.amount.minor === capturedMinor(payment) &&
    Math.abs(line.bookedAt - capturedAt(payment)) <= nearMs
  );
}

import type { DurationMs } from '#kernel/time';
import type { Ledger } from '#ledger/ledger';
import { capturedAt, capturedMinor, countedCaptures, type Payment } from '#ledger/payment';
import type { StatementLine } from '#ledger/side-facts';

/**
 * Whether a debit is the payment's: it names the payment or its order, or names nothing, is booked no further than `nearMs` from it and
 * is of its sum, of one of its captures, or of what it and its neighbours at the merchant come to.
 */
export const isLineOf = (line: StatementLine, payment: Payment, ledger: Ledger, nearMs: DurationMs): boolean =>
  isOwnLine(line, payment, nearMs) || isCommonLine(line, payment, ledger, nearMs);

function isOwnLine(line: StatementLine, payment: Payment, nearMs: DurationMs): boolean {
  if (!line.isDebit) return false;
  if (line.reference !== '') return line.reference === payment.id || line.reference === payment.orderId;
  if (!isNear(line, payment, nearMs)) return false;
  const { minor } = line.amount;
  return minor === capturedMinor(payment) || countedCaptures(payment).some((capture) => capture.minor === minor);
}

/** Merchants book what one buyer paid them in a row as one debit: of payments that have no line of their own. */
function isCommonLine(line: StatementLine, payment: Payment, { payments, side }: Ledger, nearMs: DurationMs): boolean {
  if (!line.isDebit || line.reference !== '' || !isNear(line, payment, nearMs)) return false;
  const lines = side?.lines ?? [];
  const row = payments
    .filter((one) => one.merchantId === payment.merchantId && isNear(line, one, nearMs))
    .filter((one) => !lines.some((other) => isOwnLine(other, one, nearMs)))
    .sort((one, other) => capturedAt(one) - capturedAt(other) || (one.id < other.id ? -1 : 1));
  const place = row.indexOf(payment);
  if (place < 0) return false;
  for (let from = place; from >= 0; from -= 1) {
    let sum = 0;
    for (const [offset, one] of row.slice(from).entries()) {
      sum += capturedMinor(one);
      if (sum >= line.amount.minor) {
        if (sum === line.amount.minor && from + offset >= place) return true;
        break;
      }
    }
  }
  return false;
}

const isNear = (line: StatementLine, payment: Payment, nearMs: DurationMs): boolean =>
  payment.captures.length > 0 &&
  line.amount.currency === payment.currency &&
  Math.abs(line.bookedAt - capturedAt(payment)) <= nearMs;

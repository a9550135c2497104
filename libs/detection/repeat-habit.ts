import type { DurationMs } from '#kernel/time';
import { NEVER } from '#kernel/time';
import { moneyBack } from '#ledger/money-back';
import type { Ledger } from '#ledger/ledger';
import { capturedMinor, type Payment } from '#ledger/payment';
import type { DuplicateChargeSettings } from '#detection/duplicate-charge-settings';

/**
 * Trades where the same sum is paid again and again: transport (4111 4112 4121 4131 4784 4789), parking (7523), games and other
 * digital goods (5815–5818), arcades and amusement (7993 7994 7996), betting (7800–7802 7995), vending (5499 is used for it).
 */
const REPEATING_TRADES = new Set(
  '4111 4112 4121 4131 4784 4789 7523 5815 5816 5817 5818 7993 7994 7996 7800 7801 7802 7995 5499'.split(' '),
);

/**
 * Whether repeats are normal here: the merchant's trade lives on them, or this buyer had them at the merchant before and left them
 * standing. Counts what the ledger keeps of the buyer's payments; with too few it says no.
 */
export function isHabit(ledger: Ledger, earlier: Payment, later: Payment, settings: DuplicateChargeSettings): boolean {
  if (REPEATING_TRADES.has(later.mcc)) return true;
  const windowMs =
    later.startedAt - earlier.startedAt <= settings.likelyWindowMs ? settings.likelyWindowMs : settings.possibleWindowMs;
  const before = ledger.payments
    .filter(
      (payment) =>
        payment.merchantId === later.merchantId && payment.startedAt < earlier.startedAt && payment.captures.length > 0,
    )
    .sort((left, right) => left.startedAt - right.startedAt);
  if (before.length <= settings.habitRepeatsMin) return false;
  const repeats = countRepeats(ledger, before, windowMs);
  return repeats >= settings.habitRepeatsMin && repeats / before.length >= settings.habitShareMin;
}

function countRepeats(ledger: Ledger, payments: readonly Payment[], windowMs: DurationMs): number {
  let repeats = 0;
  for (let at = 1; at < payments.length; at++) {
    const payment = payments[at] as Payment;
    const previous = payments[at - 1] as Payment;
    const isRepeat =
      payment.startedAt - previous.startedAt < windowMs &&
      payment.currency === previous.currency &&
      capturedMinor(payment) === capturedMinor(previous);
    if (isRepeat && moneyBack(ledger, payment).wholeAt === NEVER) repeats++;
  }
  return repeats;
}

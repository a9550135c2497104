import type { MinorUnits } from '#kernel/money';
import { addWorkingDays } from '#kernel/working-days';
import { NEVER, type InstantMs } from '#kernel/time';
import { judge } from '#expectation/expectation';
import { moneyCalendar } from '#expectation/payment-calendar';
import { moneyBack, wonAt } from '#ledger/money-back';
import type { Ledger } from '#ledger/ledger';
import { capturedAt, capturedMinor, countedCaptures, type Payment } from '#ledger/payment';
import type { StatementLine } from '#ledger/side-facts';
import { lastEpisode } from '#detection/charges';
import type { Claim } from '#detection/claim';
import type { Detector } from '#detection/detector';
import { isLineOf } from '#detection/statement-match';
import type { StatementSettings } from '#detection/statement-settings';

/** Debits of a payment by name, and what the bank took back of them, up to an instant. */
interface Debited {
  readonly minor: MinorUnits;
  readonly debits: readonly StatementLine[];
}

const namedLines = (ledger: Ledger, payment: Payment): readonly StatementLine[] =>
  (ledger.side?.lines ?? []).filter(
    ({ reference, amount }) => reference === payment.id && amount.currency === payment.currency && payment.captures.length > 0,
  );

function debitedBy(lines: readonly StatementLine[], at: InstantMs): Debited {
  const known = lines.filter((line) => line.at <= at);
  return {
    minor: known.reduce((sum, line) => sum + (line.isDebit ? line.amount.minor : -line.amount.minor), 0),
    debits: known.filter(({ isDebit }) => isDebit),
  };
}

/**
 * One payment was debited twice on the statement: several debits name it and together exceed what was captured. Kind
 * `duplicate-charge`, `certain`, at the line that made it so, loss the surplus. A credit that names the payment clears it.
 */
export const doubleDebit: Detector<Payment> = {
  name: 'double-debit',
  subject: 'payment',
  assess(payment, { ledger }, claims) {
    const lines = namedLines(ledger, payment);
    if (lines.length < 2) return NEVER;
    const captured = capturedMinor(payment);
    const episode = lastEpisode(
      lines.map(({ at }) => at),
      (at) => debitedBy(lines, at),
      ({ minor, debits }) => debits.length > 1 && minor > captured,
    );
    if (episode === undefined) return NEVER;
    const { minor, debits } = episode.answer;
    claims.push({
      ...claimBase(payment, 'duplicate-charge', `payment/${payment.id}/statement`, debits),
      at: episode.at,
      clearedAt: Math.min(episode.clearedAt, wonAt(payment)),
      loss: { minor: minor - captured, currency: payment.currency },
      because: {
        rule: 'debited-more-than-once',
        fields: ['statement', 'captured'],
        figures: { debits: debits.length, debitedMinor: minor, capturedMinor: captured, currency: payment.currency },
      },
    });
    return NEVER;
  },
};

/**
 * The bank debited another amount than was captured, in the same currency. `certain`, at the line; loss what was debited too much,
 * null where it was too little. A debit of one of several captures is a part, not a difference.
 */
export const statementAmountDiffers: Detector<Payment> = {
  name: 'statement-amount-differs',
  subject: 'payment',
  assess(payment, { ledger }, claims) {
    const lines = namedLines(ledger, payment);
    const { minor, debits } = debitedBy(lines, NEVER);
    const [debit] = debits;
    if (debits.length !== 1 || debit === undefined) return NEVER;
    const captures = countedCaptures(payment);
    const captured = capturedMinor(payment);
    if (debit.amount.minor === captured || captures.some((capture) => capture.minor === debit.amount.minor)) return NEVER;
    claims.push({
      ...claimBase(payment, 'statement-amount-differs', `payment/${payment.id}/statement`, debits),
      at: debit.at,
      clearedAt: minor === captured ? (lines.findLast(({ isDebit }) => !isDebit)?.at ?? NEVER) : wonAt(payment),
      loss: debit.amount.minor > captured ? { minor: debit.amount.minor - captured, currency: payment.currency } : null,
      because: {
        rule: 'debited-another-amount',
        fields: ['statement', 'captured'],
        figures: { debitedMinor: debit.amount.minor, capturedMinor: captured, currency: payment.currency },
      },
    });
    return NEVER;
  },
};

/**
 * A captured payment has no line on the statement, ten working days later. `certain`, loss null: the buyer was not debited. Only for
 * accounts that had shown statement lines by then, and for money that a bank can show: vouchers and balances are the platform's own.
 */
export const orderWithoutStatement = (settings: StatementSettings): Detector<Payment> => ({
  name: 'order-without-statement',
  subject: 'payment',
  assess(payment, { ledger, now }, claims) {
    const lines = ledger.side?.lines ?? [];
    if (lines.length === 0 || payment.captures.length === 0 || isPlatformMoney(payment)) return NEVER;
    const dueAt = addWorkingDays(capturedAt(payment), settings.matchDays, moneyCalendar(payment.instrument, payment.currency));
    const [first] = lines;
    if (first === undefined || first.at > dueAt) return NEVER;
    const metAt = lines.find((line) => isLineOf(line, payment, ledger, settings.nearMs))?.at ?? NEVER;
    const standing = judge({ dueAt, metAt, cancelledAt: moneyBack(ledger, payment).wholeAt }, now);
    if (standing.missedAt === NEVER) return standing.dueAt;
    claims.push({
      ...claimBase(payment, 'order-without-statement', `payment/${payment.id}`, []),
      at: standing.missedAt,
      clearedAt: standing.clearedAt,
      loss: null,
      because: {
        rule: 'payment-without-statement-line',
        fields: ['statement'],
        figures: { capturedMinor: capturedMinor(payment), currency: payment.currency },
      },
    });
    return NEVER;
  },
});

const isPlatformMoney = ({ instrument }: Payment): boolean => instrument?.kind === 'voucher' || instrument?.kind === 'balance';

const claimBase = (payment: Payment, kind: Claim['kind'], money: string, lines: readonly StatementLine[]) => ({
  kind,
  confidence: 'certain' as const,
  money,
  merchantId: payment.merchantId,
  orderId: payment.orderId,
  paymentIds: [payment.id],
  eventIds: [...payment.captures, ...lines].map(({ eventId }) => eventId),
});

import { calendarFor } from '#kernel/calendars';
import { addWorkingDays } from '#kernel/working-days';
import { NEVER } from '#kernel/time';
import { judge } from '#expectation/expectation';
import type { StatementLine } from '#ledger/side-facts';
import type { Detector } from '#detection/detector';
import { isLineOf } from '#detection/statement-match';
import type { StatementSettings } from '#detection/statement-settings';

/**
 * The bank shows a debit for which no payment was told (a debit may book a part of one, or several in a row). `certain`, ten
 * working days after its booking, loss its amount.
 *
 * Subject: a statement line. A payment that is told later, and happened before, explains it. A line without an account stands for
 * itself; where such a line names a payment it is left alone, since the payment lies with an account that it does not name. Source:
 * facts, "Which calendar".
 */
export const statementWithoutOrder = (settings: StatementSettings): Detector<StatementLine> => ({
  name: 'statement-without-order',
  subject: 'line',
  assess(line, { ledger, now }, claims) {
    if (!line.isDebit || line.amount.minor === 0) return NEVER;
    const hasAccount = !ledger.accountId.startsWith(STATEMENT_KEY);
    if (!hasAccount && line.reference !== '') return NEVER;
    if (ledger.payments.some((payment) => isLineOf(line, payment, ledger, settings.nearMs))) return NEVER;
    const dueAt = addWorkingDays(line.bookedAt, settings.matchDays, calendarFor({ currency: line.amount.currency }));
    const standing = judge({ dueAt, metAt: NEVER, cancelledAt: NEVER }, now);
    if (standing.missedAt === NEVER) return standing.dueAt;
    claims.push({
      kind: 'statement-without-order',
      confidence: 'certain',
      money: `line/${line.id}`,
      at: standing.missedAt,
      clearedAt: NEVER,
      ...(hasAccount ? {} : { scope: { kind: 'statement', key: line.id } as const }),
      merchantId: '',
      orderId: '',
      paymentIds: [],
      loss: line.amount,
      because: {
        rule: 'debit-without-payment',
        fields: ['reference'],
        figures: {
          lineId: line.id,
          reference: line.reference || null,
          amountMinor: line.amount.minor,
          currency: line.amount.currency,
        },
      },
      eventIds: [line.eventId],
    });
    return NEVER;
  },
});

/** Begins the key of the state of a line that names no account. */
export const STATEMENT_KEY = '~statement/';

import { isLineOf } from '#detection/statement-match';
import { days } from '#kernel/time';
import { ledgerAfter } from '#test/scenarios/ledger-after';
import { authorised, captured, eur, forOrder, told } from '#test/scenarios/told-events';

const paid = captured('2026-06-10T10:00', 'pay-1', eur(5000), forOrder);
const line = (more: object = {}, bookedAt = '2026-06-12T10:00:00Z') =>
  told('statement.line', '2026-06-12T10:00', { lineId: 'l1', bookedAt, amount: eur(5000), direction: 'debit', ...more });
function isOf(statement: ReturnType<typeof line>, payment = paid): boolean {
  const ledger = ledgerAfter(payment, statement);
  return isLineOf(ledger.side!.lines[0]!, ledger.payments[0]!, days(5));
}

describe('a line of a statement is a payment’s', () => {
  it.each([
    [
      'it names the payment, whatever its sum and day',
      line({ reference: 'pay-1', amount: eur(1) }, '2026-09-01T00:00:00Z'),
      true,
    ],
    ['it names the order', line({ reference: 'order-1', amount: eur(1) }), true],
    ['it names another payment, though the sum is the same', line({ reference: 'pay-2' }), false],
    ['it names nothing, with the sum', line(), true],
    ['it names nothing, with another sum', line({ amount: eur(5001) }), false],
    ['it names nothing, in another currency', line({ amount: { minor: 5000, currency: 'USD' } }), false],
    ['it names nothing, as long after as may be', line({}, '2026-06-15T10:00:00Z'), true],
    ['it names nothing, later than that', line({}, '2026-06-15T10:00:01Z'), false],
    ['it names nothing, as long before as may be', line({}, '2026-06-05T10:00:00Z'), true],
    ['it names nothing, earlier than that', line({}, '2026-06-05T09:59:59Z'), false],
    ['it is a credit that names the payment', line({ reference: 'pay-1', direction: 'credit' }), false],
    ['it is a credit of the sum', line({ direction: 'credit' }), false],
  ])('where %s', (_what, statement, expected) => {
    expect(isOf(statement)).toBe(expected);
  });

  it('where it names nothing only once the payment was captured', () => {
    const hold = authorised('2026-06-10T10:00', 'pay-1', eur(0));
    expect(isOf(line({ amount: eur(0) }), hold)).toBe(false);
    expect(isOf(line({ reference: 'pay-1' }), hold)).toBe(true);
  });
});

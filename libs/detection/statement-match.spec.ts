import { isLineOf } from '#detection/statement-match';
import { days } from '#kernel/time';
import { ledgerAfter } from '#test/scenarios/ledger-after';
import { authorised, captured, eur, forOrder, told } from '#test/scenarios/told-events';

const paid = captured('2026-06-10T10:00', 'pay-1', eur(5000), forOrder);
const line = (more: object = {}, bookedAt = '2026-06-12T10:00:00Z') =>
  told('statement.line', '2026-06-12T10:00', { lineId: 'l1', bookedAt, amount: eur(5000), direction: 'debit', ...more });
function isOf(statement: ReturnType<typeof line>, payment = paid): boolean {
  const ledger = ledgerAfter(payment, statement);
  return isLineOf(ledger.side!.lines[0]!, ledger.payments[0]!, ledger, days(5));
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

  it('where it names nothing and is of one of its captures', () => {
    const part = (captureId: string, minor: number) =>
      captured(`2026-06-10T1${captureId}:00`, 'pay-1', eur(minor), { captureId });
    const ledger = ledgerAfter(
      part('0', 3000),
      part('1', 2000),
      line({ amount: eur(2000) }),
      line({ lineId: 'l2', amount: eur(1000) }),
    );
    const [payment] = ledger.payments;
    expect(ledger.side!.lines.map((one) => isLineOf(one, payment!, ledger, days(5)))).toEqual([true, false]);
  });

  describe('where it names nothing and is the sum of what was paid in a row', () => {
    const at = (hour: string, id: string, minor: number, more: object = {}) =>
      captured(`2026-06-10T${hour}:00`, id, eur(minor), { orderId: `order-${id}`, ...more });
    const explained = (minor: number, ...events: ReturnType<typeof line>[]) => {
      const ledger = ledgerAfter(...events, line({ amount: eur(minor) }));
      const sum = ledger.side!.lines.at(-1)!;
      return ledger.payments.filter((payment) => isLineOf(sum, payment, ledger, days(5))).map(({ id }) => id);
    };
    const [a, b, c] = [at('10', 'a', 1000), at('11', 'b', 2000), at('12', 'c', 4000)];

    it.each([
      ['the first two', 3000, ['a', 'b']],
      ['the last two', 6000, ['b', 'c']],
      ['all three', 7000, ['a', 'b', 'c']],
      ['two that are no neighbours: nothing', 5000, []],
      ['a cent more: nothing', 7001, []],
      ['one alone', 2000, ['b']],
    ])('%s', (_what, minor, expected) => {
      expect(explained(minor, a, b, c)).toEqual(expected);
    });

    it('payments of another merchant, in another currency or held only are not among them', () => {
      expect(explained(3000, a, at('11', 'b', 2000, { merchantId: 'another' }))).toEqual([]);
      expect(explained(3000, a, captured('2026-06-10T11:00', 'b', { minor: 2000, currency: 'USD' }))).toEqual([]);
      expect(explained(3000, a, authorised('2026-06-10T11:00', 'b', eur(2000)))).toEqual([]);
      expect(explained(3000, a, captured('2026-06-02T11:00', 'b', eur(2000)))).toEqual([]);
    });

    it('what has a line of its own is not among them', () => {
      expect(explained(3000, a, b, line({ lineId: 'l0', reference: 'a', amount: eur(1000) }))).toEqual([]);
      expect(explained(5000, a, b, c, line({ lineId: 'l0', amount: eur(2000) }))).toEqual(['a', 'c']);
    });

    it('a credit of the sum and a line that names something are nothing of it', () => {
      const ledger = ledgerAfter(
        a,
        b,
        line({ amount: eur(3000), direction: 'credit' }),
        line({ amount: eur(3000), reference: 'x', lineId: 'l2' }),
      );
      for (const one of ledger.side!.lines)
        for (const paid of ledger.payments) expect(isLineOf(one, paid, ledger, days(5))).toBe(false);
    });
  });
});

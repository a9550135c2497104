import { NEVER } from '#kernel/time';
import { paymentsOfOrder, refundsOfPayment, solePayment } from '#ledger/ledger';
import { moneyBack, refundedBy, wonAt } from '#ledger/money-back';
import { capturedAt, capturedMinor, countedCaptures, undoneAt, type Payment } from '#ledger/payment';
import { ledgerAfter } from '#test/scenarios/ledger-after';
import { authorised, captured, created, ended, eur, forOrder, refund, told, type ToldEvent } from '#test/scenarios/told-events';

const at = (time: string): number => Date.parse(`${time}:00Z`);
const paid = captured('2026-06-01T10:00', 'pay-1', eur(1000));

function back(...events: readonly ToldEvent[]) {
  const ledger = ledgerAfter(paid, ...events);
  return moneyBack(ledger, ledger.payments[0] as Payment);
}
const other = { refundId: 'refund-2' };

describe('what came back of a payment', () => {
  it('is nothing as long as nothing did', () => {
    expect(back()).toEqual({ refunds: [], wholeAt: NEVER });
    expect(back(refund('submitted', '2026-06-02T10:00', eur(1000)))).toEqual({ refunds: [], wholeAt: NEVER });
  });

  it('are its refunds by time, and it is whole with the one that completes it', () => {
    const money = back(
      refund('succeeded', '2026-06-03T10:00', eur(600)),
      refund('succeeded', '2026-06-02T10:00', eur(400), other),
      refund('succeeded', '2026-06-02T10:00', eur(1000), { refundId: 'refund-3', paymentId: 'pay-9' }),
    );
    expect(money).toEqual({
      refunds: [
        { at: at('2026-06-02T10:00'), minor: 400, refundId: 'refund-2' },
        { at: at('2026-06-03T10:00'), minor: 600, refundId: 'refund-1' },
      ],
      wholeAt: at('2026-06-03T10:00'),
    });
    expect(refundedBy(money, at('2026-06-02T10:00') - 1)).toBe(0);
    expect(refundedBy(money, at('2026-06-02T10:00'))).toBe(400);
    expect(refundedBy(money, at('2026-06-03T10:00'))).toBe(1000);
  });

  it('of one instant stands in the order of the refunds’ ids', () => {
    const two = [refund('succeeded', '2026-06-02T10:00', eur(1), other), refund('succeeded', '2026-06-02T10:00', eur(2))];
    expect(back(...two).refunds.map(({ refundId }) => refundId)).toEqual(['refund-1', 'refund-2']);
    expect(back(...two.toReversed()).refunds.map(({ refundId }) => refundId)).toEqual(['refund-1', 'refund-2']);
  });

  it('is not whole one cent before', () => {
    expect(back(refund('succeeded', '2026-06-02T10:00', eur(999))).wholeAt).toBe(NEVER);
  });

  it('is not what failed after it had succeeded, nor what came in another currency undeclared', () => {
    const succeeded = refund('succeeded', '2026-06-02T10:00', eur(1000));
    expect(back(succeeded, refund('failed', '2026-06-03T10:00', eur(1000)))).toEqual({ refunds: [], wholeAt: NEVER });
    const dollars = { minor: 1100, currency: 'USD' };
    expect(back(refund('succeeded', '2026-06-02T10:00', dollars))).toEqual({ refunds: [], wholeAt: NEVER });
    const declared = refund('succeeded', '2026-06-02T10:00', dollars, { exchange: { from: eur(1000), rate: 1.1 } });
    expect(back(declared).wholeAt).toBe(at('2026-06-02T10:00'));
  });

  it('is the whole by a void, a failure, or a chargeback decided for the buyer, the first of them', () => {
    expect(back(ended('voided', '2026-06-02T10:00', 'pay-1')).wholeAt).toBe(at('2026-06-02T10:00'));
    expect(back(ended('failed', '2026-06-02T10:00', 'pay-1')).wholeAt).toBe(at('2026-06-02T10:00'));
    const chargeback = (outcome: string, time: string, chargebackId = 'cb-1') =>
      told('chargeback.closed', time, { chargebackId, paymentId: 'pay-1', outcome });
    expect(back(chargeback('merchant', '2026-06-02T10:00')).wholeAt).toBe(NEVER);
    expect(back(chargeback('buyer', '2026-06-02T10:00')).wholeAt).toBe(at('2026-06-02T10:00'));
    const both = [chargeback('buyer', '2026-06-04T10:00'), chargeback('buyer', '2026-06-03T10:00', 'cb-2')];
    expect(wonAt(ledgerAfter(...both).payments[0] as Payment)).toBe(at('2026-06-03T10:00'));
    expect(wonAt(ledgerAfter(paid).payments[0] as Payment)).toBe(NEVER);
  });

  it('of a payment that captured nothing is never the whole', () => {
    const ledger = ledgerAfter(authorised('2026-06-01T10:00', 'pay-1', eur(1)), refund('succeeded', '2026-06-02T10:00', eur(1)));
    expect(moneyBack(ledger, ledger.payments[0] as Payment).wholeAt).toBe(NEVER);
  });
});

describe('the captured sum', () => {
  const sum = (...events: readonly ToldEvent[]) => {
    const [payment] = ledgerAfter(...events).payments as [Payment];
    return [capturedMinor(payment), countedCaptures(payment).length, capturedAt(payment)];
  };

  it('is that of all captures that name themselves; one without a name retells one of them', () => {
    const part = captured('2026-06-01T11:00', 'pay-1', eur(300), { captureId: 'c1' });
    const rest = captured('2026-06-01T12:00', 'pay-1', eur(700), { captureId: 'c2' });
    expect(sum(paid)).toEqual([1000, 1, at('2026-06-01T10:00')]);
    expect(sum(part, rest)).toEqual([1000, 2, at('2026-06-01T11:00')]);
    expect(sum(paid, part, rest)).toEqual([1000, 2, at('2026-06-01T10:00')]);
    expect(sum(created('2026-06-01T10:00', 'pay-1', eur(1000)))).toEqual([0, 0, NEVER]);
  });
});

describe('captured money is taken back', () => {
  const undone = (...events: readonly ToldEvent[]) => undoneAt(ledgerAfter(...events).payments[0] as Payment);
  const hold = authorised('2026-06-01T09:00', 'pay-1', eur(1500));
  const freed = (minor?: number) =>
    ended('voided', '2026-06-02T10:00', 'pay-1', minor === undefined ? {} : { amount: eur(minor) });

  it('by a void or a failure after the capture, the first of them', () => {
    expect(undone(paid)).toBe(NEVER);
    expect(undone(ended('voided', '2026-06-02T10:00', 'pay-1'))).toBe(NEVER);
    expect(undone(paid, freed())).toBe(at('2026-06-02T10:00'));
    expect(undone(paid, ended('failed', '2026-06-03T10:00', 'pay-1'))).toBe(at('2026-06-03T10:00'));
    expect(undone(paid, freed(), ended('failed', '2026-06-03T10:00', 'pay-1'))).toBe(at('2026-06-02T10:00'));
    expect(undone(paid, freed(), ended('failed', '2026-06-01T12:00', 'pay-1'))).toBe(at('2026-06-01T12:00'));
  });

  it('but not by what came before the capture: a failure also not at its instant', () => {
    expect(undone(paid, ended('failed', '2026-06-01T10:00', 'pay-1'))).toBe(NEVER);
    expect(undone(paid, ended('voided', '2026-06-01T09:59', 'pay-1'))).toBe(NEVER);
    expect(undone(paid, ended('voided', '2026-06-01T10:00', 'pay-1'))).toBe(at('2026-06-01T10:00'));
  });

  it('not by a void that frees the rest of the hold', () => {
    expect(undone(hold, paid, freed(500))).toBe(NEVER);
    expect(undone(hold, paid, freed())).toBe(NEVER);
    expect(undone(hold, paid, freed(501))).toBe(at('2026-06-02T10:00'));
    expect(undone(hold, paid, freed(500), ended('failed', '2026-06-03T10:00', 'pay-1'))).toBe(at('2026-06-03T10:00'));
    expect(undone(authorised('2026-06-01T09:00', 'pay-1', eur(1000)), paid, freed(0))).toBe(at('2026-06-02T10:00'));
  });
});

describe('the payments of an order', () => {
  const start = (time: string, id: string, order: object = forOrder) => created(time, id, eur(1), order);

  it('stand by their start, then by id; none belong to an order without a name', () => {
    const ledger = ledgerAfter(
      start('2026-06-01T10:00', 'pay-3'),
      start('2026-06-01T10:00', 'pay-2'),
      start('2026-06-02T10:00', 'pay-0'),
      start('2026-06-01T09:00', 'pay-4'),
      start('2026-06-01T08:00', 'pay-5', {}),
    );
    expect(paymentsOfOrder(ledger, 'order-1').map(({ id }) => id)).toEqual(['pay-4', 'pay-2', 'pay-3', 'pay-0']);
    expect(paymentsOfOrder(ledger, '')).toEqual([]);
    expect(solePayment(ledger, 'order-1')).toBeUndefined();
    expect(
      solePayment(ledgerAfter(start('2026-06-01T10:00', 'pay-1', {}), start('2026-06-01T10:00', 'pay-2')), 'order-1')?.id,
    ).toBe('pay-2');
  });

  it('have the refunds that name them', () => {
    const ledger = ledgerAfter(paid, refund('requested', '2026-06-01T11:00', eur(1)));
    expect(refundsOfPayment(ledger, 'pay-1')).toHaveLength(1);
    expect(refundsOfPayment(ledger, 'pay-2')).toEqual([]);
  });
});

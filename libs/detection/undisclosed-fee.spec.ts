import type { Claim } from '#detection/claim';
import { newCoverage } from '#detection/coverage';
import { undisclosedFee } from '#detection/undisclosed-fee';
import { formatInstant, NEVER } from '#kernel/time';
import { ledgerAfter } from '#test/scenarios/ledger-after';
import { captured, eur, forOrder, placed, refund, told, type ToldEvent } from '#test/scenarios/told-events';

const shown = (kind: string, minor: number, currency = 'EUR') => ({ kind, amount: { minor, currency } });
const order = placed('2026-06-01T08:00', eur(9000), { fees: [shown('shipping', 500), shown('service', 300)] });
const paid = captured('2026-06-01T08:01', 'pay-1', eur(9000), forOrder);
const fee = (feeId: string, time: string, minor: number, more: object = {}) =>
  told('fee.charged', `2026-06-01T${time}`, { feeId, kind: 'shipping', amount: eur(minor), orderId: 'order-1', ...more });

/** What is claimed of each fee. */
function claimsOf(...events: readonly ToldEvent[]): readonly Claim[] {
  const ledger = ledgerAfter(...events);
  const claims: Claim[] = [];
  const view = { ledger, now: NEVER, coverage: newCoverage() } as unknown as Parameters<typeof undisclosedFee.assess>[1];
  for (const one of ledger.side!.fees) expect(undisclosedFee.assess(one, view, claims)).toBe(NEVER);
  return claims;
}
const losses = (...events: readonly ToldEvent[]) => claimsOf(...events).map(({ money, loss }) => [money, loss?.minor]);

describe('a fee that the buyer was not shown', () => {
  it('is claimed in full: what was charged, what of it was shown, by which events', () => {
    const charged = fee('f', '09:00', 600);
    expect(claimsOf(order, paid, charged)).toEqual([
      {
        kind: 'undisclosed-fee',
        confidence: 'certain',
        money: 'fee/f',
        at: Date.parse('2026-06-01T09:00Z'),
        clearedAt: NEVER,
        merchantId: 'shop',
        orderId: 'order-1',
        paymentIds: ['pay-1'],
        loss: eur(100),
        because: {
          rule: 'fee-not-shown-at-checkout',
          fields: ['fees.shipping'],
          figures: { kind: 'shipping', chargedMinor: 600, shownMinor: 500, currency: 'EUR' },
        },
        eventIds: [order.id, charged.id],
      },
    ]);
  });

  it('is what exceeds what was shown of its kind, in its currency', () => {
    expect(losses(order, fee('f', '09:00', 500))).toEqual([]);
    expect(losses(order, fee('f', '09:00', 501))).toEqual([['fee/f', 1]]);
    expect(losses(order, fee('f', '09:00', 800, { kind: 'service' }))).toEqual([['fee/f', 500]]);
    expect(losses(order, fee('f', '09:00', 500, { amount: { minor: 500, currency: 'USD' } }))).toEqual([['fee/f', 500]]);
    const twice = placed('2026-06-01T08:00', eur(9000), { fees: [shown('shipping', 500), shown('shipping', 200)] });
    expect(losses(twice, fee('f', '09:00', 700))).toEqual([]);
    expect(losses(placed('2026-06-01T08:00', eur(9000)), fee('f', '09:00', 700))).toEqual([['fee/f', 700]]);
  });

  it('uses up what was shown in the order of times, then of events', () => {
    expect(losses(order, fee('f1', '09:00', 300), fee('f2', '10:00', 300))).toEqual([['fee/f2', 100]]);
    expect(losses(order, fee('f1', '10:00', 300), fee('f2', '09:00', 300))).toEqual([['fee/f1', 100]]);
    expect(losses(order, fee('f1', '09:00', 900), fee('f2', '10:00', 300))).toEqual([
      ['fee/f1', 400],
      ['fee/f2', 300],
    ]);
    const same = (feeId: string, id: string) => ({ ...fee(feeId, '09:00', 300), id });
    expect(losses(order, same('f1', 'b'), same('f2', 'a'))).toEqual([['fee/f1', 100]]);
    expect(losses(order, same('f1', 'a'), same('f2', 'b'))).toEqual([['fee/f2', 100]]);
  });

  it('is not used up by a fee of another kind, order or payment', () => {
    const [kind, ofOrder] = [{ kind: 'service' }, { orderId: 'order-2' }];
    for (const more of [kind, ofOrder, { paymentId: 'pay-1' }])
      expect(losses(order, paid, fee('f1', '09:00', 300, more), fee('f2', '10:00', 400)).map(([id]) => id)).not.toContain(
        'fee/f2',
      );
  });

  it('is none where the event says that it was shown, or where it is nothing', () => {
    expect(losses(fee('f', '09:00', 600, { disclosed: true }))).toEqual([]);
    expect(losses(order, fee('f', '09:00', 0))).toEqual([]);
    expect(losses(fee('f', '09:00', 0))).toEqual([]);
  });

  it('is only possible where neither order nor event tell, and then all of it', () => {
    const alone = fee('f', '09:00', 500);
    expect(claimsOf(alone)).toMatchObject([{ confidence: 'possible', loss: eur(500), merchantId: '', eventIds: ['', alone.id] }]);
    expect(claimsOf(fee('f', '09:00', 500, { disclosed: false }))).toMatchObject([{ confidence: 'certain', loss: eur(500) }]);
    expect(claimsOf(told('order.confirmed', '2026-06-01T08:02', { orderId: 'order-1' }), alone)).toMatchObject([
      { confidence: 'possible', loss: eur(500) },
    ]);
  });

  it('of a payment is of its order, that payment’s alone', () => {
    const second = captured('2026-06-01T08:02', 'pay-2', eur(100), forOrder);
    const ofPayment = fee('f', '09:00', 600, { orderId: undefined, paymentId: 'pay-2' });
    expect(claimsOf(order, paid, second, ofPayment)).toMatchObject([
      { loss: eur(100), orderId: 'order-1', paymentIds: ['pay-2'], confidence: 'certain' },
    ]);
    expect(claimsOf(order, paid, second, fee('f', '09:00', 600))).toMatchObject([{ paymentIds: ['pay-1', 'pay-2'] }]);
    expect(claimsOf(order, paid, fee('f', '09:00', 600, { orderId: undefined, paymentId: 'pay-9' }))).toMatchObject([
      { confidence: 'possible', orderId: '', paymentIds: [], loss: eur(600) },
    ]);
  });

  it('is cleared by a chargeback decided for the buyer', () => {
    const won = told('chargeback.closed', '2026-06-20T10:00', { chargebackId: 'cb', paymentId: 'pay-1', outcome: 'buyer' });
    expect(claimsOf(order, paid, fee('f', '09:00', 600), won)).toMatchObject([{ clearedAt: Date.parse('2026-06-20T10:00Z') }]);
  });

  it('is cleared by a later refund of just the hidden part, one refund for one fee', () => {
    const back = (refundId: string, day: string, minor: number) =>
      refund('succeeded', `2026-06-${day}T10:00`, eur(minor), { refundId });
    const clearedAt = (...events: readonly ToldEvent[]) =>
      claimsOf(order, paid, ...events).map((claim) =>
        claim.clearedAt === NEVER ? '-' : formatInstant(claim.clearedAt).slice(8, 10),
      );
    const one = fee('f', '09:00', 600);
    expect(clearedAt(one, back('r-1', '03', 100))).toEqual(['03']);
    expect(clearedAt(one, back('r-1', '03', 99), back('r-2', '04', 101))).toEqual(['-']);
    expect(clearedAt(fee('f', '09:00', 600), refund('succeeded', '2026-06-01T08:30', eur(100)))).toEqual(['-']);
    const byPayment = fee('g', '10:00', 100, { orderId: undefined, paymentId: 'pay-1', kind: 'booking' });
    expect(clearedAt(one, byPayment, back('r-1', '03', 100))).toEqual(['03', '-']);
    expect(clearedAt(one, byPayment, back('r-1', '03', 100), back('r-2', '05', 100))).toEqual(['03', '05']);
  });
});

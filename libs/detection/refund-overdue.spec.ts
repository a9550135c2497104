import { saysOf } from '#test/scenarios/says';
import {
  cancelled,
  captured,
  confirmed,
  ended,
  eur,
  forOrder,
  placed,
  refund,
  told,
  type ToldEvent,
} from '#test/scenarios/told-events';

const overdue = (...events: readonly ToldEvent[]) => saysOf('refund-overdue', [payment, ...events]);
const payment = captured('2026-05-04T09:00', 'pay-1', eur(9000));
const step = (name: string, time: string, more: object = {}) => refund(name, time, eur(3000), more);

describe('a refund that stands still', () => {
  it.each([
    ['requested', 'not decided in 7 working days', '2026-06-10T09:00:00.000Z'],
    ['approved', 'not submitted in 2', '2026-06-03T09:00:00.000Z'],
    ['submitted', 'not succeeded in 5', '2026-06-08T09:00:00.000Z'],
    ['failed', 'not issued again in 2', '2026-06-03T09:00:00.000Z'],
  ])('%s and %s is overdue', (name, _what, at) => {
    expect(overdue(step(name, '2026-06-01T09:00'))).toMatchObject([
      { status: 'open', confidence: 'certain', at, loss: eur(3000), paymentIds: ['pay-1'] },
    ]);
  });

  it('counts working days over weekends and holidays of the currency', () => {
    expect(overdue(step('approved', '2026-06-05T15:00'))).toMatchObject([{ at: '2026-06-09T15:00:00.000Z' }]);
    const dollars = { minor: 3000, currency: 'USD' };
    expect(saysOf('refund-overdue', [refund('approved', '2026-06-18T15:00', dollars)])).toMatchObject([
      { at: '2026-06-23T15:00:00.000Z' },
    ]);
  });

  it('says nothing when each step came in time, in whatever order they are told', () => {
    const steps = [
      step('requested', '2026-06-01T09:00'),
      step('approved', '2026-06-02T09:00'),
      step('submitted', '2026-06-03T09:00'),
      step('succeeded', '2026-06-05T09:00'),
    ];
    expect(overdue(...steps)).toEqual([]);
    expect(overdue(...[...steps].reverse())).toEqual([]);
  });

  it('is cleared by the step that came late', () => {
    expect(overdue(step('submitted', '2026-06-01T09:00'), step('succeeded', '2026-06-12T09:00'))).toMatchObject([
      { status: 'cleared', at: '2026-06-08T09:00:00.000Z' },
    ]);
  });

  it('is over when it is rejected', () => {
    expect(overdue(step('requested', '2026-06-01T09:00'), step('rejected', '2026-06-03T09:00'))).toEqual([]);
  });

  it('that failed is issued again by another refund of the payment', () => {
    const failed = [step('submitted', '2026-06-01T09:00'), step('failed', '2026-06-02T09:00')];
    const again = (name: string, time: string) => step(name, time, { refundId: 'refund-2' });
    expect(overdue(...failed)).toMatchObject([{ at: '2026-06-04T09:00:00.000Z' }]);
    expect(overdue(...failed, again('submitted', '2026-06-03T09:00'), again('succeeded', '2026-06-04T09:00'))).toEqual([]);
  });

  it('is overdue at the bank only where its provider shows what is posted', () => {
    const paid = step('succeeded', '2026-06-01T09:00');
    const other = (name: string, time: string) => step(name, time, { refundId: 'refund-0' });
    expect(overdue(paid)).toEqual([]);
    expect(overdue(other('succeeded', '2026-05-20T09:00'), other('posted', '2026-05-25T09:00'), paid)).toMatchObject([
      { at: '2026-06-15T09:00:00.000Z', because: { rule: 'refund-not-posted' } },
    ]);
    expect(overdue(other('posted', '2026-05-25T09:00'), paid, step('posted', '2026-06-10T09:00'))).toEqual([]);
  });
});

describe('an order cancelled after its capture', () => {
  const order = placed('2026-06-01T09:00', eur(9000));
  const paid = captured('2026-06-01T09:01', 'pay-1', eur(9000), forOrder);
  const said = (...events: readonly ToldEvent[]) =>
    saysOf('refund-overdue', [order, paid, confirmed('2026-06-01T09:02'), ...events]);
  const over = cancelled('2026-06-03T09:00');

  it('owes a refund as if it had been approved at the cancellation', () => {
    expect(said(over)).toMatchObject([{ at: '2026-06-05T09:00:00.000Z', loss: eur(9000), orderId: 'order-1' }]);
    expect(saysOf('refund-overdue', [order, over, captured('2026-06-04T09:00', 'pay-1', eur(9000), forOrder)])).toMatchObject([
      { at: '2026-06-08T09:00:00.000Z' },
    ]);
  });

  it('says nothing when a refund of it all was sent in time; then the refund has its own clock', () => {
    const sent = refund('submitted', '2026-06-04T09:00', eur(9000));
    expect(said(over, sent, refund('succeeded', '2026-06-05T09:00', eur(9000)))).toEqual([]);
    expect(said(over, sent)).toMatchObject([{ at: '2026-06-11T09:00:00.000Z', because: { rule: 'refund-not-succeeded' } }]);
  });

  it('owes the rest when less was refunded, but for fees that were declared', () => {
    const part = refund('succeeded', '2026-06-04T09:00', eur(8000));
    const fee = told('fee.charged', '2026-06-03T09:00', {
      feeId: 'f',
      kind: 'cancellation',
      amount: eur(1000),
      orderId: 'order-1',
      disclosed: true,
    });
    expect(said(over, part)).toMatchObject([{ status: 'open', loss: eur(1000) }]);
    expect(said(over, part, fee)).toEqual([]);
  });

  it('owes nothing after a void', () => {
    expect(said(over, ended('voided', '2026-06-03T10:00', 'pay-1'))).toEqual([]);
  });

  it('is one finding, not another for a refund that was approved and not sent', () => {
    expect(said(over, refund('approved', '2026-06-03T10:00', eur(9000)))).toHaveLength(1);
  });
});

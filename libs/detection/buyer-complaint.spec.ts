import { saysOf } from '#test/scenarios/says';
import { captured, created, eur, forOrder, placed, told, type ToldEvent } from '#test/scenarios/told-events';

const complaints = (...events: readonly ToldEvent[]) => saysOf('buyer-complaint', events);
const complaint = (more: object, id = 'complaint-1') => told('complaint.filed', '2026-06-10T10:00', { complaintId: id, ...more });
const order = placed('2026-06-01T09:00', eur(5000));
const paid = captured('2026-06-01T10:00', 'pay-1', eur(5000), forOrder);
const other = captured('2026-06-01T10:01', 'pay-2', eur(300), forOrder);
const won = (time: string, paymentId = 'pay-1') =>
  told('chargeback.closed', time, { chargebackId: `cb-${paymentId}`, paymentId, outcome: 'buyer' });

describe('a complaint', () => {
  it('about a payment is about that one and its order', () => {
    expect(complaints(order, paid, other, complaint({ paymentId: 'pay-1', about: 'delivery' }))).toMatchObject([
      { orderId: 'order-1', paymentIds: ['pay-1'], merchantId: 'shop', because: { figures: { about: 'delivery' } } },
    ]);
  });

  it('about an order is about all that was paid for it', () => {
    expect(complaints(order, paid, other, complaint({ orderId: 'order-1' }))).toMatchObject([
      { orderId: 'order-1', paymentIds: ['pay-1', 'pay-2'], because: { figures: { about: null } } },
    ]);
  });

  it('about a payment that nobody told of names it all the same; one about nothing names none', () => {
    const [unknown] = complaints(complaint({ paymentId: 'pay-9' }));
    expect(unknown).toMatchObject({ paymentIds: ['pay-9'] });
    expect(unknown).not.toHaveProperty('orderId');
    expect(complaints(complaint({}))).toMatchObject([{ paymentIds: [] }]);
    expect(complaints(complaint({ paymentId: 'pay-9', orderId: 'order-1' }), order, paid)).toMatchObject([
      { orderId: 'order-1', paymentIds: ['pay-1'] },
    ]);
  });

  it('is answered when all that was paid came back by chargebacks decided for the buyer afterwards', () => {
    const about = complaint({ orderId: 'order-1' });
    const tried = created('2026-06-01T10:02', 'pay-3', eur(5000), forOrder);
    const status = (...events: readonly ToldEvent[]) => complaints(order, paid, about, ...events)[0]?.status;
    expect(status()).toBe('open');
    expect(status(won('2026-06-20T10:00'))).toBe('cleared');
    expect(status(won('2026-06-20T10:00'), tried)).toBe('cleared');
    expect(status(won('2026-06-20T10:00'), other)).toBe('open');
    expect(status(won('2026-06-20T10:00'), other, won('2026-06-21T10:00', 'pay-2'))).toBe('cleared');
    expect(status(won('2026-06-09T10:00'))).toBe('open');
  });

  it('and another are two findings', () => {
    const two = complaints(paid, complaint({ paymentId: 'pay-1' }), complaint({ paymentId: 'pay-1' }, 'complaint-2'));
    expect(new Set(two.map(({ findingId }) => findingId)).size).toBe(2);
  });
});

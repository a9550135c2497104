import { created, confirmed, ended, eur, forOrder, placed, refund, captured, told } from '#test/scenarios/told-events';
import { saysOf } from '#test/scenarios/says';

describe('what is told of a claim', () => {
  const complained = told('complaint.filed', '2026-06-01T08:00', { complaintId: 'c1', orderId: 'order-1' });
  const started = created('2026-06-15T08:00', 'pay-1', eur(0), forOrder);
  const stands = confirmed('2026-06-01T08:00');

  it('a complaint told again after its order was confirmed says nothing else', () => {
    const once = saysOf('buyer-complaint', [complained, started, stands]);
    expect(once).toMatchObject([{ merchantId: 'shop', paymentIds: ['pay-1'] }]);
    expect(saysOf('buyer-complaint', [complained, started, stands, complained, started, stands])).toEqual(once);
  });

  it('what was made good before it could become true is not told at all', () => {
    const won = told('chargeback.closed', '2026-06-02T08:00', { chargebackId: 'cb-1', paymentId: 'pay-1', outcome: 'buyer' });
    const paid = captured('2026-06-01T08:00', 'pay-1', eur(1000));
    const other = { instrument: { kind: 'card', fingerprint: 'card-2' } };
    expect(saysOf('refund-wrong-instrument', [paid, won, refund('succeeded', '2026-06-03T08:00', eur(1000), other)])).toEqual([]);
  });

  it('a complaint after the chargeback was decided is open all the same', () => {
    const won = told('chargeback.closed', '2026-05-30T08:00', { chargebackId: 'cb-1', paymentId: 'pay-1', outcome: 'buyer' });
    const story = [placed('2026-05-20T08:00', eur(1000)), captured('2026-05-20T08:01', 'pay-1', eur(1000), forOrder), won];
    expect(saysOf('buyer-complaint', [...story, complained])).toMatchObject([{ status: 'open' }]);
  });

  it('a chargeback decided for the buyer later clears the complaint, though another try to pay failed', () => {
    const won = told('chargeback.closed', '2026-06-20T08:00', { chargebackId: 'cb-1', paymentId: 'pay-1', outcome: 'buyer' });
    const story = [
      placed('2026-05-20T08:00', eur(1000)),
      created('2026-05-20T08:00', 'pay-0', eur(1000), forOrder),
      ended('failed', '2026-05-20T08:01', 'pay-0'),
      captured('2026-05-20T08:02', 'pay-1', eur(1000), forOrder),
    ];
    expect(saysOf('buyer-complaint', [...story, complained, won])).toMatchObject([{ status: 'cleared' }]);
  });
});

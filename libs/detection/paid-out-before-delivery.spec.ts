import type { Claim } from '#detection/claim';
import type { View } from '#detection/detector';
import { paidOutBeforeDelivery, PAYOUT_KEY } from '#detection/paid-out-before-delivery';
import { NEVER } from '#kernel/time';
import { ledgerAfter } from '#test/scenarios/ledger-after';
import { captured, confirmed, ended, eur, forOrder, refund, told, type ToldEvent } from '#test/scenarios/told-events';

const payout = (step: string, time: string, more: object = {}) =>
  told(`payout.${step}`, `2026-06-${time}`, {
    payoutId: 'out',
    merchantId: 'shop',
    orderId: 'order-1',
    amount: eur(8500),
    ...more,
  });
const delivered = (time: string) => told('delivery.delivered', `2026-06-${time}`, forOrder);
const pay = (id: string) => captured('2026-06-01T08:00', id, eur(4500), forOrder);
const held = payout('held', '01T09:00');
const released = payout('released', '03T09:00');

function claimsOf(events: readonly ToldEvent[], accountId = 'buyer'): readonly Claim[] {
  const ledger = { ...ledgerAfter(...events), accountId };
  const claims: Claim[] = [];
  for (const one of ledger.side!.payouts)
    expect(paidOutBeforeDelivery.assess(one, { ledger, now: NEVER } as View, claims)).toBe(NEVER);
  return claims;
}

describe('escrow that left before the goods came', () => {
  it('is claimed in full, at the payout, of every payment of the order', () => {
    expect(claimsOf([pay('pay-1'), pay('pay-2'), held, released])).toEqual([
      {
        kind: 'paid-out-before-delivery',
        confidence: 'certain',
        money: 'payout/out',
        at: Date.parse('2026-06-03T09:00Z'),
        clearedAt: NEVER,
        merchantId: 'shop',
        orderId: 'order-1',
        paymentIds: ['pay-1', 'pay-2'],
        loss: eur(8500),
        because: {
          rule: 'escrow-released-before-delivery',
          fields: ['payout', 'delivery.delivered'],
          figures: { payoutId: 'out', paidMinor: 8500, currency: 'EUR' },
        },
        eventIds: [released.id],
      },
    ]);
  });

  it.each([
    ['it is still held', [held]],
    ['it was never shown as held', [released]],
    [
      'it is for no order',
      [payout('held', '01T09:00', { orderId: undefined }), payout('paid', '03T09:00', { orderId: undefined })],
    ],
    ['the goods were there before', [held, delivered('02T09:00'), released]],
    ['the goods came at that instant', [held, delivered('03T09:00'), released]],
    ['the payment was back before', [pay('pay-1'), held, released, ended('voided', '2026-06-02T09:00', 'pay-1')]],
    ['the payment was back at that instant', [pay('pay-1'), held, released, ended('voided', '2026-06-03T09:00', 'pay-1')]],
  ])('is none where %s', (_what, events) => {
    expect(claimsOf(events)).toEqual([]);
  });

  it('is cleared when the goods come, or when every payment is back', () => {
    const back = (paymentId: string, day: string) =>
      refund('succeeded', `2026-06-${day}T09:00`, eur(4500), { paymentId, refundId: paymentId });
    const clearedAt = (...events: readonly ToldEvent[]) =>
      claimsOf([pay('pay-1'), pay('pay-2'), held, released, ...events])[0]?.clearedAt;
    expect(clearedAt(delivered('05T09:00'))).toBe(Date.parse('2026-06-05T09:00Z'));
    expect(clearedAt(back('pay-1', '06'))).toBe(NEVER);
    expect(clearedAt(back('pay-1', '06'), back('pay-2', '07'))).toBe(Date.parse('2026-06-07T09:00Z'));
    expect(clearedAt(back('pay-1', '06'), back('pay-2', '07'), delivered('05T09:00'))).toBe(Date.parse('2026-06-05T09:00Z'));
    expect(clearedAt(confirmed('2026-06-05T09:00'))).toBe(NEVER);
  });

  it('is not told of the state of a payout that names no account', () => {
    expect(claimsOf([held, released], `${PAYOUT_KEY}out`)).toEqual([]);
  });
});

import { refundFailed } from '#detection/refund-failed';
import { NEVER } from '#kernel/time';
import { asked } from '#test/scenarios/asked';
import { ledgerAfter } from '#test/scenarios/ledger-after';
import { captured, eur, forOrder, refund, told, type ToldEvent } from '#test/scenarios/told-events';

const paid = captured('2026-06-01T10:00', 'pay-1', eur(5000), forOrder);
const came = refund('succeeded', '2026-06-02T10:00', eur(4000));
const failed = refund('failed', '2026-06-05T10:00', eur(4000));
const at = Date.parse(failed.time);
const other = (step: string, time: string, minor: number) => refund(step, time, eur(minor), { refundId: 'refund-2' });

function claimsOf(...events: readonly ToldEvent[]) {
  const ledger = ledgerAfter(...events);
  const { due, claims } = asked(
    refundFailed,
    ledger,
    ledger.refunds.find(({ id }) => id === 'refund-1'),
  );
  expect(due).toBe(NEVER);
  return claims;
}

describe('a refund that failed after it had succeeded', () => {
  it('is claimed in full, from its failure', () => {
    expect(claimsOf(paid, came, failed)).toEqual([
      {
        kind: 'refund-failed',
        confidence: 'certain',
        money: 'refund/refund-1',
        at,
        clearedAt: NEVER,
        merchantId: 'shop',
        orderId: 'order-1',
        paymentIds: ['pay-1'],
        loss: eur(4000),
        because: {
          rule: 'refund-failed-after-success',
          fields: ['refund.failed'],
          figures: { refundId: 'refund-1', amountMinor: 4000, currency: 'EUR' },
        },
        eventIds: [came.id, failed.id],
      },
    ]);
  });

  it.each([
    ['it succeeded again', refund('succeeded', '2026-06-07T10:00', eur(4000)), '2026-06-07T10:00:00Z'],
    ['as much was refunded at the same instant', other('succeeded', '2026-06-05T10:00', 4000), failed.time],
    ['more was posted later', other('posted', '2026-06-08T10:00', 4500), '2026-06-08T10:00:00Z'],
    ['less was refunded later', other('succeeded', '2026-06-07T10:00', 3999), undefined],
    ['as much was refunded before', other('succeeded', '2026-06-05T09:59', 4000), undefined],
    ['another was only submitted', other('submitted', '2026-06-07T10:00', 4000), undefined],
    [
      'a chargeback was decided for the buyer',
      told('chargeback.closed', '2026-06-20T10:00', { chargebackId: 'cb', paymentId: 'pay-1', outcome: 'buyer' }),
      '2026-06-20T10:00:00Z',
    ],
    [
      'a chargeback was decided for the merchant',
      told('chargeback.closed', '2026-06-20T10:00', { chargebackId: 'cb', paymentId: 'pay-1', outcome: 'merchant' }),
      undefined,
    ],
  ])('is made good, or not: %s', (_what, event, time) => {
    expect(claimsOf(paid, came, failed, event)).toMatchObject([{ clearedAt: time === undefined ? NEVER : Date.parse(time) }]);
  });

  it('of a payment that was forgotten names nothing of it', () => {
    const ledger = ledgerAfter(paid, came, failed);
    ledger.payments = [];
    expect(asked(refundFailed, ledger, ledger.refunds[0]).claims).toMatchObject([
      { at, clearedAt: NEVER, merchantId: '', orderId: '', paymentIds: ['pay-1'], loss: eur(4000) },
    ]);
  });

  it('is none where it never succeeded, or never failed', () => {
    expect(claimsOf(paid, failed)).toEqual([]);
    expect(claimsOf(paid, came)).toEqual([]);
  });
});

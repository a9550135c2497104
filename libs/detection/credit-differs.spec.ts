import { creditDiffers } from '#detection/credit-differs';
import { NEVER } from '#kernel/time';
import { asked } from '#test/scenarios/asked';
import { ledgerAfter } from '#test/scenarios/ledger-after';
import { captured, eur, refund, told, type ToldEvent } from '#test/scenarios/told-events';

const at = (time: string) => Date.parse(`2026-06-${time}:00Z`);
const paid = captured('2026-06-01T10:00', 'pay-1', eur(5000), { orderId: 'order-1' });
const refunded = (minor: number, more: object = {}) => refund('succeeded', '2026-06-03T10:00', eur(minor), more);
const posted = (money: object) => refund('posted', '2026-06-04T10:00', money);
const credit = (lineId: string, time: string, minor: number, more: object = {}) =>
  told('statement.line', `2026-06-${time}`, {
    lineId,
    bookedAt: `2026-06-${time}:00Z`,
    amount: eur(minor),
    direction: 'credit',
    reference: 'refund-1',
    ...more,
  });
const won = told('chargeback.closed', '2026-06-25T10:00', { chargebackId: 'cb', paymentId: 'pay-1', outcome: 'buyer' });

function claimsOf(...events: readonly ToldEvent[]) {
  const ledger = ledgerAfter(...events);
  const { due, claims } = asked(creditDiffers, ledger, ledger.refunds[0]);
  expect(due).toBe(NEVER);
  return claims;
}

describe('a refund of which the bank credited less', () => {
  const success = refunded(5000);
  const short = credit('l1', '05T06:00', 4800);

  it('is claimed in full, at the credit', () => {
    expect(claimsOf(paid, success, short)).toEqual([
      {
        kind: 'statement-amount-differs',
        confidence: 'certain',
        money: 'refund/refund-1/statement',
        at: at('05T06:00'),
        clearedAt: NEVER,
        merchantId: 'shop',
        orderId: 'order-1',
        paymentIds: ['pay-1'],
        loss: eur(200),
        because: {
          rule: 'credited-another-amount',
          fields: ['statement', 'refunded'],
          figures: { refundId: 'refund-1', creditedMinor: 4800, refundedMinor: 5000, currency: 'EUR' },
        },
        eventIds: [success.id, short.id],
      },
    ]);
  });

  it('and later a further part still lacks the rest, since the first', () => {
    const further = credit('l2', '08T06:00', 100);
    expect(claimsOf(paid, success, short, further)).toMatchObject([
      {
        at: at('05T06:00'),
        clearedAt: NEVER,
        loss: eur(100),
        because: { figures: { creditedMinor: 4900 } },
        eventIds: [success.id, short.id, further.id],
      },
    ]);
  });

  it('is good with the credit that completes it; the loss is what was missing until then', () => {
    const parts = [credit('l2', '08T06:00', 100), credit('l3', '09T06:00', 100), credit('l4', '10T06:00', 100)];
    expect(claimsOf(paid, success, short, ...parts)).toMatchObject([
      { at: at('05T06:00'), clearedAt: at('09T06:00'), loss: eur(200) },
    ]);
  });

  it('is good by a chargeback decided for the buyer, where that comes first', () => {
    expect(claimsOf(paid, success, short, won)).toMatchObject([{ clearedAt: at('25T10:00'), loss: eur(200) }]);
    const rest = credit('l2', '26T06:00', 200);
    expect(claimsOf(paid, success, short, won, rest)).toMatchObject([{ clearedAt: at('25T10:00') }]);
  });

  it('is wrong from its success on, where the bank was earlier', () => {
    expect(claimsOf(paid, success, credit('l1', '02T06:00', 4800))).toMatchObject([{ at: at('03T10:00') }]);
  });

  it('of a payment that nobody told is claimed without what the payment would say', () => {
    expect(claimsOf(success, short)).toMatchObject([
      { merchantId: '', orderId: '', paymentIds: ['pay-1'], clearedAt: NEVER, loss: eur(200) },
    ]);
  });
});

describe('nothing differs', () => {
  it.each([
    ['where the whole was credited', [credit('l1', '05T06:00', 5000)]],
    ['where more was credited', [credit('l1', '05T06:00', 5100)]],
    ['where nothing was credited yet', []],
    ['by a credit of something else', [credit('l1', '05T06:00', 4800, { reference: 'refund-2' })]],
    ['by a debit that names the refund', [credit('l1', '05T06:00', 4800, { direction: 'debit' })]],
    ['by a credit in another currency', [credit('l1', '05T06:00', 1, { amount: { minor: 4800, currency: 'USD' } })]],
  ])('%s', (_what, lines) => {
    expect(claimsOf(paid, refunded(5000), ...lines)).toEqual([]);
  });

  it('while the refund has not gone through', () => {
    expect(claimsOf(paid, refund('submitted', '2026-06-03T10:00', eur(5000)), credit('l1', '05T06:00', 4800))).toEqual([]);
  });
});

describe('a refund that the provider posted', () => {
  const short = credit('l1', '05T06:00', 4800);

  it('with less is compared with that: the difference is another finding’s', () => {
    expect(claimsOf(paid, refunded(5000), posted(eur(4800)), short)).toEqual([]);
    expect(claimsOf(paid, refunded(5000), posted(eur(4900)), short)).toMatchObject([{ loss: eur(100) }]);
  });

  it('with more, or in another currency, is compared with its success', () => {
    expect(claimsOf(paid, refunded(5000), posted(eur(6000)), short)).toMatchObject([{ loss: eur(200) }]);
    expect(claimsOf(paid, refunded(5000), posted({ minor: 4800, currency: 'USD' }), short)).toMatchObject([{ loss: eur(200) }]);
  });

  it('without a success that was told is compared with the posting', () => {
    expect(claimsOf(paid, posted(eur(5000)), short)).toMatchObject([{ loss: eur(200), at: at('05T06:00') }]);
  });
});

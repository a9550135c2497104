import { findingId, findingOf, isOpen, type Claim } from '#detection/claim';
import { NEVER } from '#kernel/time';
import { eur } from '#test/scenarios/told-events';

const claim: Claim = {
  kind: 'stuck-hold',
  confidence: 'certain',
  money: 'payment/pay-1',
  at: Date.UTC(2026, 5, 8),
  clearedAt: NEVER,
  merchantId: 'shop',
  orderId: 'order-1',
  paymentIds: ['pay-1'],
  loss: eur(5000),
  because: { rule: 'hold-beyond-validity', fields: ['captured'], figures: { capturedMinor: 0 } },
  eventIds: ['e1', '', 'e2', 'e1'],
};
const finding = (more: Partial<Claim> = {}) => findingOf({ ...claim, ...more }, 'buyer', Date.UTC(2026, 5, 7), 'open');

describe('a finding', () => {
  it('has an id by kind, account and money, the same in every process', () => {
    expect(findingId('stuck-hold', 'buyer', 'payment/pay-1')).toBe('f-8a807777add492db36046afd');
    const ids = [
      findingId('stuck-hold', 'buyer', 'payment/pay-1'),
      findingId('refund-failed', 'buyer', 'payment/pay-1'),
      findingId('stuck-hold', 'other', 'payment/pay-1'),
      findingId('stuck-hold', 'buyer', 'payment/pay-2'),
    ];
    expect(new Set(ids).size).toBe(4);
  });

  it('shows the claim, each event once, at the time of the line that first told it', () => {
    expect(finding()).toEqual({
      findingId: findingId('stuck-hold', 'buyer', 'payment/pay-1'),
      kind: 'stuck-hold',
      confidence: 'certain',
      status: 'open',
      at: '2026-06-07T00:00:00.000Z',
      accountId: 'buyer',
      merchantId: 'shop',
      orderId: 'order-1',
      paymentIds: ['pay-1'],
      loss: eur(5000),
      because: claim.because,
      eventIds: ['e1', 'e2'],
    });
  });

  it('shows nothing that is not known, no loss that is none, and is in shadow where it is said so', () => {
    const bare = finding({ merchantId: '', orderId: '', loss: eur(0) });
    expect(bare).not.toHaveProperty('merchantId');
    expect(bare).not.toHaveProperty('orderId');
    expect(bare).not.toHaveProperty('mode');
    expect(bare).not.toHaveProperty('scope');
    expect([bare, finding({ loss: null }), finding({ loss: eur(-1) })].map(({ loss }) => loss)).toEqual([null, null, null]);
    expect(finding({ mode: 'shadow' })).toMatchObject({ mode: 'shadow' });
  });

  it('about no account names what it is about instead', () => {
    const scope = { kind: 'statement', key: 'line-1' } as const;
    expect(finding({ scope })).toMatchObject({ accountId: null, scope });
  });

  it('is open until it was made good', () => {
    expect([NEVER, claim.at].map((clearedAt) => isOpen({ ...claim, clearedAt }))).toEqual([true, false]);
  });
});

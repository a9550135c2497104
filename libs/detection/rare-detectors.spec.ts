import type { FindingKind } from '#detection/finding';
import { says } from '#test/scenarios/says';
import {
  captured,
  cancelled,
  confirmed,
  eur,
  forOrder,
  otherCard,
  placed,
  refund,
  told,
  type ToldEvent,
} from '#test/scenarios/told-events';

const kinds = (events: readonly ToldEvent[], kind: FindingKind, until?: string) =>
  says(events, until).filter((finding) => finding.kind === kind);
const order = placed('2026-06-01T08:00', eur(9000), { fees: [{ kind: 'shipping', amount: eur(490) }] });
const paid = captured('2026-06-01T08:01', 'pay-1', eur(9000), forOrder);
const stands = confirmed('2026-06-01T08:02');
const purchase = [order, paid, stands];
const delivery = (step: string, time: string) => told(`delivery.${step}`, time, { orderId: 'order-1' });

describe('goods', () => {
  it('without a promised date are sent in 30 days and delivered in 40', () => {
    expect(kinds(purchase, 'not-delivered')).toMatchObject([
      { at: '2026-07-01T08:00:00.000Z', loss: eur(9000), because: { rule: 'not-sent' } },
    ]);
    expect(kinds([...purchase, delivery('shipped', '2026-06-20T08:00')], 'not-delivered')).toMatchObject([
      { at: '2026-07-11T08:00:00.000Z', because: { rule: 'not-delivered' } },
    ]);
    expect(kinds([...purchase, delivery('delivered', '2026-06-20T08:00')], 'not-delivered')).toEqual([]);
  });

  it('are not awaited of an order that was cancelled, refunded or never paid', () => {
    expect(kinds([...purchase, cancelled('2026-06-02T08:00')], 'not-delivered')).toEqual([]);
    expect(kinds([...purchase, refund('succeeded', '2026-06-02T08:00', eur(9000))], 'not-delivered')).toEqual([]);
    expect(kinds([order], 'not-delivered')).toEqual([]);
  });
});

describe('escrow', () => {
  const payout = (step: string, time: string) =>
    told(`payout.${step}`, time, { payoutId: 'out-1', merchantId: 'shop', orderId: 'order-1', amount: eur(8500) });

  it('that leaves before the goods came is told, and cleared when they come', () => {
    const early = [...purchase, payout('held', '2026-06-01T09:00'), payout('released', '2026-06-03T09:00')];
    expect(kinds(early, 'paid-out-before-delivery')).toMatchObject([{ at: '2026-06-03T09:00:00.000Z', loss: eur(8500) }]);
    expect(kinds([...early, delivery('delivered', '2026-06-05T09:00')], 'paid-out-before-delivery')).toMatchObject([
      { status: 'cleared' },
    ]);
    expect(kinds([delivery('delivered', '2026-06-02T09:00'), ...early], 'paid-out-before-delivery')).toEqual([]);
  });

  it('that was never shown as held is none', () => {
    expect(kinds([...purchase, payout('paid', '2026-06-03T09:00')], 'paid-out-before-delivery')).toEqual([]);
  });
});

describe('a fee', () => {
  const fee = (kind: string, minor: number, more: object = {}) =>
    told('fee.charged', '2026-06-01T09:00', { feeId: kind, kind, amount: eur(minor), orderId: 'order-1', ...more });

  it('that was not shown at checkout is told by the part that was not', () => {
    expect(kinds([...purchase, fee('shipping', 490)], 'undisclosed-fee')).toEqual([]);
    expect(kinds([...purchase, fee('shipping', 600)], 'undisclosed-fee')).toMatchObject([
      { loss: eur(110), confidence: 'certain' },
    ]);
    expect(kinds([...purchase, fee('booking', 750)], 'undisclosed-fee')).toMatchObject([{ loss: eur(750) }]);
    expect(kinds([...purchase, fee('booking', 750, { disclosed: true })], 'undisclosed-fee')).toEqual([]);
  });
});

describe('a wallet', () => {
  const report = (time: string, minor: number) => told('wallet.balance_reported', time, { balance: eur(minor) });
  const credit = told('wallet.credited', '2026-06-02T09:00', { entryId: 'w1', amount: eur(2500) });

  it('that shows too little misses the difference, that shows too much loses nothing', () => {
    const opening = report('2026-06-01T09:00', 4000);
    expect(kinds([opening, credit, report('2026-06-03T09:00', 4000)], 'balance-differs')).toMatchObject([{ loss: eur(2500) }]);
    expect(kinds([opening, credit, report('2026-06-03T09:00', 7000)], 'balance-differs')).toMatchObject([{ loss: null }]);
    expect(kinds([opening, credit, report('2026-06-03T09:00', 6500)], 'balance-differs')).toEqual([]);
  });

  it('is healed by a later report that agrees', () => {
    const events = [report('2026-06-01T09:00', 4000), credit, report('2026-06-03T09:00', 4000), report('2026-06-04T09:00', 6500)];
    expect(kinds(events, 'balance-differs')).toMatchObject([{ status: 'cleared', loss: eur(2500) }]);
  });
});

describe('a refund', () => {
  it('to another instrument is told, its amount the loss', () => {
    const wrong = refund('succeeded', '2026-06-03T09:00', eur(9000), { instrument: otherCard });
    expect(kinds([...purchase, wrong], 'refund-wrong-instrument')).toMatchObject([{ confidence: 'certain', loss: eur(9000) }]);
  });

  it('that failed after it had succeeded is told, and cleared by the next that succeeds', () => {
    const failed = [refund('succeeded', '2026-06-03T09:00', eur(9000)), refund('failed', '2026-06-06T09:00', eur(9000))];
    const again = refund('succeeded', '2026-06-08T09:00', eur(9000), { refundId: 'refund-2' });
    expect(kinds([...purchase, ...failed], 'refund-failed')).toMatchObject([{ at: '2026-06-06T09:00:00.000Z', loss: eur(9000) }]);
    expect(kinds([...purchase, ...failed, again], 'refund-failed')).toMatchObject([{ status: 'cleared' }]);
    expect(kinds([...purchase, refund('failed', '2026-06-06T09:00', eur(9000))], 'refund-failed')).toEqual([]);
  });
});

describe('a statement', () => {
  const line = (lineId: string, minor: number, reference?: string, more: object = {}) =>
    told('statement.line', '2026-06-03T09:00', {
      lineId,
      bookedAt: '2026-06-03T00:00:00Z',
      amount: eur(minor),
      direction: 'debit',
      ...(reference === undefined ? {} : { reference }),
      ...more,
    });

  it('debit that no payment explains is told ten working days later', () => {
    expect(kinds([line('l1', 5000, 'pay-9')], 'statement-without-order')).toMatchObject([
      { at: '2026-06-17T00:00:00.000Z', loss: eur(5000) },
    ]);
    expect(kinds([...purchase, line('l1', 9000, 'pay-1')], 'statement-without-order')).toEqual([]);
    expect(kinds([...purchase, line('l1', 9000)], 'statement-without-order')).toEqual([]);
  });

  it('without an account is about itself', () => {
    expect(kinds([line('l1', 5000, undefined, { accountId: undefined })], 'statement-without-order')).toMatchObject([
      { accountId: null, scope: { kind: 'statement', key: 'l1' } },
    ]);
  });

  it('lacks a payment’s line only where the account shows lines', () => {
    const other = captured('2026-06-01T08:30', 'pay-2', eur(700), { merchantId: 'baker' });
    expect(kinds([...purchase, other], 'order-without-statement')).toEqual([]);
    expect(kinds([...purchase, other, line('l1', 9000, 'pay-1')], 'order-without-statement')).toMatchObject([
      { paymentIds: ['pay-2'], loss: null },
    ]);
  });

  it('of another amount than was captured differs, with a loss only where it is more', () => {
    expect(kinds([...purchase, line('l1', 9500, 'pay-1')], 'statement-amount-differs')).toMatchObject([{ loss: eur(500) }]);
    expect(kinds([...purchase, line('l1', 8500, 'pay-1')], 'statement-amount-differs')).toMatchObject([{ loss: null }]);
  });
});

describe('a limit', () => {
  const limit = (per: string, minor: number) => told('account.limit_set', '2026-05-01T09:00', { limit: eur(minor), per });
  const second = (more: object = {}) => captured('2026-06-01T20:00', 'pay-2', eur(3000), { merchantId: 'baker', ...more });

  it('of a payment, a day or a month is exceeded by the part above it', () => {
    expect(kinds([limit('payment', 8000), ...purchase], 'limit-exceeded')).toMatchObject([
      { loss: eur(1000), paymentIds: ['pay-1'] },
    ]);
    expect(kinds([limit('day', 10000), ...purchase, second()], 'limit-exceeded')).toMatchObject([
      { loss: eur(2000), paymentIds: ['pay-2'] },
    ]);
    expect(kinds([limit('day', 10000), ...purchase, second({ initiator: 'merchant' })], 'limit-exceeded')).toEqual([]);
  });
});

import type { Claim } from '#detection/claim';
import type { Detector, View } from '#detection/detector';
import { doubleDebit, orderWithoutStatement, statementAmountDiffers } from '#detection/statement-checks';
import { days, NEVER } from '#kernel/time';
import type { Payment } from '#ledger/payment';
import { ledgerAfter } from '#test/scenarios/ledger-after';
import { authorised, captured, ended, eur, told, type ToldEvent } from '#test/scenarios/told-events';

const at = (time: string) => Date.parse(`2026-06-${time}Z`);
const paid = captured('2026-06-01T10:00', 'pay-1', eur(5000));
const line = (lineId: string, time: string, more: object = {}) =>
  told('statement.line', `2026-06-${time}`, {
    lineId,
    bookedAt: `2026-06-${time}:00Z`,
    amount: eur(5000),
    direction: 'debit',
    reference: 'pay-1',
    ...more,
  });
const won = told('chargeback.closed', '2026-06-25T10:00', { chargebackId: 'cb', paymentId: 'pay-1', outcome: 'buyer' });

function assess(detector: Detector<Payment>, events: readonly ToldEvent[], now = at('30T10:00')) {
  const ledger = ledgerAfter(...events);
  const claims: Claim[] = [];
  const due = detector.assess(ledger.payments[0]!, { ledger, now } as View, claims);
  return { due, claims };
}

describe('a payment debited more than once', () => {
  const [one, two] = [line('l1', '02T10:00'), line('l2', '03T10:00')];
  const claimsOf = (...events: readonly ToldEvent[]) => assess(doubleDebit, [paid, ...events]).claims;

  it('is claimed in full, at the line that made it so', () => {
    expect(claimsOf(one, two)).toEqual([
      {
        kind: 'duplicate-charge',
        confidence: 'certain',
        money: 'payment/pay-1/statement',
        at: at('03T10:00'),
        clearedAt: NEVER,
        merchantId: 'shop',
        orderId: '',
        paymentIds: ['pay-1'],
        loss: eur(5000),
        because: {
          rule: 'debited-more-than-once',
          fields: ['statement', 'captured'],
          figures: { debits: 2, debitedMinor: 10_000, capturedMinor: 5000, currency: 'EUR' },
        },
        eventIds: [paid.id, one.id, two.id],
      },
    ]);
  });

  it.each([
    ['one debit alone, though it is too large', [line('l1', '02T10:00', { amount: eur(9000) })]],
    [
      'two debits that together are what was captured',
      [line('l1', '02T10:00', { amount: eur(2000) }), line('l2', '03T10:00', { amount: eur(3000) })],
    ],
    ['a debit of another payment', [one, line('l2', '03T10:00', { reference: 'pay-2' })]],
    ['a debit in another currency', [one, line('l2', '03T10:00', { amount: { minor: 5000, currency: 'USD' } })]],
    ['a debit and a credit', [one, line('l2', '03T10:00', { direction: 'credit' })]],
  ])('is not %s', (_what, events) => {
    expect(claimsOf(...events)).toEqual([]);
  });

  it('is cleared by a credit that names the payment, or a chargeback for the buyer', () => {
    const credit = line('l3', '05T10:00', { direction: 'credit' });
    expect(claimsOf(one, two, credit)).toMatchObject([{ clearedAt: at('05T10:00'), loss: eur(5000) }]);
    expect(claimsOf(one, two, won)).toMatchObject([{ clearedAt: at('25T10:00') }]);
    expect(claimsOf(one, two, credit, won)).toMatchObject([{ clearedAt: at('05T10:00') }]);
  });

  it('is none of a payment that was not captured', () => {
    const hold = authorised('2026-06-01T10:00', 'pay-1', eur(5000));
    expect(assess(doubleDebit, [hold, one, two]).claims).toEqual([]);
  });
});

describe('a debit of another amount', () => {
  const debit = (minor: number) => line('l1', '02T10:00', { amount: eur(minor) });
  const claimsOf = (...events: readonly ToldEvent[]) => assess(statementAmountDiffers, [paid, ...events]).claims;

  it('is claimed in full, and is no loss where it is less', () => {
    const more = debit(5500);
    expect(claimsOf(more)).toEqual([
      {
        kind: 'statement-amount-differs',
        confidence: 'certain',
        money: 'payment/pay-1/statement',
        at: at('02T10:00'),
        clearedAt: NEVER,
        merchantId: 'shop',
        orderId: '',
        paymentIds: ['pay-1'],
        loss: eur(500),
        because: {
          rule: 'debited-another-amount',
          fields: ['statement', 'captured'],
          figures: { debitedMinor: 5500, capturedMinor: 5000, currency: 'EUR' },
        },
        eventIds: [paid.id, more.id],
      },
    ]);
    expect(claimsOf(debit(4500))).toMatchObject([{ loss: null }]);
    expect(claimsOf(debit(5000))).toEqual([]);
    expect(claimsOf()).toEqual([]);
    expect(claimsOf(debit(5500), line('l2', '03T10:00'))).toEqual([]);
  });

  it('is cleared by a credit of the difference, else by a chargeback for the buyer', () => {
    const credit = (minor: number) => line('l2', '04T10:00', { amount: eur(minor), direction: 'credit' });
    expect(claimsOf(debit(5500), credit(500))).toMatchObject([{ clearedAt: at('04T10:00'), loss: eur(500) }]);
    expect(claimsOf(debit(5500), credit(400))).toMatchObject([{ clearedAt: NEVER }]);
    expect(claimsOf(debit(5500), credit(400), won)).toMatchObject([{ clearedAt: at('25T10:00') }]);
  });

  it('is none where it is one of several captures', () => {
    const parts = [2000, 3000].map((minor, n) => captured(`2026-06-01T1${n}:00`, 'pay-1', eur(minor), { captureId: `c${n}` }));
    expect(assess(statementAmountDiffers, [...parts, debit(2000)]).claims).toEqual([]);
    expect(assess(statementAmountDiffers, [...parts, debit(2500)]).claims).toMatchObject([{ loss: null }]);
  });
});

describe('a payment without a line', () => {
  const detector = orderWithoutStatement({ matchDays: 10, nearMs: days(5) });
  const other = line('l1', '02T10:00', { reference: 'pay-9' });
  const dueAt = at('15T10:00');

  it('is claimed in full ten working days later, and not before', () => {
    expect(assess(detector, [paid, other], dueAt - 1)).toEqual({ due: dueAt, claims: [] });
    expect(assess(detector, [paid, other], dueAt).claims).toEqual([
      {
        kind: 'order-without-statement',
        confidence: 'certain',
        money: 'payment/pay-1',
        at: dueAt,
        clearedAt: NEVER,
        merchantId: 'shop',
        orderId: '',
        paymentIds: ['pay-1'],
        loss: null,
        because: {
          rule: 'payment-without-statement-line',
          fields: ['statement'],
          figures: { capturedMinor: 5000, currency: 'EUR' },
        },
        eventIds: [paid.id],
      },
    ]);
  });

  it('is none where the account had shown no line by then', () => {
    expect(assess(detector, [paid])).toEqual({ due: NEVER, claims: [] });
    expect(assess(detector, [paid, line('l1', '15T10:00', { reference: 'pay-9' })]).claims).toHaveLength(1);
    expect(assess(detector, [paid, line('l1', '15T10:01', { reference: 'pay-9' })])).toEqual({ due: NEVER, claims: [] });
  });

  it('is none once it has its line, was given back, or was never captured', () => {
    expect(assess(detector, [paid, line('l1', '02T10:00')]).claims).toEqual([]);
    expect(assess(detector, [paid, other, ended('voided', '2026-06-03T10:00', 'pay-1')]).claims).toEqual([]);
    expect(assess(detector, [authorised('2026-06-01T10:00', 'pay-1', eur(5000)), other])).toEqual({ due: NEVER, claims: [] });
  });

  it('is cleared by its line, or the money back, that came late', () => {
    expect(assess(detector, [paid, other, line('l2', '20T10:00')]).claims).toMatchObject([{ clearedAt: at('20T10:00') }]);
    expect(assess(detector, [paid, other, ended('voided', '2026-06-21T10:00', 'pay-1')]).claims).toMatchObject([
      { clearedAt: at('21T10:00') },
    ]);
  });
});

import { paymentUnconfirmed, paymentUnconfirmedDefaults } from '#detection/payment-unconfirmed';
import { NEVER } from '#kernel/time';
import { asked } from '#test/scenarios/asked';
import { ledgerAfter } from '#test/scenarios/ledger-after';
import { saysOf } from '#test/scenarios/says';
import {
  authorised,
  cancelled,
  captured,
  card,
  confirmed,
  created,
  ended,
  eur,
  forOrder,
  placed,
  refund,
  told,
  type ToldEvent,
} from '#test/scenarios/told-events';

const unconfirmed = (...events: readonly ToldEvent[]) => saysOf('payment-unconfirmed', events);
const order = placed('2026-06-01T10:00', eur(9000));
const awaited = (...events: readonly ToldEvent[]) => {
  const ledger = ledgerAfter(...events);
  return asked(paymentUnconfirmed(paymentUnconfirmedDefaults), ledger, ledger.payments[0]);
};
const debit = captured('2026-06-01T10:01', 'pay-1', eur(9000), forOrder);

describe('a payment that was started', () => {
  it('has an outcome within a day', () => {
    expect(unconfirmed(created('2026-06-01T10:00', 'pay-1', eur(9000)))).toMatchObject([
      { at: '2026-06-02T10:00:00.000Z', loss: eur(9000), because: { rule: 'started-without-outcome', fields: ['outcome'] } },
    ]);
  });

  it.each([
    ['ach', 4, '2026-06-05T10:00:00.000Z'],
    ['becs', 3, '2026-06-04T10:00:00.000Z'],
    ['bacs', 6, '2026-06-09T10:00:00.000Z'],
    ['sepa_debit', 14, '2026-06-19T10:00:00.000Z'],
  ])('by %s within %d working days', (scheme, _days, at) => {
    const instrument = { kind: 'bank_account', fingerprint: 'iban-1', scheme };
    expect(unconfirmed(created('2026-06-01T10:00', 'pay-1', eur(9000), { instrument }))).toMatchObject([{ at }]);
  });

  it.each(['authorised', 'failed', 'expired', 'voided', 'captured'])('says nothing once it is %s', (how) => {
    const start = created('2026-06-01T10:00', 'pay-1', eur(9000));
    const outcome =
      how === 'authorised'
        ? authorised('2026-06-01T10:05', 'pay-1', eur(9000))
        : how === 'captured'
          ? captured('2026-06-01T10:05', 'pay-1', eur(9000))
          : ended(how as 'failed', '2026-06-01T10:05', 'pay-1');
    expect(unconfirmed(start, outcome)).toEqual([]);
  });
});

describe('nothing is claimed, and nothing awaited', () => {
  it.each([
    ['of a payment of nothing', [created('2026-06-01T10:00', 'pay-1', eur(0))]],
    [
      'of a payment whose outcome was told in time',
      [created('2026-06-01T10:00', 'pay-1', eur(9000)), authorised('2026-06-01T10:05', 'pay-1', eur(9000))],
    ],
    ['of a payment that only its failure told of', [ended('failed', '2026-06-01T10:05', 'pay-1')]],
    ['of a debit of nothing', [order, captured('2026-06-01T10:01', 'pay-1', eur(0), forOrder)]],
    ['of an order that was never told as placed', [debit, cancelled('2026-06-05T12:00')]],
    ['of an order that was confirmed first', [order, confirmed('2026-06-01T10:00'), debit]],
  ])('%s', (_what, events) => {
    expect(awaited(...events)).toEqual({ due: NEVER, claims: [] });
  });
});

describe('a payment that was debited', () => {
  it('has its order confirmed within a day', () => {
    expect(unconfirmed(order, debit)).toMatchObject([
      { at: '2026-06-02T10:01:00.000Z', loss: eur(9000), orderId: 'order-1', because: { rule: 'debited-without-confirmation' } },
    ]);
  });

  it.each([
    ['the order is confirmed', confirmed('2026-06-01T12:00')],
    ['the goods are sent', told('delivery.shipped', '2026-06-01T12:00', { orderId: 'order-1' })],
    ['the order is cancelled', cancelled('2026-06-01T12:00')],
    ['it is refunded', refund('succeeded', '2026-06-01T12:00', eur(9000))],
    ['it is voided', ended('voided', '2026-06-01T12:00', 'pay-1')],
  ])('says nothing when %s in time', (_what, event) => {
    expect(unconfirmed(order, debit, event)).toEqual([]);
    expect(unconfirmed(event, debit, order)).toEqual([]);
  });

  it('is cleared by a confirmation that came late', () => {
    expect(unconfirmed(order, debit, confirmed('2026-06-04T12:00'))).toMatchObject([
      { status: 'cleared', at: '2026-06-02T10:01:00.000Z' },
    ]);
  });

  it('without an order has nothing to be confirmed', () => {
    expect(unconfirmed(captured('2026-06-01T10:01', 'pay-1', eur(9000)))).toEqual([]);
  });

  const upi = { kind: 'upi', fingerprint: 'vpa-1' };
  it.each([
    ['by UPI to a merchant', upi, {}, '2026-06-06T10:01:00.000Z'],
    ['by card', card, {}, '2026-06-06T10:01:00.000Z'],
    ['by UPI to a person', upi, { mcc: '0000' }, '2026-06-02T10:01:00.000Z'],
    ['by IMPS', { kind: 'bank_account', fingerprint: 'acc', scheme: 'imps' }, {}, '2026-06-02T10:01:00.000Z'],
  ])('in India %s is due by the rule of the central bank, which gives 100 rupees a day', (_what, instrument, more, at) => {
    const rupees = { minor: 90000, currency: 'INR' };
    const paid = captured('2026-06-01T10:01', 'pay-1', rupees, { ...forOrder, instrument, ...more });
    expect(unconfirmed(placed('2026-06-01T10:00', rupees), paid)).toMatchObject([
      { at, loss: rupees, because: { figures: { compensationPerDayMinor: 10000, compensationCurrency: 'INR' } } },
    ]);
    expect(unconfirmed(placed('2026-06-01T10:00', rupees), paid, confirmed('2026-06-08T11:00'))).toMatchObject([
      { status: 'cleared', because: { figures: { daysLate: expect.any(Number), compensationMinor: expect.any(Number) } } },
    ]);
  });

  it('shows the clock of the central bank, and what it gives once the days are known', () => {
    const rupees = { minor: 90000, currency: 'INR' };
    const story = [
      placed('2026-06-01T10:00', rupees),
      captured('2026-06-01T10:01', 'pay-1', rupees, { ...forOrder, instrument: upi }),
    ];
    const shown = {
      amountMinor: 90000,
      currency: 'INR',
      scheme: 'upi',
      clock: 'RBI T+5',
      compensationPerDayMinor: 10000,
      compensationCurrency: 'INR',
    };
    const figuresOf = (events: readonly ToldEvent[]) => unconfirmed(...events)[0]?.because.figures;
    expect(figuresOf(story)).toEqual(shown);
    expect(figuresOf([...story, confirmed('2026-06-08T11:00')])).toEqual({ ...shown, daysLate: 3, compensationMinor: 30000 });
    expect(figuresOf([...story, confirmed('2026-06-07T10:01')])).toEqual({ ...shown, daysLate: 1, compensationMinor: 10000 });
  });

  it('shows what was paid, and rests on the capture', () => {
    const figures = { amountMinor: 9000, currency: 'EUR', scheme: 'visa' };
    expect(awaited(order, debit).claims).toMatchObject([
      {
        confidence: 'certain',
        money: 'payment/pay-1',
        paymentIds: ['pay-1'],
        because: { fields: ['order.confirmed'] },
        eventIds: [debit.id],
      },
    ]);
    expect(unconfirmed(order, debit)[0]?.because.figures).toEqual(figures);
  });
});

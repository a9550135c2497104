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
const debit = captured('2026-06-01T10:01', 'pay-1', eur(9000), forOrder);

describe('a payment that was started', () => {
  it('has an outcome within a day', () => {
    expect(unconfirmed(created('2026-06-01T10:00', 'pay-1', eur(9000)))).toMatchObject([
      { at: '2026-06-02T10:00:00.000Z', loss: eur(9000), because: { rule: 'started-without-outcome' } },
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
});

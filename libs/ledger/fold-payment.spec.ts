import { CAPTURES_MAX } from '#ledger/fold-payment';
import type { Ledger } from '#ledger/ledger';
import type { Payment } from '#ledger/payment';
import { NEVER } from '#kernel/time';
import { inEveryOrder, ledgerAfter } from '#test/scenarios/ledger-after';
import {
  authorised,
  captured,
  card,
  created,
  ended,
  eur,
  forOrder,
  otherCard,
  told,
  type ToldEvent,
} from '#test/scenarios/told-events';

const at = (time: string): number => Date.parse(`${time}:00Z`);
const paymentOf = ({ payments }: Ledger, id = 'pay-1'): Payment => {
  const payment = payments.find((one) => one.id === id);
  if (payment === undefined) throw new Error(`no payment ${id}`);
  return payment;
};
const fold = (...events: readonly ToldEvent[]) => paymentOf(ledgerAfter(...events));
const everyOrder = (...events: readonly ToldEvent[]) => inEveryOrder(events, paymentOf);

describe('a payment', () => {
  const attributes = {
    orderId: 'order-1',
    merchantId: 'shop',
    provider: 'psp',
    idempotencyKey: 'key-1',
    subscription: { id: 'sub', period: '2026-06' },
    lineIds: ['line-1'],
    mcc: '5812',
  };
  const others = {
    orderId: 'order-2',
    merchantId: 'market',
    provider: 'other',
    idempotencyKey: 'key-2',
    subscription: { id: 'sub', period: '2026-07' },
    lineIds: ['line-2'],
    mcc: '4829',
  };

  it('is what its newest event says', () => {
    expect(
      everyOrder(
        created('2026-06-01T10:00', 'pay-1', { minor: 900, currency: 'USD' }, attributes),
        captured('2026-06-01T10:01', 'pay-1', eur(1000), { ...others, instrument: otherCard }),
      ),
    ).toMatchObject({ ...others, currency: 'EUR', instrument: otherCard });
  });

  it('is what an older event says where the newest said nothing', () => {
    const payment = everyOrder(
      created('2026-06-01T10:00', 'pay-1', eur(1000), attributes),
      told('payment.captured', '2026-06-01T10:01', {
        paymentId: 'pay-1',
        merchantId: 'shop',
        amount: eur(1000),
        instrument: card,
      }),
    );
    expect(payment).toMatchObject(attributes);
  });

  it('keeps what is known when an event without it follows', () => {
    const end = ended('settled', '2026-06-02T10:00', 'pay-1', {
      merchantId: 'market',
      amount: { minor: 5, currency: 'USD' },
      instrument: otherCard,
    });
    expect(fold(created('2026-06-01T10:00', 'pay-1', eur(1000)), end)).toMatchObject({
      merchantId: 'shop',
      currency: 'EUR',
      instrument: card,
    });
    expect(fold(end)).toMatchObject({ merchantId: 'market', currency: 'USD', instrument: otherCard });
    expect(fold(ended('settled', '2026-06-02T10:00', 'pay-1'))).toMatchObject({ merchantId: '', currency: '', instrument: null });
    const nothing = {
      orderId: '',
      provider: '',
      idempotencyKey: '',
      mcc: '',
      startedEventId: '',
      authorisedEventId: '',
      toldFacts: '',
    };
    expect(fold(ended('settled', '2026-06-02T10:00', 'pay-1'))).toMatchObject(nothing);
  });

  it('is by the customer, online, unless an event says otherwise', () => {
    expect(fold(created('2026-06-01T10:00', 'pay-1', eur(1)))).toMatchObject({ isMerchantInitiated: false, isInPerson: false });
    expect(fold(created('2026-06-01T10:00', 'pay-1', eur(1), { initiator: 'customer', presence: 'online' }))).toMatchObject({
      isMerchantInitiated: false,
      isInPerson: false,
    });
    expect(fold(created('2026-06-01T10:00', 'pay-1', eur(1), { initiator: 'merchant', presence: 'in_person' }))).toMatchObject({
      isMerchantInitiated: true,
      isInPerson: true,
    });
  });

  it('starts with its earliest event, of one instant with that of the smaller id', () => {
    expect(
      everyOrder(
        { ...authorised('2026-06-01T10:01', 'pay-1', eur(1200)), id: '0' },
        { ...created('2026-06-01T10:00', 'pay-1', eur(1000)), id: 'b' },
        { ...created('2026-06-01T10:00', 'pay-1', eur(1100)), id: 'a' },
      ),
    ).toMatchObject({
      startedAt: at('2026-06-01T10:00'),
      startedMinor: 1100,
      startedEventId: 'a',
      lastAt: at('2026-06-01T10:01'),
    });
  });

  it('holds what its newest authorisation says, of one instant that of the greater id', () => {
    const until = '2026-06-09T10:00:00Z';
    expect(
      everyOrder(
        { ...authorised('2026-06-01T10:00', 'pay-1', eur(1000), { captureBefore: '2026-06-05T10:00:00Z' }), id: 'z' },
        { ...authorised('2026-06-02T10:00', 'pay-1', eur(1200)), id: 'a' },
        { ...authorised('2026-06-02T10:00', 'pay-1', eur(1300), { captureBefore: until }), id: 'b' },
      ),
    ).toMatchObject({
      authorisedAt: at('2026-06-02T10:00'),
      authorisedMinor: 1300,
      captureBefore: Date.parse(until),
      authorisedEventId: 'b',
    });
    expect(
      fold(
        authorised('2026-06-01T10:00', 'pay-1', eur(1000), { captureBefore: '2026-06-05T10:00:00Z' }),
        authorised('2026-06-02T10:00', 'pay-1', eur(1200)),
      ).captureBefore,
    ).toBe(NEVER);
  });
});

describe('a capture', () => {
  it('told twice is one: the first telling by time, of one instant that of the smaller id', () => {
    expect(
      everyOrder(
        { ...captured('2026-06-01T10:00', 'pay-1', eur(700), { captureId: 'c1' }), id: 'b' },
        { ...captured('2026-06-01T10:00', 'pay-1', eur(800), { captureId: 'c1' }), id: 'a' },
        { ...captured('2026-06-01T10:01', 'pay-1', eur(900), { captureId: 'c1', lineIds: ['line-1'] }), id: '0' },
      ).captures,
    ).toEqual([{ id: 'c1', minor: 800, at: at('2026-06-01T10:00'), eventId: 'a', lineIds: null }]);
  });

  it('of another name is another, by time, then by name', () => {
    const ids = everyOrder(
      captured('2026-06-01T10:00', 'pay-1', eur(1), { captureId: 'b' }),
      captured('2026-06-01T10:00', 'pay-1', eur(1), { captureId: 'a' }),
      captured('2026-05-01T10:00', 'pay-1', eur(1), { captureId: 'c', lineIds: ['line-1'] }),
      captured('2026-06-01T10:00', 'pay-1', eur(1)),
    ).captures.map(({ id }) => id);
    expect(ids).toEqual(['c', '', 'a', 'b']);
  });

  it('beyond the most that are kept is the newest that goes', () => {
    const time = (n: number) => new Date(Date.UTC(2026, 5, 1) + n * 60_000).toISOString();
    const many = Array.from({ length: CAPTURES_MAX + 2 }, (_, n) => captured(time(n), 'pay-1', eur(1), { captureId: `c${n}` }));
    const { captures } = fold(...many.slice(1), many[0] as ToldEvent);
    expect(captures).toHaveLength(CAPTURES_MAX);
    expect(captures[0]?.id).toBe('c0');
    expect(captures.at(-1)?.id).toBe(`c${CAPTURES_MAX - 1}`);
  });

  it('makes known its order, which stays as it was told', () => {
    const { orders } = ledgerAfter(captured('2026-06-01T10:00', 'pay-1', eur(1), forOrder));
    expect(orders).toMatchObject([
      {
        id: 'order-1',
        merchantId: '',
        total: null,
        fees: null,
        isGiftCard: false,
        placedAt: NEVER,
        lastAt: at('2026-06-01T10:00'),
      },
    ]);
    const total = eur(1);
    expect(
      ledgerAfter(
        told('order.placed', '2026-06-01T09:00', { orderId: 'order-1', merchantId: 'shop', total }),
        captured('2026-06-01T10:00', 'pay-1', eur(1), forOrder),
      ).orders,
    ).toMatchObject([{ id: 'order-1', total, lastAt: at('2026-06-01T09:00') }]);
    expect(ledgerAfter(captured('2026-06-01T10:00', 'pay-1', eur(1))).orders).toEqual([]);
  });
});

describe('the end of a payment', () => {
  it('is its newest failure, and the first of everything else', () => {
    const twice = (how: 'failed' | 'voided' | 'expired' | 'settled') =>
      everyOrder(ended(how, '2026-06-01T10:00', 'pay-1'), ended(how, '2026-06-02T10:00', 'pay-1')).ends;
    const [first, second] = [at('2026-06-01T10:00'), at('2026-06-02T10:00')];
    const none = {
      failedAt: NEVER,
      voidedAt: NEVER,
      voidedMinor: -1,
      expiredAt: NEVER,
      settledAt: NEVER,
      replacedAt: NEVER,
      releasedAgainAt: NEVER,
    };
    expect(twice('failed')).toEqual({ ...none, failedAt: second, replacedAt: first });
    expect(twice('voided')).toEqual({ ...none, voidedAt: first, releasedAgainAt: second });
    expect(twice('expired')).toEqual({ ...none, expiredAt: first, releasedAgainAt: second });
    expect(twice('settled')).toEqual({ ...none, settledAt: first });
  });

  it('by two voids of one instant is that of less', () => {
    const voided = (minor: number) => ended('voided', '2026-06-01T10:00', 'pay-1', { amount: eur(minor) });
    expect(everyOrder(voided(300), voided(200)).ends.voidedMinor).toBe(200);
    expect(everyOrder(voided(300), ended('voided', '2026-06-01T10:00', 'pay-1')).ends.voidedMinor).toBe(-1);
    expect(everyOrder(voided(300), ended('voided', '2026-06-02T10:00', 'pay-1')).ends.voidedMinor).toBe(300);
  });
});

describe('a chargeback', () => {
  const opened = (time: string, minor: number, id = 'cb-1') =>
    told('chargeback.opened', time, { chargebackId: id, paymentId: 'pay-1', amount: eur(minor) }, `${id}-${minor}`);
  const closed = (time: string, outcome: string, id = 'cb-1') =>
    told('chargeback.closed', time, { chargebackId: id, paymentId: 'pay-1', outcome });

  it('is opened by its first telling and closed by its first, whichever was told first', () => {
    const events = [
      opened('2026-06-01T10:00', 500),
      opened('2026-06-02T10:00', 900),
      closed('2026-06-05T10:00', 'merchant'),
      closed('2026-06-06T10:00', 'buyer'),
    ];
    expect(everyOrder(...events).chargebacks).toEqual([
      {
        id: 'cb-1',
        openedAt: at('2026-06-01T10:00'),
        minor: 500,
        closedAt: at('2026-06-05T10:00'),
        outcome: 'merchant',
        eventId: 'cb-1-500',
      },
    ]);
  });

  it('closed twice at one instant is the buyer’s', () => {
    const end = everyOrder(
      opened('2026-06-01T10:00', 500),
      closed('2026-06-05T10:00', 'merchant'),
      closed('2026-06-05T10:00', 'buyer'),
    ).chargebacks;
    expect(end).toMatchObject([{ outcome: 'buyer' }]);
  });

  it('of another id is another; one that is open has no outcome', () => {
    expect(
      fold(opened('2026-06-01T10:00', 500), opened('2026-06-01T10:00', 700, 'cb-2'), closed('2026-06-02T10:00', 'buyer', 'cb-2'))
        .chargebacks,
    ).toMatchObject([
      { id: 'cb-1', minor: 500, closedAt: NEVER, outcome: null },
      { id: 'cb-2', minor: 700, outcome: 'buyer' },
    ]);
  });
});

describe('the instrument of a payment', () => {
  const paidWith = (instrument: object, id: string) => captured('2026-06-01T10:00', id, eur(1), { instrument });

  it('is what its newest event says, and of the same token what the others knew besides', () => {
    const token = { kind: 'card', fingerprint: 'card-1' };
    const paid = (time: string, instrument: object) => captured(time, 'pay-1', eur(1), { instrument });
    const told = (...events: readonly ToldEvent[]) => inEveryOrder(events, paymentOf).instrument;
    const [first, second] = ['2026-06-01T10:00', '2026-06-01T10:01'] as const;
    expect(told(paid(first, token), paid(second, { ...token, scheme: 'visa', country: 'IN' }))).toEqual({
      ...token,
      scheme: 'visa',
      country: 'IN',
    });
    expect(told(paid(first, { ...token, scheme: 'visa' }), paid(second, token))).toEqual({ ...token, scheme: 'visa' });
    expect(told(paid(first, { ...token, scheme: 'visa' }), paid(second, { ...token, scheme: 'amex' }))?.scheme).toBe('amex');
    expect(told(paid(first, card), paid(second, otherCard))).toEqual(otherCard);
  });

  it('is one object for all payments with it', () => {
    const ledger = ledgerAfter(paidWith(card, 'pay-1'), paidWith(otherCard, 'pay-2'), paidWith({ ...card }, 'pay-3'));
    expect(paymentOf(ledger, 'pay-3').instrument).toBe(paymentOf(ledger).instrument);
  });

  it.each([
    ['kind', { ...card, kind: 'wallet' }],
    ['scheme', { ...card, scheme: 'mastercard' }],
    ['country', { ...card, country: 'IN' }],
    ['token', otherCard],
  ])('of another %s is another', (_what, instrument) => {
    expect(paymentOf(ledgerAfter(paidWith(card, 'pay-1'), paidWith(instrument, 'pay-2')), 'pay-2').instrument).toEqual(
      instrument,
    );
  });
});

import { saysOf } from '#test/scenarios/says';
import { authorised, captured, card, eur, forOrder, placed, refund, type ToldEvent } from '#test/scenarios/told-events';

const differs = (...events: readonly ToldEvent[]) => saysOf('amount-differs-from-order', events);
const order = placed('2026-06-11T14:00', eur(10000));
const paid = (minor: number, more: object = {}) => captured('2026-06-11T14:01', 'pay-1', eur(minor), { ...forOrder, ...more });

describe('one capture for an order', () => {
  it('above its total differs by the part above', () => {
    expect(differs(order, paid(10001))).toMatchObject([
      {
        confidence: 'certain',
        at: '2026-06-11T14:01:00.000Z',
        loss: eur(1),
        paymentIds: ['pay-1'],
        because: { fields: ['captured', 'total'] },
      },
    ]);
    expect(saysOf('duplicate-charge', [order, paid(20000)])).toEqual([]);
  });

  it('of the total or less is right', () => {
    expect(differs(order, paid(10000))).toEqual([]);
    expect(differs(order, paid(4000))).toEqual([]);
  });

  it('is compared with nothing while the total is not known, and once it is told', () => {
    expect(differs(paid(12000))).toEqual([]);
    expect(differs(paid(12000), order)).toMatchObject([{ loss: eur(2000) }]);
  });

  it.each([
    ['a restaurant, Visa', card, { mcc: '5812' }, 2000],
    ['a taxi, Visa', card, { mcc: '4121' }, 2000],
    ['lodging, Visa, outside the EEA', { ...card, country: 'US' }, { mcc: '7011' }, 1500],
    ['lodging, Visa, in the EEA', { ...card, country: 'DE' }, { mcc: '7011' }, 0],
    ['a restaurant, Mastercard', { ...card, scheme: 'mastercard' }, { mcc: '5812' }, 0],
    ['PayPal, outside PSD2', { kind: 'wallet', fingerprint: 'w', country: 'US' }, { provider: 'paypal' }, 1500],
    ['PayPal, in Britain', { kind: 'wallet', fingerprint: 'w', country: 'GB' }, { provider: 'paypal' }, 0],
    ['a shop', card, { mcc: '5411' }, 0],
  ])('at %s may exceed it as the scheme allows; the loss is the part above', (_what, instrument, more, allowed) => {
    expect(differs(order, paid(10000 + allowed, { instrument, ...more }))).toEqual([]);
    expect(differs(order, paid(10300 + allowed, { instrument, ...more }))).toMatchObject([{ loss: eur(300) }]);
  });

  it('in another currency is likely wrong, by no sum that follows', () => {
    const dollars = captured('2026-06-11T14:01', 'pay-1', { minor: 10000, currency: 'USD' }, forOrder);
    expect(differs(order, dollars)).toMatchObject([{ confidence: 'likely', loss: null, because: { fields: ['currency'] } }]);
  });

  it('is healed when the part above comes back', () => {
    expect(differs(order, paid(12000), refund('succeeded', '2026-06-12T09:00', eur(2000)))).toMatchObject([
      { status: 'cleared', loss: eur(2000) },
    ]);
    expect(differs(order, paid(12000), refund('succeeded', '2026-06-12T09:00', eur(500)))).toMatchObject([
      { status: 'open', loss: eur(1500) },
    ]);
  });
});

describe('several captures for an order', () => {
  it('within what was authorised, but above the total, are too much and no duplicate', () => {
    const hold = authorised('2026-06-11T14:00', 'pay-1', eur(12000), forOrder);
    const part = (captureId: string) => captured(`2026-06-1${captureId}T14:01`, 'pay-1', eur(6000), { ...forOrder, captureId });
    expect(differs(order, hold, part('2'), part('3'))).toMatchObject([{ loss: eur(2000), at: '2026-06-13T14:01:00.000Z' }]);
  });

  it('of which the first is too large and the second repeats it share the surplus', () => {
    const again = captured('2026-06-11T15:01', 'pay-2', eur(10000), forOrder);
    expect(differs(order, paid(12000), again)).toMatchObject([{ loss: eur(2000), paymentIds: ['pay-1'] }]);
    expect(saysOf('duplicate-charge', [order, paid(12000), again])).toMatchObject([{ loss: eur(10000) }]);
  });

  it('name what was captured in all, and only the payment that took too much', () => {
    const right = captured('2026-06-11T14:02', 'pay-2', eur(3000), { ...forOrder, lineIds: ['l2'] });
    const first = paid(9000, { lineIds: ['l1'] });
    expect(differs(order, first, right)).toMatchObject([
      {
        loss: eur(2000),
        paymentIds: ['pay-2'],
        because: { figures: { capturedMinor: 12000, totalMinor: 10000, allowedOverMinor: 0, lossMinor: 2000, currency: 'EUR' } },
        eventIds: [order.id, right.id],
      },
    ]);
  });
});

describe('captures in another currency', () => {
  const inDollars = (type: typeof captured, more: object = {}) =>
    type('2026-06-11T14:02', 'pay-2', { minor: 5000, currency: 'USD' }, { ...forOrder, lineIds: ['l2'], ...more });

  it('are added to none in the order’s own', () => {
    const other = inDollars(captured);
    expect(differs(order, paid(10000, { lineIds: ['l1'] }), other)).toMatchObject([
      {
        confidence: 'likely',
        at: '2026-06-11T14:02:00.000Z',
        paymentIds: ['pay-2'],
        because: { figures: { capturedMinor: 5000, capturedCurrency: 'USD', totalMinor: 10000, totalCurrency: 'EUR' } },
        eventIds: [order.id, other.id],
      },
    ]);
  });

  it('are those only that were captured', () => {
    expect(differs(order, paid(10000), inDollars(authorised))).toEqual([]);
  });
});

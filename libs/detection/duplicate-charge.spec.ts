import { saysOf } from '#test/scenarios/says';
import {
  authorised,
  captured,
  confirmed,
  ended,
  eur,
  forOrder,
  otherCard,
  placed,
  refund,
  told,
} from '#test/scenarios/told-events';

const duplicates = (...events: Parameters<typeof saysOf>[1]) => saysOf('duplicate-charge', events);
const order = placed('2026-06-11T14:00', eur(7490));
const first = captured('2026-06-11T14:01', 'pay-1', eur(7490), forOrder);
const second = captured('2026-06-11T18:00', 'pay-2', eur(7490), forOrder);
const stands = confirmed('2026-06-11T14:02');

describe('two charges for one order', () => {
  it('are certain, whatever the time between them, the surplus last and the loss', () => {
    expect(duplicates(order, first, stands, second)).toMatchObject([
      {
        confidence: 'certain',
        status: 'open',
        at: '2026-06-11T18:00:00.000Z',
        orderId: 'order-1',
        paymentIds: ['pay-1', 'pay-2'],
        loss: eur(7490),
        because: { fields: ['captured', 'total'] },
      },
    ]);
  });

  it('are one finding an order, its loss the whole surplus', () => {
    const third = captured('2026-06-11T19:00', 'pay-3', eur(7490), forOrder);
    expect(duplicates(order, first, second, third)).toMatchObject([
      { paymentIds: ['pay-1', 'pay-2', 'pay-3'], loss: eur(14980), at: '2026-06-11T18:00:00.000Z' },
    ]);
  });

  it('are paid by other means when the second came from another instrument', () => {
    const byOther = captured('2026-06-11T18:00', 'pay-2', eur(7490), { ...forOrder, instrument: otherCard });
    expect(duplicates(order, first, byOther)).toEqual([]);
    expect(saysOf('paid-by-other-means', [order, first, byOther])).toMatchObject([{ confidence: 'certain', loss: eur(7490) }]);
  });

  it('rise from likely to certain under one id when the order is told late, keeping the time of the first line', () => {
    const soon = captured('2026-06-11T14:03', 'pay-2', eur(7490), forOrder);
    expect(duplicates(first, soon)).toMatchObject([{ confidence: 'likely', at: '2026-06-11T14:03:00.000Z' }]);
    expect(duplicates(first, soon, order)).toMatchObject([
      { confidence: 'certain', at: '2026-06-11T14:03:00.000Z', findingId: duplicates(first, soon)[0]?.findingId },
    ]);
  });

  it('are two captures of one payment when they exceed what was authorised', () => {
    const hold = authorised('2026-06-11T14:00', 'pay-1', eur(7490), forOrder);
    const part = (id: string, minor: number) =>
      captured(`2026-06-11T15:0${id}`, 'pay-1', eur(minor), { ...forOrder, captureId: `c${id}` });
    expect(duplicates(order, hold, part('1', 7490), part('2', 7490))).toMatchObject([{ paymentIds: ['pay-1'], loss: eur(7490) }]);
  });

  it.each([
    [
      'that together pay the total',
      [captured('2026-06-11T14:01', 'pay-1', eur(4000), forOrder), captured('2026-06-11T14:02', 'pay-2', eur(3490), forOrder)],
    ],
    ['of which the first had been refunded', [first, refund('succeeded', '2026-06-11T16:00', eur(7490)), second]],
    ['of which the first had been voided', [first, ended('voided', '2026-06-11T16:00', 'pay-1'), second]],
    [
      'under one idempotency key',
      [first, captured('2026-06-11T14:09', 'pay-1b', eur(7490), { ...forOrder, idempotencyKey: 'key-pay-1' })],
    ],
    ['of which one is only authorised', [first, authorised('2026-06-11T18:00', 'pay-2', eur(7490), forOrder)]],
    ['of which one failed', [first, ended('failed', '2026-06-11T18:00', 'pay-2')]],
    ['that are one capture told under two event ids', [first, captured('2026-06-11T14:01', 'pay-1', eur(7490), forOrder)]],
    [
      'for other lines of it',
      [
        captured('2026-06-11T14:01', 'pay-1', eur(7490), { ...forOrder, lineIds: ['a'] }),
        captured('2026-06-11T14:02', 'pay-2', eur(7490), { ...forOrder, lineIds: ['b'] }),
      ],
    ],
    [
      'for two periods of a subscription',
      [
        captured('2026-06-11T14:01', 'pay-1', eur(7490), { ...forOrder, subscription: { id: 's', period: '2026-06' } }),
        captured('2026-07-11T14:01', 'pay-2', eur(7490), { ...forOrder, subscription: { id: 's', period: '2026-07' } }),
      ],
    ],
    [
      'that are parts of what was authorised',
      [
        authorised('2026-06-11T14:01', 'pay-1', eur(7490), forOrder),
        captured('2026-06-12T14:01', 'pay-1', eur(4000), { ...forOrder, captureId: 'c1' }),
        captured('2026-06-13T14:01', 'pay-1', eur(3490), { ...forOrder, captureId: 'c2' }),
      ],
    ],
  ])('%s are no duplicate', (_what, events) => {
    expect(duplicates(order, stands, ...events)).toEqual([]);
  });

  it('are healed when either is given back, in one piece or in parts', () => {
    const back = (minor: number, refundId: string, paymentId: string) =>
      refund('succeeded', `2026-06-12T1${refundId}:00`, eur(minor), { refundId, paymentId });
    const status = (...refunds: Parameters<typeof saysOf>[1]) => duplicates(order, first, second, ...refunds)[0];
    expect(status(back(7490, '1', 'pay-2'))).toMatchObject({ status: 'cleared', loss: eur(7490) });
    expect(status(back(7490, '1', 'pay-1'))).toMatchObject({ status: 'cleared' });
    expect(status(back(4000, '1', 'pay-2'))).toMatchObject({ status: 'open', loss: eur(3490) });
    expect(status(back(4000, '1', 'pay-2'), back(3490, '2', 'pay-2'))).toMatchObject({ status: 'cleared' });
    expect(status(back(4000, '1', 'pay-1'))).toMatchObject({ status: 'open', loss: eur(7490) });
  });

  it('are healed by a chargeback decided for the buyer, not by one that is only open', () => {
    const opened = told('chargeback.opened', '2026-06-20T10:00', { chargebackId: 'cb', paymentId: 'pay-2', amount: eur(7490) });
    const won = told('chargeback.closed', '2026-07-20T10:00', { chargebackId: 'cb', paymentId: 'pay-2', outcome: 'buyer' });
    expect(duplicates(order, first, second, opened)).toMatchObject([{ status: 'open' }]);
    expect(duplicates(order, first, second, opened, won)).toMatchObject([{ status: 'cleared' }]);
  });

  it('stand open again when the refund that healed them fails after its success', () => {
    const healed = refund('succeeded', '2026-06-12T10:00', eur(7490), { paymentId: 'pay-2' });
    const failed = refund('failed', '2026-06-14T10:00', eur(7490), { paymentId: 'pay-2' });
    expect(duplicates(order, first, second, healed, failed)).toMatchObject([{ status: 'open', loss: eur(7490) }]);
  });
});

describe('charges of one order, further', () => {
  const period = (time: string, id: string, month: string, more: object = {}) =>
    captured(time, id, eur(7490), { ...forOrder, subscription: { id: 's', period: month }, ...more });

  it('pay each period of a subscription once, and what is of none once', () => {
    const june = [period('2026-06-11T14:01', 'pay-1', '2026-06'), period('2026-06-20T14:01', 'pay-2', '2026-06')];
    const july = [period('2026-07-11T14:01', 'pay-3', '2026-07'), period('2026-07-20T14:01', 'pay-4', '2026-07')];
    expect(duplicates(order, ...june, july[0]!)).toMatchObject([{ paymentIds: ['pay-1', 'pay-2'], loss: eur(7490) }]);
    const both = duplicates(order, ...june, ...july);
    expect(both).toMatchObject([
      { paymentIds: ['pay-1', 'pay-2'], loss: eur(7490) },
      { paymentIds: ['pay-3', 'pay-4'], loss: eur(7490) },
    ]);
    expect(new Set([...both, ...duplicates(order, first, second)].map(({ findingId }) => findingId)).size).toBe(3);
    expect(duplicates(order, first, period('2026-06-20T14:01', 'pay-2', '2026-06'))).toEqual([]);
    expect(duplicates(order, first, second, june[0]!)).toHaveLength(1);
  });

  it('in another currency than the total are not compared with it', () => {
    const dollars = captured('2026-06-11T18:00', 'pay-2', { minor: 7490, currency: 'USD' }, forOrder);
    expect(duplicates(order, first, dollars)).toEqual([]);
    expect(duplicates(order, first, second, dollars)).toMatchObject([{ paymentIds: ['pay-1', 'pay-2'], loss: eur(7490) }]);
  });

  it('show how many there were, their sum, the total and what is beyond it, and rest on the order and each of them', () => {
    expect(duplicates(order, first, second)).toMatchObject([
      {
        because: {
          rule: 'order-charged-more-than-once',
          figures: { charges: 2, capturedMinor: 14980, totalMinor: 7490, surplusMinor: 7490, currency: 'EUR' },
        },
        eventIds: [order.id, first.id, second.id],
      },
    ]);
  });

  it('may exceed the total by what a scheme allows', () => {
    const meal = { ...forOrder, mcc: '5812' };
    const tip = (minor: number) => [
      captured('2026-06-11T14:01', 'pay-1', eur(7490), meal),
      captured('2026-06-11T18:00', 'pay-2', eur(minor), meal),
    ];
    expect(duplicates(order, ...tip(1498))).toEqual([]);
    expect(duplicates(order, ...tip(1499))).toMatchObject([{ loss: eur(1499) }]);
  });

  it('are by other means only where none before the one that repeats was by the same', () => {
    const other = captured('2026-06-11T15:00', 'pay-0', eur(3000), { ...forOrder, instrument: otherCard });
    const third = captured('2026-06-11T18:00', 'pay-2', eur(7490), { ...forOrder, instrument: otherCard });
    expect(duplicates(order, captured('2026-06-11T14:01', 'pay-1', eur(4490), forOrder), other, third)).toHaveLength(1);
  });
});

describe('one payment debited twice on the statement', () => {
  const line = (lineId: string, time: string, direction = 'debit') =>
    told('statement.line', time, { lineId, bookedAt: `${time}:00Z`, amount: eur(7490), direction, reference: 'pay-1' });

  it('is a certain duplicate, healed when the bank takes one back', () => {
    const twice = [order, first, stands, line('l1', '2026-06-13T08:00'), line('l2', '2026-06-13T09:00')];
    expect(duplicates(...twice)).toMatchObject([
      { confidence: 'certain', paymentIds: ['pay-1'], loss: eur(7490), status: 'open' },
    ]);
    expect(duplicates(...twice, line('l3', '2026-06-15T09:00', 'credit'))).toMatchObject([{ status: 'cleared' }]);
    expect(duplicates(order, first, stands, line('l1', '2026-06-13T08:00'))).toEqual([]);
  });
});

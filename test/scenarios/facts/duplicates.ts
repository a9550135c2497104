import type { Scenario } from '../scenario';
import { authorised, captured, confirmed, created, ended, eur, forOrder, otherCard, placed, refund, told } from '../told-events';
import { silent, story } from './story';

const order = [placed('2026-06-11T14:00', eur(5000)), confirmed('2026-06-11T14:01')];
const pay = (paymentId: string, time: string, minor = 5000, more: object = {}) => captured(time, paymentId, eur(minor), more);

/** Facts, "Duplicate charge". */
export const duplicates: readonly Scenario[] = [
  story(
    'two captured payments of one order are certain, whatever their distance',
    [...order, pay('pay-1', '2026-06-11T14:02', 5000, forOrder), pay('pay-2', '2026-06-13T09:00', 5000, forOrder)],
    {
      expect: [
        {
          kind: 'duplicate-charge',
          confidence: 'certain',
          payments: ['pay-1', 'pay-2'],
          orderId: 'order-1',
          loss: eur(5000),
          at: '2026-06-13T09:00:00Z',
          count: 1,
          ids: 1,
        },
      ],
      forbid: 'others',
      cases: {
        count: 1,
        loss: [eur(5000)],
        actions: [{ kind: 'refund', state: 'approved', paymentId: 'pay-2', amount: eur(5000) }],
      },
    },
  ),
  story(
    'the surplus comes last by event time, though it was told first',
    [pay('pay-2', '2026-06-11T15:00', 5000, forOrder), pay('pay-1', '2026-06-11T14:02', 5000, forOrder), ...order],
    { expect: [{ kind: 'duplicate-charge', confidence: 'certain', payments: ['pay-1', 'pay-2'], at: '2026-06-11T15:00:00Z' }] },
  ),
  story(
    'three charges of one order are one finding with the whole surplus',
    [
      ...order,
      pay('pay-1', '2026-06-11T14:02', 5000, forOrder),
      pay('pay-2', '2026-06-11T14:03', 5000, forOrder),
      pay('pay-3', '2026-06-11T14:04', 5000, forOrder),
    ],
    {
      expect: [
        { kind: 'duplicate-charge', payments: ['pay-1', 'pay-2', 'pay-3'], loss: eur(10000), at: '2026-06-11T14:03:00Z', ids: 1 },
      ],
      cases: { count: 1, loss: [eur(10000)] },
    },
  ),
  story(
    'two captures above the authorised sum are a duplicate of one payment',
    [
      ...order,
      authorised('2026-06-11T14:01', 'pay-1', eur(5000), forOrder),
      pay('pay-1', '2026-06-11T14:02', 5000, { ...forOrder, captureId: 'c1' }),
      pay('pay-1', '2026-06-11T14:09', 5000, { ...forOrder, captureId: 'c2' }),
    ],
    {
      expect: [
        { kind: 'duplicate-charge', confidence: 'certain', payments: ['pay-1'], loss: eur(5000), at: '2026-06-11T14:09:00Z' },
      ],
      forbid: ['amount-differs-from-order', 'paid-by-other-means'],
    },
  ),
  story(
    'a second charge with another instrument is paid by other means',
    [
      ...order,
      pay('pay-1', '2026-06-11T14:02', 5000, forOrder),
      pay('pay-2', '2026-06-11T14:05', 5000, { ...forOrder, instrument: otherCard }),
    ],
    {
      expect: [{ kind: 'paid-by-other-means', confidence: 'certain', payments: ['pay-1', 'pay-2'], loss: eur(5000) }],
      forbid: ['duplicate-charge'],
    },
  ),
  story(
    'two partial payments that together exceed the order by a part lose that part',
    [...order, pay('pay-1', '2026-06-11T14:02', 3000, forOrder), pay('pay-2', '2026-06-11T14:05', 3000, forOrder)],
    { expect: [{ kind: 'duplicate-charge', confidence: 'certain', loss: eur(1000) }] },
  ),
  silent('two payments that together make the order are its two parts', [
    ...order,
    pay('pay-1', '2026-06-11T14:02', 3000, forOrder),
    pay('pay-2', '2026-06-11T14:05', 2000, { ...forOrder, instrument: otherCard }),
  ]),
  story(
    'one capture that is too large differs from the order and is no duplicate',
    [...order, pay('pay-1', '2026-06-11T14:02', 6500, forOrder)],
    {
      expect: [{ kind: 'amount-differs-from-order', payments: ['pay-1'], loss: eur(1500), at: '2026-06-11T14:02:00Z' }],
      forbid: ['duplicate-charge'],
    },
  ),
  story(
    'an unknown payment, a manual one, and then the first succeeds after all',
    [
      ...order,
      created('2026-06-11T14:01', 'pay-1', eur(5000), forOrder),
      pay('pay-2', '2026-06-11T14:20', 5000, forOrder),
      pay('pay-1', '2026-06-11T14:40', 5000, forOrder),
    ],
    {
      expect: [{ kind: 'duplicate-charge', payments: ['pay-2', 'pay-1'], at: '2026-06-11T14:40:00Z' }],
      forbid: ['payment-unconfirmed'],
    },
  ),
  story(
    'a surplus that was refunded is cleared',
    [
      ...order,
      pay('pay-1', '2026-06-11T14:02', 5000, forOrder),
      pay('pay-2', '2026-06-11T14:05', 5000, forOrder),
      refund('succeeded', '2026-06-12T14:05', eur(5000), { paymentId: 'pay-2' }),
    ],
    { expect: [{ kind: 'duplicate-charge', status: 'cleared', loss: eur(5000) }], cases: { count: 1, open: 0, healed: 1 } },
  ),
  story(
    'a surplus of which a part was refunded leaves the rest',
    [
      ...order,
      pay('pay-1', '2026-06-11T14:02', 5000, forOrder),
      pay('pay-2', '2026-06-11T14:05', 5000, forOrder),
      refund('succeeded', '2026-06-12T14:05', eur(2000), { paymentId: 'pay-2' }),
    ],
    { expect: [{ kind: 'duplicate-charge', loss: eur(3000) }] },
  ),
  story(
    'a refund of the surplus that fails later leaves the buyer without it again',
    [
      ...order,
      pay('pay-1', '2026-06-11T14:02', 5000, forOrder),
      pay('pay-2', '2026-06-11T14:05', 5000, forOrder),
      refund('succeeded', '2026-06-12T14:05', eur(5000), { paymentId: 'pay-2' }),
      refund('failed', '2026-06-15T14:05', eur(5000), { paymentId: 'pay-2' }),
    ],
    {
      expect: [
        { kind: 'duplicate-charge', loss: eur(5000) },
        { kind: 'refund-failed', at: '2026-06-15T14:05:00Z' },
      ],
      cases: { count: 1 },
    },
  ),
  silent('a first charge that was voided or declined is no half of a pair', [
    ...order,
    pay('pay-1', '2026-06-11T14:02', 5000, forOrder),
    ended('voided', '2026-06-11T14:04', 'pay-1'),
    pay('pay-2', '2026-06-11T14:05', 5000, forOrder),
  ]),
  silent('a declined payment and the one that worked are one purchase', [
    ...order,
    created('2026-06-11T14:01', 'pay-1', eur(5000), forOrder),
    ended('failed', '2026-06-11T14:02', 'pay-1'),
    pay('pay-2', '2026-06-11T14:05', 5000, forOrder),
  ]),
  silent('two holds of which one is captured and one released charge once', [
    ...order,
    authorised('2026-06-11T14:01', 'pay-1', eur(5000), forOrder),
    authorised('2026-06-11T14:02', 'pay-2', eur(5000), forOrder),
    ended('voided', '2026-06-11T14:30', 'pay-1'),
    pay('pay-2', '2026-06-11T15:00', 5000, forOrder),
  ]),
  silent('captures within the authorised sum are shipments', [
    ...order,
    authorised('2026-06-11T14:01', 'pay-1', eur(5000), forOrder),
    pay('pay-1', '2026-06-12T14:02', 2500, { ...forOrder, captureId: 'c1' }),
    pay('pay-1', '2026-06-13T14:02', 2500, { ...forOrder, captureId: 'c2' }),
  ]),
  silent('a capture told again under another event id is still one', [
    ...order,
    pay('pay-1', '2026-06-11T14:02', 5000, forOrder),
    pay('pay-1', '2026-06-11T14:07', 5000, forOrder),
  ]),
  silent('the same idempotency key on another payment id is a retry', [
    ...order,
    pay('pay-1', '2026-06-11T14:02', 5000, { ...forOrder, idempotencyKey: 'cart-1' }),
    pay('pay-2', '2026-06-11T14:04', 5000, { ...forOrder, idempotencyKey: 'cart-1' }),
  ]),
  silent('an increased authorisation is not another charge', [
    placed('2026-06-11T14:00', eur(7000)),
    confirmed('2026-06-11T14:01'),
    authorised('2026-06-11T14:01', 'pay-1', eur(5000), forOrder),
    authorised('2026-06-11T18:01', 'pay-1', eur(7000), forOrder),
    pay('pay-1', '2026-06-12T14:02', 7000, forOrder),
  ]),
  silent('an expired hold that was authorised again charges once', [
    ...order,
    authorised('2026-06-11T14:01', 'pay-1', eur(5000), forOrder),
    ended('expired', '2026-06-18T14:01', 'pay-1'),
    authorised('2026-06-18T15:01', 'pay-2', eur(5000), forOrder),
    pay('pay-2', '2026-06-19T14:02', 5000, forOrder),
  ]),
  silent('two payments for other lines of one order within its total', [
    ...order,
    pay('pay-1', '2026-06-11T14:02', 2500, { ...forOrder, lineIds: ['l1'] }),
    pay('pay-2', '2026-06-11T14:03', 2500, { ...forOrder, lineIds: ['l2'] }),
  ]),
  story(
    'one payment debited twice on the statement',
    [
      ...order,
      pay('pay-1', '2026-06-11T14:02', 5000, forOrder),
      told('statement.line', '2026-06-13T06:00', {
        lineId: 'l1',
        bookedAt: '2026-06-12T06:00:00Z',
        amount: eur(5000),
        direction: 'debit',
        reference: 'pay-1',
      }),
      told('statement.line', '2026-06-14T06:00', {
        lineId: 'l2',
        bookedAt: '2026-06-13T06:00:00Z',
        amount: eur(5000),
        direction: 'debit',
        reference: 'pay-1',
      }),
    ],
    {
      expect: [
        {
          kind: 'duplicate-charge',
          confidence: 'certain',
          payments: ['pay-1'],
          loss: eur(5000),
          at: '2026-06-14T06:00:00Z',
          count: 1,
        },
      ],
      forbid: 'others',
      cases: { count: 1 },
    },
  ),
  story(
    'a second debit that the bank took back is cleared',
    [
      ...order,
      pay('pay-1', '2026-06-11T14:02', 5000, forOrder),
      ...(['debit', 'debit', 'credit'] as const).map((direction, index) =>
        told('statement.line', `2026-06-1${3 + index}T06:00`, {
          lineId: `l${index}`,
          bookedAt: `2026-06-1${3 + index}T06:00:00Z`,
          amount: eur(5000),
          direction,
          reference: 'pay-1',
        }),
      ),
    ],
    { expect: [{ kind: 'duplicate-charge', status: 'cleared' }], forbid: 'others' },
  ),
  story(
    'confidence rises under the same id when the order is told',
    [
      pay('pay-1', '2026-06-11T14:02', 5000, forOrder),
      pay('pay-2', '2026-06-11T14:05', 5000, forOrder),
      told('account.logged_in', '2026-06-11T18:00', {}),
      ...order,
    ],
    { expect: [{ kind: 'duplicate-charge', confidence: 'certain', at: '2026-06-11T14:05:00Z', ids: 1 }] },
  ),
  story(
    'a chargeback decided for the buyer clears the duplicate',
    [
      ...order,
      pay('pay-1', '2026-06-11T14:02', 5000, forOrder),
      pay('pay-2', '2026-06-11T14:05', 5000, forOrder),
      told('chargeback.opened', '2026-06-12T14:05', { chargebackId: 'cb', paymentId: 'pay-2', amount: eur(5000) }),
      told('chargeback.closed', '2026-06-20T14:05', { chargebackId: 'cb', paymentId: 'pay-2', outcome: 'buyer' }),
    ],
    { expect: [{ kind: 'duplicate-charge', status: 'cleared' }], cases: { open: 0 } },
  ),
  story(
    'an open chargeback stops the refund',
    [
      ...order,
      pay('pay-1', '2026-06-11T14:02', 5000, forOrder),
      told('chargeback.opened', '2026-06-11T14:04', { chargebackId: 'cb', paymentId: 'pay-2', amount: eur(5000) }),
      pay('pay-2', '2026-06-11T14:05', 5000, forOrder),
    ],
    {
      expect: [{ kind: 'duplicate-charge', loss: eur(5000) }],
      cases: { noAction: ['refund'], actions: [{ kind: 'refund', state: 'refused' }] },
    },
  ),
  story(
    'a chargeback decided for the merchant leaves the duplicate',
    [
      ...order,
      pay('pay-1', '2026-06-11T14:02', 5000, forOrder),
      pay('pay-2', '2026-06-11T14:05', 5000, forOrder),
      told('chargeback.closed', '2026-06-20T14:05', { chargebackId: 'cb', paymentId: 'pay-2', outcome: 'merchant' }),
    ],
    { expect: [{ kind: 'duplicate-charge', status: 'open' }] },
  ),
];

import type { Scenario } from '../scenario';
import { captured, confirmed, eur, otherCard, told } from '../told-events';
import { silent, story } from './story';

const pay = (paymentId: string, time: string, minor = 5000, more: object = {}) => captured(time, paymentId, eur(minor), more);
const ofOrder = (orderId: string) => ({ orderId });
const orderOf = (orderId: string, time: string, minor = 5000) =>
  told('order.placed', time, { orderId, merchantId: 'shop', total: eur(minor) });

/** Facts, "Duplicate charge", the tiers below certain: payments that no order joins. */
export const twins: readonly Scenario[] = [
  story(
    'twins within five minutes are likely, and ask a person',
    [pay('pay-1', '2026-06-11T14:02'), pay('pay-2', '2026-06-11T14:07')],
    {
      expect: [
        {
          kind: 'duplicate-charge',
          confidence: 'likely',
          payments: ['pay-1', 'pay-2'],
          loss: eur(5000),
          at: '2026-06-11T14:07:00Z',
          count: 1,
        },
      ],
      cases: { count: 1, actions: [{ kind: 'refund', state: 'awaiting_approval' }], noAction: ['refund'] },
    },
  ),
  story(
    'twins beyond five minutes and within a day are possible, and open no case',
    [pay('pay-1', '2026-06-11T14:02'), pay('pay-2', '2026-06-11T14:29')],
    { expect: [{ kind: 'duplicate-charge', confidence: 'possible', loss: eur(5000) }], cases: { count: 0 } },
  ),
  silent('twins more than a day apart are two purchases', [pay('pay-1', '2026-06-11T14:02'), pay('pay-2', '2026-06-12T14:03')]),
  ...[
    ['another amount', { amount: eur(5001) }],
    ['another currency', { amount: { minor: 5000, currency: 'USD' } }],
    ['another merchant', { merchantId: 'baker' }],
    ['another instrument', { instrument: otherCard }],
  ].map(([what, more]) =>
    silent(`no twins: ${String(what)}`, [
      pay('pay-1', '2026-06-11T14:02'),
      pay('pay-2', '2026-06-11T14:03', 5000, more as object),
    ]),
  ),
  silent(
    'five gifts in five orders, each confirmed',
    ['1', '2', '3', '4', '5'].flatMap((n) => [
      orderOf(`order-${n}`, `2026-06-11T14:0${n}`),
      pay(`pay-${n}`, `2026-06-11T14:0${n}`, 5000, ofOrder(`order-${n}`)),
      confirmed('2026-06-11T14:30', `order-${n}`),
    ]),
  ),
  story(
    'two orders of which one was never confirmed are no two purchases',
    [
      orderOf('order-1', '2026-06-11T14:00'),
      pay('pay-1', '2026-06-11T14:01', 5000, ofOrder('order-1')),
      orderOf('order-2', '2026-06-11T14:02'),
      pay('pay-2', '2026-06-11T14:03', 5000, ofOrder('order-2')),
      confirmed('2026-06-11T14:10', 'order-2'),
    ],
    {
      expect: [
        { kind: 'duplicate-charge', confidence: 'likely', payments: ['pay-1', 'pay-2'] },
        { kind: 'payment-unconfirmed', payments: ['pay-1'] },
      ],
      cases: { count: 1 },
    },
  ),
  silent('another period of a subscription', [
    pay('pay-1', '2026-06-11T14:02', 5000, { initiator: 'merchant', subscription: { id: 's', period: '2026-06' } }),
    pay('pay-2', '2026-06-11T14:03', 5000, { initiator: 'merchant', subscription: { id: 's', period: '2026-07' } }),
  ]),
  story(
    'one period of a subscription charged twice',
    [
      pay('pay-1', '2026-06-11T14:02', 5000, { initiator: 'merchant', subscription: { id: 's', period: '2026-06' } }),
      pay('pay-2', '2026-06-11T14:03', 5000, { initiator: 'merchant', subscription: { id: 's', period: '2026-06' } }),
    ],
    { expect: [{ kind: 'duplicate-charge', confidence: 'likely' }] },
  ),
  silent('a vending machine', [
    pay('pay-1', '2026-06-11T14:02', 200, { mcc: '5499' }),
    pay('pay-2', '2026-06-11T14:03', 200, { mcc: '5499' }),
  ]),
];

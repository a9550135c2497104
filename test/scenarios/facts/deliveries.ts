import type { Scenario } from '../scenario';
import { authorised, cancelled, captured, confirmed, eur, forOrder, placed, refund, told } from '../told-events';
import { silent, story } from './story';

const bought = (time: string, more: object = {}) => [
  placed(`${time}T10:00`, eur(4400), more),
  captured(`${time}T10:01`, 'pay-1', eur(4400), forOrder),
  confirmed(`${time}T10:02`),
];
const delivery = (step: string, time: string) => told(`delivery.${step}`, time, forOrder);
const payout = (step: string, time: string, more: object = {}) =>
  told(`payout.${step}`, time, { payoutId: 'out-1', merchantId: 'shop', orderId: 'order-1', amount: eur(4200), ...more });
const missed = (at: string) =>
  ({
    expect: [
      {
        kind: 'not-delivered',
        confidence: 'certain',
        orderId: 'order-1',
        payments: ['pay-1'],
        loss: eur(4400),
        at,
        count: 1,
        ids: 1,
      },
    ],
    forbid: 'others',
  }) as const;
const complain = (more: object) => told('complaint.filed', '2026-06-20T10:00', { complaintId: 'complaint-1', ...more });
const keyless = { accountId: undefined };

/** Facts, "Not delivered"; escrow; complaints. */
export const deliveries: readonly Scenario[] = [
  story(
    'not there on the promised day',
    bought('2026-06-01', { deliverBy: '2026-06-09T20:00:00Z' }),
    missed('2026-06-09T20:00:00Z'),
  ),
  story('no promise, and not sent within 30 days', bought('2026-05-20'), missed('2026-06-19T10:00:00Z')),
  story(
    'no promise, sent, and not there within 40 days',
    [...bought('2026-05-11'), delivery('shipped', '2026-05-20T10:00')],
    missed('2026-06-20T10:00:00Z'),
  ),
  silent('no promise, and 30 days have not passed', bought('2026-06-01')),
  silent('sent within 30 days, 40 have not passed', [...bought('2026-05-25'), delivery('shipped', '2026-06-20T10:00')]),
  silent('cancelled and refunded', [
    ...bought('2026-05-11'),
    cancelled('2026-05-12T10:00'),
    refund('submitted', '2026-05-12T11:00', eur(4400)),
    refund('succeeded', '2026-05-13T11:00', eur(4400)),
  ]),
  silent('never paid, never missed', [placed('2026-05-11T10:00', eur(4400)), confirmed('2026-05-11T10:01')]),
  story(
    'escrow left before the goods came',
    [
      ...bought('2026-06-01'),
      payout('held', '2026-06-01T10:05'),
      delivery('shipped', '2026-06-02T10:00'),
      payout('released', '2026-06-03T10:00'),
      payout('paid', '2026-06-04T10:00'),
    ],
    {
      expect: [
        {
          kind: 'paid-out-before-delivery',
          confidence: 'certain',
          orderId: 'order-1',
          loss: eur(4200),
          at: '2026-06-03T10:00:00Z',
          count: 1,
        },
      ],
      forbid: 'others',
    },
  ),
  story(
    'and they came after all',
    [
      ...bought('2026-06-01'),
      payout('held', '2026-06-01T10:05'),
      payout('released', '2026-06-03T10:00'),
      delivery('delivered', '2026-06-05T10:00'),
    ],
    { expect: [{ kind: 'paid-out-before-delivery', status: 'cleared', at: '2026-06-03T10:00:00Z' }], forbid: 'others' },
  ),
  silent('a payout that was never shown as held', [...bought('2026-06-01'), payout('paid', '2026-06-02T10:00')]),
  silent('a payout without an account says nothing of a delivery that it cannot see', [
    ...bought('2026-06-01'),
    payout('held', '2026-06-01T10:05', keyless),
    delivery('delivered', '2026-06-05T10:00'),
    payout('released', '2026-06-06T10:00', keyless),
  ]),
  story(
    'a complaint joins what was found about its order',
    [...bought('2026-05-20'), complain({ ...forOrder, about: 'delivery' })],
    {
      expect: [
        { kind: 'buyer-complaint', confidence: 'likely', loss: null, at: '2026-06-20T10:00:00Z', count: 1 },
        { kind: 'not-delivered' },
      ],
      forbid: 'others',
      cases: { count: 1, kinds: ['buyer-complaint', 'not-delivered'], loss: [eur(4400)] },
    },
  ),
  story(
    'and what is found later joins the complaint',
    [
      captured('2026-06-19T10:00', 'pay-0', eur(10)),
      authorised('2026-06-19T10:00', 'pay-1', eur(4400)),
      complain({ paymentId: 'pay-1', about: 'payment' }),
    ],
    {
      expect: [{ kind: 'buyer-complaint' }, { kind: 'stuck-hold', at: '2026-06-26T10:00:00Z' }],
      forbid: 'others',
      cases: { count: 1 },
    },
  ),
  story('a complaint about nothing in particular is a case of its own', [complain({ text: 'nobody answers' })], {
    expect: [{ kind: 'buyer-complaint', at: '2026-06-20T10:00:00Z' }],
    // 20 June is a Saturday; without a payment only weekends count: 15 working days end on Friday, 10 July.
    cases: { count: 1, open: 1, clockDue: ['2026-07-10T10:00:00Z', '2026-07-10T10:00:00Z'] },
  }),
];

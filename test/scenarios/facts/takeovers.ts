import type { Scenario } from '../scenario';
import { account, AWAY, captured, eur, HOME, otherCard, placed, refund, told, type ToldEvent } from '../told-events';
import { silent, story } from './story';

/** Eight purchases of 15.00 to 22.00 at home in May. */
const history = Array.from({ length: 8 }, (_, n): readonly ToldEvent[] => {
  const day = String(n * 3 + 1).padStart(2, '0');
  return [
    account('logged_in', `2026-05-${day}T18:00`, HOME),
    captured(`2026-05-${day}T18:05`, `hist-${n}`, eur(1500 + n * 100), { merchantId: `shop-${n}`, context: HOME }),
  ];
}).flat();
const big = (time: string, more: object = {}) => captured(time, 'pay-1', eur(90_000), { context: AWAY, ...more });
const reset = (time: string, context: object = AWAY) => account('password_changed', time, context, { how: 'reset' });
const sure = { kind: 'account-takeover', confidence: 'certain' } as const;
const two = { kind: 'account-takeover', confidence: 'likely' } as const;

/** Facts, "Account takeover". */
export const takeovers: readonly Scenario[] = [
  story(
    'reset, payout changed, a purchase of many times the usual',
    [
      ...history,
      account('logged_in', '2026-06-10T09:55', AWAY),
      reset('2026-06-10T10:00'),
      account('payout_changed', '2026-06-10T11:00', AWAY),
      big('2026-06-10T12:00'),
    ],
    {
      expect: [{ ...sure, paymentIds: ['pay-1'], loss: eur(90_000), at: '2026-06-10T11:00:00Z', ids: 1 }],
      cases: {
        count: 1,
        actions: [
          { kind: 'freeze', state: 'approved' },
          { kind: 'notify', state: 'approved' },
        ],
      },
    },
  ),
  story(
    'two of three are likely, step up and hold',
    [...history, reset('2026-06-10T10:00'), account('contact_changed', '2026-06-10T11:00', AWAY)],
    {
      expect: [{ ...two, loss: null, at: '2026-06-10T11:00:00Z' }],
      cases: { count: 1, actionKinds: ['step_up', 'hold_payout'], noAction: ['freeze', 'step_up', 'hold_payout', 'notify'] },
    },
  ),
  story(
    'a phishing report counts as a credential event',
    [
      ...history,
      account('phishing_reported', '2026-06-10T10:00', undefined),
      account('address_changed', '2026-06-10T11:00', AWAY),
      big('2026-06-10T12:00'),
    ],
    { expect: [{ ...sure, loss: eur(90_000) }] },
  ),
  story(
    'failed log-ins, then one that works, then a gift card',
    [
      ...history,
      ...[0, 1, 2, 3, 4, 5].map((n) => account('login_failed', `2026-06-10T10:0${n}`, AWAY)),
      account('logged_in', '2026-06-10T10:07', AWAY),
      placed('2026-06-10T10:20', eur(2000), { giftCard: true, context: AWAY }),
      captured('2026-06-10T10:21', 'pay-1', eur(2000), { orderId: 'order-1', context: AWAY }),
      told('order.confirmed', '2026-06-10T10:22', { orderId: 'order-1' }),
    ],
    { expect: [{ ...two, loss: eur(2000), paymentIds: ['pay-1'] }] },
  ),
  story(
    'a refund to a new instrument is value',
    [
      ...history,
      reset('2026-06-10T10:00'),
      account('payout_changed', '2026-06-10T11:00', AWAY),
      refund('succeeded', '2026-06-10T12:00', eur(1500), { paymentId: 'hist-0', instrument: otherCard }),
    ],
    { expect: [{ ...sure, loss: null }, { kind: 'refund-wrong-instrument' }] },
  ),
  story(
    'a chargeback decided for the buyer clears the takeover that took that payment',
    [
      ...history,
      reset('2026-06-10T10:00'),
      account('payout_changed', '2026-06-10T11:00', AWAY),
      big('2026-06-10T12:00'),
      told('chargeback.opened', '2026-06-12T14:05', { chargebackId: 'cb', paymentId: 'pay-1', amount: eur(90_000) }),
      told('chargeback.closed', '2026-06-20T14:05', { chargebackId: 'cb', paymentId: 'pay-1', outcome: 'buyer' }),
    ],
    { expect: [{ ...sure, status: 'cleared' }] },
  ),
  story(
    'two log-ins an hour and 5,200 km apart ask for a step-up, and join the takeover that follows',
    [
      ...history,
      account('logged_in', '2026-06-10T09:00', HOME),
      account('logged_in', '2026-06-10T10:00', AWAY),
      account('payout_changed', '2026-06-10T10:10', AWAY),
      big('2026-06-10T11:00'),
    ],
    {
      expect: [
        { kind: 'impossible-travel', confidence: 'likely', loss: null, at: '2026-06-10T10:00:00Z', count: 1 },
        { ...sure, loss: eur(90_000), at: '2026-06-10T10:10:00Z' },
      ],
      cases: { count: 1, actionKinds: ['freeze', 'step_up'], noAction: ['step_up'] },
    },
  ),
  silent('two log-ins as far apart as a flight takes', [
    ...history,
    account('logged_in', '2026-06-10T04:00', HOME),
    account('logged_in', '2026-06-10T10:00', AWAY),
  ]),
  silent('a step-up that passed after the reset', [
    ...history,
    reset('2026-06-10T10:00'),
    account('step_up_passed', '2026-06-10T10:05', HOME),
    account('payout_changed', '2026-06-10T11:00', AWAY),
    big('2026-06-10T12:00'),
  ]),
  silent('travel was announced', [
    ...history,
    told('account.travel_announced', '2026-06-08T10:00', {
      country: 'NG',
      from: '2026-06-09T00:00:00Z',
      to: '2026-06-20T00:00:00Z',
    }),
    account('logged_in', '2026-06-10T10:00', AWAY),
    big('2026-06-10T12:00'),
  ]),
  silent('only a recurring payment followed the reset', [
    ...history,
    reset('2026-06-10T10:00'),
    big('2026-06-10T12:00', { initiator: 'merchant', subscription: { id: 's', period: '6' } }),
  ]),
  silent('more than a day lies between', [
    ...history,
    reset('2026-06-10T10:00'),
    account('payout_changed', '2026-06-11T10:01', AWAY),
  ]),
  silent('one of three', [...history, reset('2026-06-10T10:00')]),
  silent('a purchase of the usual size after a reset', [
    ...history,
    reset('2026-06-10T10:00'),
    captured('2026-06-10T12:00', 'pay-1', eur(1500), { context: AWAY }),
  ]),
  silent('an old password was changed for a new one at home', [
    ...history,
    account('password_changed', '2026-06-10T10:00', HOME, { how: 'change' }),
    account('address_changed', '2026-06-10T11:00', HOME),
  ]),
  silent('travel was announced: the hotel’s address, and an unusual purchase there', [
    ...history,
    told('account.travel_announced', '2026-06-08T10:00', {
      country: 'NG',
      from: '2026-06-09T00:00:00Z',
      to: '2026-06-20T00:00:00Z',
    }),
    account('logged_in', '2026-06-10T10:00', AWAY),
    account('address_changed', '2026-06-10T10:20', AWAY),
    big('2026-06-10T12:00'),
  ]),
  story(
    'travel was announced, but the buyer says that the password was given away',
    [
      ...history,
      told('account.travel_announced', '2026-06-08T10:00', {
        country: 'NG',
        from: '2026-06-09T00:00:00Z',
        to: '2026-06-20T00:00:00Z',
      }),
      account('phishing_reported', '2026-06-10T10:00', undefined),
      account('payout_changed', '2026-06-10T10:20', AWAY),
      big('2026-06-10T12:00'),
    ],
    { expect: [{ kind: 'account-takeover', confidence: 'certain', at: '2026-06-10T10:20:00Z' }] },
  ),
];

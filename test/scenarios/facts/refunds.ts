import type { Scenario } from '../scenario';
import { captured, card, confirmed, eur, forOrder, otherCard, placed, refund, told } from '../told-events';
import { money, silent, story } from './story';

const paid = [
  placed('2026-05-04T10:00', eur(5000)),
  captured('2026-05-04T10:01', 'pay-1', eur(5000), forOrder),
  confirmed('2026-05-04T10:02'),
  told('delivery.delivered', '2026-05-06T10:00', forOrder),
];
/** The provider shows postings: a refund of another payment that went well. */
const shows = (provider: string) => [
  captured('2026-05-04T11:00', 'pay-0', eur(700), { provider }),
  refund('succeeded', '2026-05-05T11:00', eur(700), { refundId: 'refund-0', paymentId: 'pay-0' }),
  refund('posted', '2026-05-06T11:00', eur(700), { refundId: 'refund-0', paymentId: 'pay-0' }),
];
const overdue = (at: string, minor = 5000) =>
  ({
    expect: [{ kind: 'refund-overdue', confidence: 'certain', payments: ['pay-1'], loss: eur(minor), at, count: 1, ids: 1 }],
    forbid: 'others',
  }) as const;
/** A refund to an instrument that succeeded on Monday, 1 June, 10:00, and is not posted where the provider shows postings. */
const notPosted = (name: string, instrument: object, at: string, currency = 'EUR'): Scenario =>
  story(
    `not posted: ${name}`,
    [
      ...shows('psp'),
      captured('2026-05-04T10:01', 'pay-1', money(5000, currency), { instrument }),
      refund('succeeded', '2026-06-01T10:00', money(5000, currency)),
    ],
    { expect: [{ kind: 'refund-overdue', payments: ['pay-1'], loss: money(5000, currency), at }], forbid: 'others' },
  );

/** Facts, "Refunds". */
export const refunds: readonly Scenario[] = [
  story(
    'requested on a Friday and not decided: seven working days',
    [...paid, refund('requested', '2026-06-05T10:00', eur(5000))],
    overdue('2026-06-16T10:00:00Z'),
  ),
  story(
    'approved on a Friday and not submitted: two working days',
    [...paid, refund('approved', '2026-06-05T10:00', eur(5000))],
    overdue('2026-06-09T10:00:00Z'),
  ),
  story(
    'submitted on a Friday and not succeeded: five working days',
    [...paid, refund('submitted', '2026-06-05T10:00', eur(5000))],
    overdue('2026-06-12T10:00:00Z'),
  ),
  story(
    'failed before success and not issued again: two working days',
    [...paid, refund('submitted', '2026-06-04T10:00', eur(5000)), refund('failed', '2026-06-05T10:00', eur(5000))],
    overdue('2026-06-09T10:00:00Z'),
  ),
  silent('failed, issued again within two working days, succeeded', [
    ...paid,
    refund('submitted', '2026-06-04T10:00', eur(5000)),
    refund('failed', '2026-06-05T10:00', eur(5000)),
    refund('submitted', '2026-06-09T09:00', eur(5000), { refundId: 'refund-2' }),
    refund('succeeded', '2026-06-10T09:00', eur(5000), { refundId: 'refund-2' }),
  ]),
  silent('requested and rejected', [
    ...paid,
    refund('requested', '2026-06-05T10:00', eur(5000)),
    refund('rejected', '2026-06-15T10:00', eur(5000)),
  ]),
  silent('every step in its time', [
    ...paid,
    refund('requested', '2026-06-01T10:00', eur(5000)),
    refund('approved', '2026-06-10T10:00', eur(5000)),
    refund('submitted', '2026-06-12T10:00', eur(5000)),
    refund('succeeded', '2026-06-19T10:00', eur(5000)),
  ]),
  story(
    'a step that came late clears it',
    [
      ...paid,
      refund('approved', '2026-06-05T10:00', eur(5000)),
      refund('submitted', '2026-06-10T10:00', eur(5000)),
      refund('succeeded', '2026-06-11T10:00', eur(5000)),
    ],
    {
      expect: [{ kind: 'refund-overdue', status: 'cleared', at: '2026-06-09T10:00:00Z' }],
      forbid: 'others',
      cases: { healed: 1 },
    },
  ),
  silent('what was posted was refunded, whatever the steps before it', [
    ...paid,
    refund('submitted', '2026-06-01T10:00', eur(5000)),
    refund('posted', '2026-06-05T10:00', eur(5000)),
  ]),
  notPosted('a card, ten working days', card, '2026-06-15T10:00:00Z'),
  // 19 June is a holiday in the United States, 4 July lies behind.
  notPosted('a card of the United States, ten working days', { ...card, country: 'US' }, '2026-06-15T10:00:00Z', 'USD'),
  notPosted('a bank account, ten days', { kind: 'bank_account', fingerprint: 'iban-1' }, '2026-06-11T10:00:00Z'),
  notPosted('UPI, seven days', { kind: 'upi', fingerprint: 'upi-1' }, '2026-06-08T10:00:00Z', 'INR'),
  notPosted('a wallet, three days', { kind: 'wallet', fingerprint: 'wallet-1' }, '2026-06-04T10:00:00Z'),
  silent('a provider that never shows postings cannot miss one', [...paid, refund('succeeded', '2026-06-01T10:00', eur(5000))]),
  silent('what another provider shows says nothing of this one', [
    ...shows('other-psp'),
    ...paid,
    refund('succeeded', '2026-06-01T10:00', eur(5000)),
  ]),
  silent('a credit on the statement that names the refund is its posting', [
    ...shows('psp'),
    ...paid,
    refund('succeeded', '2026-06-01T10:00', eur(5000)),
    ...[
      ['l0', 'pay-0', 700, 'debit'],
      ['l1', 'pay-1', 5000, 'debit'],
      ['l2', 'refund-0', 700, 'credit'],
      ['l3', 'refund-1', 5000, 'credit'],
    ].map(([lineId, reference, minor, direction]) =>
      told('statement.line', '2026-06-03T10:00', {
        lineId,
        bookedAt: '2026-06-03T10:00:00Z',
        amount: eur(minor as number),
        direction,
        reference,
      }),
    ),
  ]),
  story(
    'a refund fails after it succeeded',
    [...paid, refund('succeeded', '2026-06-01T10:00', eur(5000)), refund('failed', '2026-06-03T10:00', eur(5000))],
    {
      expect: [
        { kind: 'refund-failed', confidence: 'certain', payments: ['pay-1'], loss: eur(5000), at: '2026-06-03T10:00:00Z' },
      ],
      allow: ['refund-overdue'],
      forbid: 'others',
      cases: { count: 1, loss: [eur(5000)] },
    },
  ),
  story(
    '6.95 was approved and 6.00 came',
    [
      ...paid,
      refund('approved', '2026-06-01T10:00', eur(695)),
      refund('submitted', '2026-06-01T11:00', eur(695)),
      refund('succeeded', '2026-06-02T10:00', eur(600)),
    ],
    {
      expect: [{ kind: 'refund-amount-wrong', confidence: 'certain', loss: eur(95), at: '2026-06-02T10:00:00Z' }],
      forbid: 'others',
      cases: { actions: [{ kind: 'refund', state: 'approved', paymentId: 'pay-1', amount: eur(95) }] },
    },
  ),
  story(
    'a refund of nothing is not a full one',
    [
      ...paid,
      refund('approved', '2026-06-01T10:00', eur(5000)),
      refund('submitted', '2026-06-01T11:00', eur(5000)),
      refund('succeeded', '2026-06-02T10:00', eur(0)),
    ],
    { expect: [{ kind: 'refund-amount-wrong', loss: eur(5000) }], forbid: 'others' },
  ),
  silent('a declared fee was kept back', [
    ...paid,
    told('fee.charged', '2026-06-01T09:00', {
      feeId: 'fee-1',
      kind: 'return',
      amount: eur(500),
      orderId: 'order-1',
      disclosed: true,
    }),
    refund('approved', '2026-06-01T10:00', eur(5000)),
    refund('submitted', '2026-06-01T11:00', eur(5000)),
    refund('succeeded', '2026-06-02T10:00', eur(4500)),
  ]),
  story(
    'refunds above what was captured',
    [
      ...paid,
      refund('succeeded', '2026-06-01T10:00', eur(3000)),
      refund('succeeded', '2026-06-02T10:00', eur(3000), { refundId: 'refund-2' }),
    ],
    {
      expect: [{ kind: 'refund-amount-wrong', loss: null, at: '2026-06-02T10:00:00Z', count: 1 }],
      forbid: 'others',
      cases: { noAction: ['refund'] },
    },
  ),
  story(
    'a refund in another currency without a declared rate',
    [...paid, refund('succeeded', '2026-06-01T10:00', money(5400, 'USD'))],
    { expect: [{ kind: 'refund-amount-wrong', confidence: 'likely', loss: null }], forbid: 'others' },
  ),
  silent('a refund in another currency at the declared rate, rounded', [
    ...paid,
    refund('succeeded', '2026-06-01T10:00', money(5399, 'USD'), { exchange: { from: eur(5000), rate: 1.08 } }),
  ]),
  story(
    'a refund to another instrument',
    [...paid, refund('succeeded', '2026-06-01T10:00', eur(5000), { instrument: otherCard })],
    {
      expect: [
        {
          kind: 'refund-wrong-instrument',
          confidence: 'certain',
          payments: ['pay-1'],
          loss: eur(5000),
          at: '2026-06-01T10:00:00Z',
        },
      ],
      forbid: 'others',
      cases: { count: 1, noAction: ['refund'] },
    },
  ),
  silent('a refund to the instrument that paid', [
    ...paid,
    refund('succeeded', '2026-06-01T10:00', eur(5000), { instrument: card }),
  ]),
  story(
    'a chargeback decided for the buyer clears an overdue refund',
    [
      ...paid,
      refund('approved', '2026-06-05T10:00', eur(5000)),
      told('chargeback.opened', '2026-06-11T14:05', { chargebackId: 'cb', paymentId: 'pay-1', amount: eur(5000) }),
      told('chargeback.closed', '2026-06-20T14:05', { chargebackId: 'cb', paymentId: 'pay-1', outcome: 'buyer' }),
    ],
    { expect: [{ kind: 'refund-overdue', status: 'cleared', at: '2026-06-09T10:00:00Z' }], forbid: 'others', cases: { open: 0 } },
  ),
  story(
    'rejected, then approved after all, and not submitted: two working days from the approval',
    [
      ...paid,
      refund('requested', '2026-06-01T10:00', eur(5000)),
      refund('rejected', '2026-06-02T10:00', eur(5000)),
      refund('approved', '2026-06-05T10:00', eur(5000)),
    ],
    overdue('2026-06-09T10:00:00Z'),
  ),
  story(
    'rejected, then requested again and not decided: seven working days from there',
    [
      ...paid,
      refund('requested', '2026-06-01T10:00', eur(5000)),
      refund('rejected', '2026-06-02T10:00', eur(5000)),
      refund('requested', '2026-06-05T10:00', eur(5000)),
    ],
    overdue('2026-06-16T10:00:00Z'),
  ),
  silent('the newest approval says how much', [
    ...paid,
    refund('approved', '2026-06-01T10:00', eur(5000)),
    refund('approved', '2026-06-01T12:00', eur(3000)),
    refund('succeeded', '2026-06-02T10:00', eur(3000)),
  ]),
  story(
    'the bank posted less than had succeeded',
    [...paid, refund('succeeded', '2026-06-02T10:00', eur(5000)), refund('posted', '2026-06-04T10:00', eur(4900))],
    {
      expect: [
        {
          kind: 'refund-amount-wrong',
          confidence: 'certain',
          payments: ['pay-1'],
          loss: eur(100),
          at: '2026-06-04T10:00:00Z',
          count: 1,
        },
      ],
      forbid: 'others',
    },
  ),
  story(
    'sent short, and posted with less still',
    [
      ...paid,
      refund('approved', '2026-06-01T10:00', eur(5000)),
      refund('succeeded', '2026-06-02T10:00', eur(4500)),
      refund('posted', '2026-06-04T10:00', eur(4400)),
    ],
    { expect: [{ kind: 'refund-amount-wrong', loss: eur(600), at: '2026-06-02T10:00:00Z', ids: 1 }], forbid: 'others' },
  ),
  silent('the bank posted a declared conversion at its own rate', [
    ...paid,
    refund('succeeded', '2026-06-02T10:00', money(5400, 'USD'), { exchange: { from: eur(5000), rate: 1.08 } }),
    refund('posted', '2026-06-04T10:00', money(5350, 'USD')),
  ]),
  story(
    'only the submission said where it went: to another card',
    [
      ...paid,
      refund('submitted', '2026-06-01T10:00', eur(5000), { instrument: otherCard }),
      refund('succeeded', '2026-06-02T10:00', eur(5000)),
    ],
    { expect: [{ kind: 'refund-wrong-instrument', loss: eur(5000), at: '2026-06-02T10:00:00Z', count: 1 }], forbid: 'others' },
  ),
];

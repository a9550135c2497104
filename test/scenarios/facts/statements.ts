import type { Scenario } from '../scenario';
import { captured, card, eur, refund, told } from '../told-events';
import { money, silent, story } from './story';

const line = (lineId: string, time: string, minor: number, more: object = {}) =>
  told('statement.line', time, { lineId, bookedAt: `${time}:00Z`, amount: eur(minor), direction: 'debit', ...more });
const named = (lineId: string, time: string, minor: number, reference: string) => line(lineId, time, minor, { reference });
/** The account shows statement lines from May on. */
const shows = [captured('2026-05-04T10:00', 'pay-0', eur(700)), named('l0', '2026-05-05T06:00', 700, 'pay-0')];
const report = (time: string, minor: number) => told('wallet.balance_reported', time, { balance: money(minor, 'GBP') });
const entry = (what: 'credited' | 'debited', time: string, entryId: string, minor: number) =>
  told(`wallet.${what}`, time, { entryId, amount: money(minor, 'GBP') });
const limit = (per: string, minor: number, time = '2026-05-01T00:00') =>
  told('account.limit_set', time, { per, limit: eur(minor) });
const pay = (paymentId: string, time: string, minor: number, more: object = {}) =>
  captured(time, paymentId, eur(minor), { merchantId: paymentId, ...more });

/** A refund that succeeded, of a payment whose line was seen. */
const credited = [
  captured('2026-06-01T10:00', 'pay-1', eur(5000)),
  named('l1', '2026-06-02T06:00', 5000, 'pay-1'),
  refund('succeeded', '2026-06-03T10:00', eur(5000)),
];

/** Interface, "Coverage"; facts, statement lines, wallets and limits. */
export const statements: readonly Scenario[] = [
  silent('one payment, its line', [
    ...shows,
    captured('2026-06-01T10:00', 'pay-1', eur(5000)),
    named('l1', '2026-06-02T06:00', 5000, 'pay-1'),
  ]),
  silent('one payment, a line without a reference', [
    ...shows,
    captured('2026-06-01T10:00', 'pay-1', eur(5000)),
    line('l1', '2026-06-02T06:00', 5000),
  ]),
  silent('two captures of one payment, a line each', [
    ...shows,
    captured('2026-06-01T10:00', 'pay-1', eur(2000), { captureId: 'c1' }),
    captured('2026-06-03T10:00', 'pay-1', eur(3000), { captureId: 'c2' }),
    named('l1', '2026-06-02T06:00', 2000, 'pay-1'),
    named('l2', '2026-06-04T06:00', 3000, 'pay-1'),
  ]),
  silent('two captures of one payment, one line', [
    ...shows,
    captured('2026-06-01T10:00', 'pay-1', eur(2000), { captureId: 'c1' }),
    captured('2026-06-01T12:00', 'pay-1', eur(3000), { captureId: 'c2' }),
    named('l1', '2026-06-02T06:00', 5000, 'pay-1'),
  ]),
  story('a debit that nobody can explain, ten working days later', [...shows, line('l1', '2026-06-01T06:00', 4200)], {
    expect: [{ kind: 'statement-without-order', account: 'buyer', loss: eur(4200), at: '2026-06-15T06:00:00Z', count: 1 }],
    forbid: 'others',
    cases: { count: 1 },
  }),
  silent('a credit needs no order', [...shows, line('l1', '2026-06-01T06:00', 4200, { direction: 'credit' })]),
  story(
    'a line without an account',
    [
      told('statement.line', '2026-06-01T06:00', {
        accountId: undefined,
        lineId: 'l1',
        bookedAt: '2026-06-01T06:00:00Z',
        amount: eur(4200),
        direction: 'debit',
      }),
    ],
    {
      expect: [{ kind: 'statement-without-order', scope: { kind: 'statement', key: 'l1' }, loss: eur(4200) }],
      forbid: 'others',
      cases: { count: 1 },
    },
  ),
  story('a payment without its line, ten working days later', [...shows, captured('2026-06-01T10:00', 'pay-1', eur(5000))], {
    expect: [{ kind: 'order-without-statement', payments: ['pay-1'], loss: null, at: '2026-06-15T10:00:00Z', count: 1 }],
    forbid: 'others',
  }),
  silent('an account that never showed a line cannot miss one', [captured('2026-05-01T10:00', 'pay-1', eur(5000))]),
  silent('a payment that was refunded in full needs no line', [
    ...shows,
    captured('2026-06-01T10:00', 'pay-1', eur(5000)),
    refund('succeeded', '2026-06-01T12:00', eur(5000)),
  ]),
  story(
    'the bank debits more than was captured',
    [...shows, captured('2026-06-01T10:00', 'pay-1', eur(5000)), named('l1', '2026-06-02T06:00', 5150, 'pay-1')],
    {
      expect: [{ kind: 'statement-amount-differs', payments: ['pay-1'], loss: eur(150), at: '2026-06-02T06:00:00Z', count: 1 }],
      forbid: 'others',
    },
  ),
  story(
    'the bank debits less',
    [...shows, captured('2026-06-01T10:00', 'pay-1', eur(5000)), named('l1', '2026-06-02T06:00', 4900, 'pay-1')],
    {
      expect: [{ kind: 'statement-amount-differs', payments: ['pay-1'], loss: null }],
      forbid: 'others',
    },
  ),
  silent('a wallet that adds up', [
    report('2026-06-01T10:00', 4000),
    entry('credited', '2026-06-02T10:00', 'w1', 2500),
    entry('debited', '2026-06-03T10:00', 'w2', 1000),
    report('2026-06-04T10:00', 5500),
  ]),
  story('a balance shown too high is no loss', [report('2026-06-01T10:00', 4000), report('2026-06-04T10:00', 5500)], {
    expect: [{ kind: 'balance-differs', loss: null, at: '2026-06-04T10:00:00Z' }],
    forbid: 'others',
  }),
  silent('the first balance opens the wallet, entries before it are in it', [
    entry('credited', '2026-05-30T10:00', 'w1', 2500),
    report('2026-06-01T10:00', 4000),
    report('2026-06-04T10:00', 4000),
  ]),
  story(
    'a balance that is put right',
    [
      report('2026-06-01T10:00', 4000),
      entry('credited', '2026-06-02T10:00', 'w1', 2500),
      report('2026-06-03T10:00', 4000),
      report('2026-06-05T10:00', 6500),
    ],
    {
      expect: [{ kind: 'balance-differs', status: 'cleared', loss: money(2500, 'GBP'), at: '2026-06-03T10:00:00Z' }],
      cases: { healed: 1 },
    },
  ),
  silent(
    'an entry told late explains a balance',
    [report('2026-06-01T10:00', 4000), report('2026-06-03T10:00', 6500), entry('credited', '2026-06-02T10:00', 'w1', 2500)],
    { forbid: [], notOpen: ['balance-differs'] },
  ),
  story(
    'a limit per payment',
    [limit('payment', 10_000), pay('pay-1', '2026-06-01T10:00', 10_000), pay('pay-2', '2026-06-02T10:00', 12_000)],
    {
      expect: [
        {
          kind: 'limit-exceeded',
          confidence: 'certain',
          payments: ['pay-2'],
          loss: eur(2_000),
          at: '2026-06-02T10:00:00Z',
          count: 1,
        },
      ],
      forbid: 'others',
    },
  ),
  story(
    'a limit per day, by UTC',
    [
      limit('day', 10_000),
      pay('pay-1', '2026-06-01T23:59', 8_000),
      pay('pay-2', '2026-06-02T00:01', 8_000),
      pay('pay-3', '2026-06-02T23:59', 5_000),
    ],
    {
      expect: [{ kind: 'limit-exceeded', payments: ['pay-3'], loss: eur(3_000), at: '2026-06-02T23:59:00Z', count: 1 }],
      forbid: 'others',
    },
  ),
  story(
    'a limit per month, gross of refunds',
    [
      limit('month', 10_000),
      pay('pay-1', '2026-05-31T23:00', 8_000),
      pay('pay-2', '2026-06-01T10:00', 8_000),
      refund('succeeded', '2026-06-02T10:00', eur(8_000), { paymentId: 'pay-2' }),
      pay('pay-3', '2026-06-20T10:00', 5_000),
    ],
    {
      expect: [{ kind: 'limit-exceeded', payments: ['pay-3'], loss: eur(3_000), at: '2026-06-20T10:00:00Z', count: 1 }],
      forbid: 'others',
    },
  ),
  silent('what the merchant initiates does not count', [
    limit('day', 10_000),
    pay('pay-1', '2026-06-01T10:00', 8_000),
    pay('pay-2', '2026-06-01T12:00', 8_000, { initiator: 'merchant', subscription: { id: 's', period: '6' }, instrument: card }),
  ]),
  story(
    'captures of one payment count on the day on which each was made',
    [
      limit('day', 10_000),
      captured('2026-06-02T20:00', 'pay-1', eur(6_000), { captureId: 'c1' }),
      captured('2026-06-03T08:00', 'pay-1', eur(6_000), { captureId: 'c2' }),
      captured('2026-06-03T09:00', 'pay-2', eur(7_000), { merchantId: 'baker' }),
    ],
    {
      expect: [{ kind: 'limit-exceeded', payments: ['pay-2'], loss: eur(3_000), at: '2026-06-03T09:00:00Z', count: 1 }],
      forbid: [],
    },
  ),
  silent('the newest limit holds', [
    limit('day', 5_000),
    limit('day', 20_000, '2026-05-20T00:00'),
    pay('pay-1', '2026-06-01T10:00', 15_000),
  ]),
  silent('a limit in another currency', [limit('day', 5_000), captured('2026-06-01T10:00', 'pay-1', money(15_000, 'USD'))]),
  silent('two captures of one payment, a line each, without a reference', [
    ...shows,
    captured('2026-06-01T10:00', 'pay-1', eur(2000), { captureId: 'c1' }),
    captured('2026-06-03T10:00', 'pay-1', eur(3000), { captureId: 'c2' }),
    line('l1', '2026-06-02T06:00', 2000),
    line('l2', '2026-06-04T06:00', 3000),
  ]),
  ...(['voucher', 'balance'] as const).map((kind) =>
    silent(`money that no bank can show: ${kind}`, [
      ...shows,
      captured('2026-06-01T10:00', 'pay-1', eur(5000), { instrument: { kind, fingerprint: 'own' } }),
    ]),
  ),
  story(
    'the bank credits less than the refund',
    [...credited, line('l2', '2026-06-05T06:00', 4800, { direction: 'credit', reference: 'refund-1' })],
    {
      expect: [
        {
          kind: 'statement-amount-differs',
          confidence: 'certain',
          payments: ['pay-1'],
          loss: eur(200),
          at: '2026-06-05T06:00:00Z',
          count: 1,
        },
      ],
      forbid: 'others',
      cases: { count: 1, noAction: ['refund'] },
    },
  ),
  story(
    'the bank credits the rest later',
    [
      ...credited,
      line('l2', '2026-06-05T06:00', 4800, { direction: 'credit', reference: 'refund-1' }),
      line('l3', '2026-06-08T06:00', 200, { direction: 'credit', reference: 'refund-1' }),
    ],
    {
      expect: [{ kind: 'statement-amount-differs', status: 'cleared', loss: eur(200), at: '2026-06-05T06:00:00Z' }],
      forbid: 'others',
      cases: { open: 0, healed: 1 },
    },
  ),
  silent('the bank credits the refund', [
    ...credited,
    line('l2', '2026-06-05T06:00', 5000, { direction: 'credit', reference: 'refund-1' }),
  ]),
  story(
    'credited as posted, which was less than had succeeded: one claim',
    [
      ...credited,
      refund('posted', '2026-06-05T05:00', eur(4800)),
      line('l2', '2026-06-05T06:00', 4800, { direction: 'credit', reference: 'refund-1' }),
    ],
    { expect: [{ kind: 'refund-amount-wrong', loss: eur(200), at: '2026-06-05T05:00:00Z', count: 1 }], forbid: 'others' },
  ),
];

import type { Scenario } from '../scenario';
import { authorised, captured, cancelled, card, confirmed, created, ended, eur, forOrder, placed, told } from '../told-events';
import { money, silent, story } from './story';

const instrument = (scheme: string, more: object = {}) => ({
  instrument: { kind: 'card', fingerprint: 'card-1', scheme, ...more },
});
/** Held on Monday, 1 June, 10:00, and never heard of again: `at` is when it is stuck. */
const held = (name: string, more: object, at: string, currency = 'EUR'): Scenario =>
  story(`a hold: ${name}`, [authorised('2026-06-01T10:00', 'pay-1', money(5000, currency), more)], {
    expect: [{ kind: 'stuck-hold', confidence: 'certain', payments: ['pay-1'], loss: money(5000, currency), at, count: 1 }],
    forbid: 'others',
    cases: { count: 1, actions: [{ kind: 'void', state: 'approved', paymentId: 'pay-1' }], noAction: ['refund'] },
  });
const merchant = { initiator: 'merchant' };
const inPerson = { presence: 'in_person' };

const startedAt = '2026-06-01T10:00';
/** Started on Monday, 1 June, 10:00, in a currency, with an instrument: `at` is when its outcome is missed. */
const unconfirmed = (name: string, kind: object, currency: string, at: string, minor = 5000): readonly Scenario[] => [
  story(`started, no outcome: ${name}`, [created(startedAt, 'pay-1', money(minor, currency), { instrument: kind })], {
    expect: [
      { kind: 'payment-unconfirmed', confidence: 'certain', payments: ['pay-1'], loss: money(minor, currency), at, count: 1 },
    ],
    forbid: 'others',
  }),
  story(
    `debited, not confirmed: ${name}`,
    [
      placed(startedAt, money(minor, currency)),
      captured(startedAt, 'pay-1', money(minor, currency), { instrument: kind, ...forOrder }),
    ],
    { expect: [{ kind: 'payment-unconfirmed', payments: ['pay-1'], orderId: 'order-1', at, count: 1 }], forbid: 'others' },
  ),
];
const bank = (scheme: string) => ({ kind: 'bank_account', fingerprint: 'iban-1', scheme });
const freeze = (what: 'frozen' | 'unfrozen', time: string, more: object = {}) =>
  told(`funds.${what}`, time, { freezeId: 'freeze-1', ...more });

/** Facts, "Holds and stuck funds". */
export const holds: readonly Scenario[] = [
  held('Visa online, 7 days', instrument('visa'), '2026-06-08T10:00:00Z'),
  held('Visa by the merchant, 4 days 18 hours', { ...instrument('visa'), ...merchant }, '2026-06-06T04:00:00Z'),
  held('Visa in person, 5 days', { ...instrument('visa'), ...inPerson }, '2026-06-06T10:00:00Z'),
  held('Mastercard online, 7 days', instrument('mastercard'), '2026-06-08T10:00:00Z'),
  held('Mastercard by the merchant, 7 days', { ...instrument('mastercard'), ...merchant }, '2026-06-08T10:00:00Z'),
  held('Mastercard in person, 2 days', { ...instrument('mastercard'), ...inPerson }, '2026-06-03T10:00:00Z'),
  held('Mastercard in India, 4 days', instrument('mastercard', { country: 'IN' }), '2026-06-05T10:00:00Z', 'INR'),
  held('Amex in person, 2 days', { ...instrument('amex'), ...inPerson }, '2026-06-03T10:00:00Z'),
  held('Amex by the merchant, 7 days', { ...instrument('amex'), ...merchant }, '2026-06-08T10:00:00Z'),
  held('Discover in person, 2 days', { ...instrument('discover'), ...inPerson }, '2026-06-03T10:00:00Z'),
  held('Discover online, 7 days', instrument('discover'), '2026-06-08T10:00:00Z'),
  held('Klarna, 28 days', { instrument: { kind: 'other', fingerprint: 'k-1', scheme: 'klarna' } }, '2026-06-29T10:00:00Z'),
  held(
    'the provider’s own date beats the table, earlier',
    { ...instrument('visa'), captureBefore: '2026-06-04T09:00:00Z' },
    '2026-06-04T09:00:00Z',
  ),
  held(
    'the provider’s own date beats the table, later',
    { ...instrument('visa'), captureBefore: '2026-06-29T09:00:00Z' },
    '2026-06-29T09:00:00Z',
  ),
  silent('an extended hold that has time left', [
    authorised(startedAt, 'pay-1', eur(5000), { captureBefore: '2026-07-01T09:00:00Z' }),
  ]),
  ...(['voided', 'expired', 'failed'] as const).map((how) =>
    silent(`a hold that was ${how} in time`, [
      authorised(startedAt, 'pay-1', eur(5000)),
      ended(how, '2026-06-05T10:00', 'pay-1'),
    ]),
  ),
  silent('a hold that was captured in time', [
    authorised(startedAt, 'pay-1', eur(5000)),
    captured('2026-06-05T10:00', 'pay-1', eur(5000)),
  ]),
  silent('a hold of which less was captured, the payment’s only capture', [
    authorised(startedAt, 'pay-1', eur(5000)),
    captured('2026-06-05T10:00', 'pay-1', eur(4000)),
  ]),
  story(
    'a hold of which a shipment was captured holds the rest',
    [authorised(startedAt, 'pay-1', eur(5000)), captured('2026-06-05T10:00', 'pay-1', eur(2000), { captureId: 'c1' })],
    { expect: [{ kind: 'stuck-hold', loss: eur(3000), at: '2026-06-08T10:00:00Z' }], forbid: 'others' },
  ),
  story(
    'a release that is late clears it',
    [authorised(startedAt, 'pay-1', eur(5000)), ended('voided', '2026-06-09T10:00', 'pay-1')],
    {
      expect: [{ kind: 'stuck-hold', status: 'cleared', at: '2026-06-08T10:00:00Z' }],
      cases: { count: 1, open: 0, healed: 1 },
    },
  ),
  story(
    'a hold that was raised is stuck with its new sum, from its new start',
    [authorised(startedAt, 'pay-1', eur(5000)), authorised('2026-06-03T10:00', 'pay-1', eur(8000))],
    { expect: [{ kind: 'stuck-hold', loss: eur(8000), at: '2026-06-10T10:00:00Z', ids: 1 }] },
  ),
  silent('a late expiry does not revive a cancelled order', [
    placed(startedAt, eur(5000)),
    authorised(startedAt, 'pay-1', eur(5000), forOrder),
    cancelled('2026-06-02T10:00'),
    ended('expired', '2026-06-08T10:00', 'pay-1'),
  ]),
  ...unconfirmed('a card, 24 hours', card, 'EUR', '2026-06-02T10:00:00Z'),
  ...unconfirmed('ACH, 4 working days', bank('ach'), 'USD', '2026-06-05T10:00:00Z'),
  // 4 June is Corpus Christi in Germany, but the euro's own calendar knows it not: 14 working days end on Friday, 19 June.
  ...unconfirmed('SEPA debit, 14 working days', bank('sepa_debit'), 'EUR', '2026-06-19T10:00:00Z'),
  ...unconfirmed('BACS, 6 working days', bank('bacs'), 'GBP', '2026-06-09T10:00:00Z'),
  ...unconfirmed('BECS, 3 working days', bank('becs'), 'AUD', '2026-06-04T10:00:00Z'),
  ...unconfirmed(
    'UPI to a merchant, five calendar days',
    { kind: 'upi', fingerprint: 'upi-1' },
    'INR',
    '2026-06-06T10:00:00Z',
    250_000,
  ),
  ...unconfirmed('a card in India, five calendar days', { ...card, country: 'IN' }, 'INR', '2026-06-06T10:00:00Z', 250_000),
  ...unconfirmed('IMPS, one calendar day', bank('imps'), 'INR', '2026-06-02T10:00:00Z', 250_000),
  silent('a payment that was captured before its order was told, and confirmed', [
    captured(startedAt, 'pay-1', eur(5000), forOrder),
    placed('2026-06-01T09:59', eur(5000)),
    confirmed('2026-06-01T10:05'),
    told('delivery.delivered', '2026-06-03T10:00', forOrder),
  ]),
  story(
    'an order that is confirmed late clears it',
    [placed(startedAt, eur(5000)), captured(startedAt, 'pay-1', eur(5000), forOrder), confirmed('2026-06-03T10:00')],
    { expect: [{ kind: 'payment-unconfirmed', status: 'cleared', at: '2026-06-02T10:00:00Z' }], cases: { healed: 1 } },
  ),
  story(
    'captured, then its order cancelled: a refund is owed since',
    [
      placed(startedAt, eur(5000)),
      captured(startedAt, 'pay-1', eur(5000), forOrder),
      confirmed('2026-06-01T10:05'),
      cancelled('2026-06-05T10:00'),
    ],
    {
      expect: [
        {
          kind: 'refund-overdue',
          confidence: 'certain',
          payments: ['pay-1'],
          loss: eur(5000),
          at: '2026-06-09T10:00:00Z',
          count: 1,
        },
      ],
      forbid: 'others',
      cases: { count: 1, actions: [{ kind: 'refund', state: 'approved', paymentId: 'pay-1', amount: eur(5000) }] },
    },
  ),
  story(
    'cancelled before it was captured: owed since the capture',
    [placed(startedAt, eur(5000)), cancelled('2026-06-03T10:00'), captured('2026-06-04T10:00', 'pay-1', eur(5000), forOrder)],
    { expect: [{ kind: 'refund-overdue', at: '2026-06-08T10:00:00Z', loss: eur(5000) }], forbid: 'others' },
  ),
  story('a freeze that names no end: 21 days', [freeze('frozen', startedAt, { amount: eur(12000) })], {
    expect: [{ kind: 'frozen-funds', confidence: 'certain', loss: eur(12000), at: '2026-06-22T10:00:00Z', count: 1 }],
    cases: { count: 1, actionKinds: ['unfreeze'] },
  }),
  story('a freeze of the account, without a sum', [freeze('frozen', startedAt, { until: '2026-06-03T10:00:00Z' })], {
    expect: [{ kind: 'frozen-funds', loss: null, at: '2026-06-03T10:00:00Z' }],
  }),
  silent('a freeze that was renewed in time', [
    freeze('frozen', startedAt, { amount: eur(1), until: '2026-06-03T10:00:00Z' }),
    freeze('frozen', '2026-06-02T10:00', { until: '2026-07-03T10:00:00Z' }),
  ]),
  story(
    'a freeze of which a part was lifted',
    [
      freeze('frozen', startedAt, { amount: eur(12000), until: '2026-06-08T10:00:00Z' }),
      freeze('unfrozen', '2026-06-05T10:00', { amount: eur(5000) }),
    ],
    { expect: [{ kind: 'frozen-funds', loss: eur(7000), at: '2026-06-08T10:00:00Z' }] },
  ),
  story(
    'an authorisation that is repeated answers no later than the first did',
    [authorised(startedAt, 'pay-1', eur(5000)), authorised('2026-06-07T10:00', 'pay-1', eur(5000))],
    { expect: [{ kind: 'stuck-hold', loss: eur(5000), at: '2026-06-14T10:00:00Z', ids: 1 }], forbid: 'others' },
  ),
  silent('a payment that failed at once, and again when it was tried two days later', [
    created(startedAt, 'pay-1', eur(5000)),
    ended('failed', '2026-06-01T10:01', 'pay-1'),
    ended('failed', '2026-06-03T10:00', 'pay-1'),
  ]),
  story(
    'a freeze that was lifted and made again under its id',
    [
      freeze('frozen', startedAt, { amount: eur(12000), until: '2026-06-03T10:00:00Z' }),
      freeze('unfrozen', '2026-06-02T10:00'),
      freeze('frozen', '2026-06-08T10:00', { amount: eur(9000), until: '2026-06-10T10:00:00Z' }),
    ],
    { expect: [{ kind: 'frozen-funds', loss: eur(9000), at: '2026-06-10T10:00:00Z', ids: 1 }], forbid: 'others' },
  ),
  story(
    'such a freeze without an end: 21 days from its new start',
    [
      freeze('frozen', startedAt, { amount: eur(12000) }),
      freeze('unfrozen', '2026-06-02T10:00', { amount: eur(12000) }),
      freeze('frozen', '2026-06-08T10:00', { amount: eur(9000) }),
    ],
    { expect: [{ kind: 'frozen-funds', loss: eur(9000), at: '2026-06-29T10:00:00Z', ids: 1 }], forbid: 'others' },
  ),
  ...(['voided', 'expired'] as const).map((how) =>
    silent(`a hold that was ${how}, made again, and ${how} again`, [
      authorised(startedAt, 'pay-1', eur(5000)),
      ended(how, '2026-06-05T10:00', 'pay-1'),
      authorised('2026-06-05T10:05', 'pay-1', eur(5000)),
      ended(how, '2026-06-11T10:00', 'pay-1'),
    ]),
  ),
  ...[authorised(startedAt, 'pay-1', eur(5000)), created(startedAt, 'pay-1', eur(5000))].map((event) =>
    story(
      `a chargeback decided for the buyer clears it: ${event.type}`,
      [
        event,
        told('chargeback.opened', '2026-06-11T14:05', { chargebackId: 'cb', paymentId: 'pay-1', amount: eur(5000) }),
        told('chargeback.closed', '2026-06-20T14:05', { chargebackId: 'cb', paymentId: 'pay-1', outcome: 'buyer' }),
      ],
      {
        expect: [{ kind: event.type === 'payment.created' ? 'payment-unconfirmed' : 'stuck-hold', status: 'cleared' }],
        forbid: 'others',
        cases: { open: 0 },
      },
    ),
  ),
];

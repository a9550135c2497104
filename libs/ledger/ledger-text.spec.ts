import fc from 'fast-check';
import { newLedger, type Ledger } from '#ledger/ledger';
import { packerFor, packInstrument, packLedger, unpackInstrument, unpackLedger } from '#ledger/ledger-text';
import { at, row, since, Unpacker } from '#ledger/packing';
import { NEVER } from '#kernel/time';
import { runs } from '#test/laws/runs';
import { ledgerAfter } from '#test/scenarios/ledger-after';
import { randomStory } from '#test/scenarios/random-story';
import {
  account,
  authorised,
  AWAY,
  cancelled,
  captured,
  card,
  confirmed,
  created,
  ended,
  eur,
  forOrder,
  HOME,
  placed,
  refund,
  told,
  type ToldEvent,
} from '#test/scenarios/told-events';

/** Written down as a checkpoint writes it, and read back. */
function readBack(ledger: Ledger): Ledger {
  const packer = packerFor(ledger);
  const packed = packLedger(ledger, packer);
  const { cells, base, words, instruments } = JSON.parse(
    JSON.stringify({
      cells: packed,
      base: packer.base,
      words: packer.words,
      instruments: packer.instruments.map(packInstrument),
    }),
  ) as { cells: typeof packed; base: number; words: string[]; instruments: string[][] };
  return unpackLedger(cells, new Unpacker(base, words, instruments.map(unpackInstrument)), ledger.accountId);
}

const frozen = (time: string, more: object = {}) => told('funds.frozen', time, { freezeId: 'freeze-1', ...more });

describe('a ledger that was written down', () => {
  it('is read as it was, whatever happened', () => {
    fc.assert(
      fc.property(randomStory, (story) => {
        const ledger = ledgerAfter(...story);
        expect(readBack(ledger)).toEqual(ledger);
      }),
      runs(200),
    );
  });

  const delivery = (step: string, time: string) => told(`delivery.${step}`, time, { orderId: 'order-1' });
  const chargeback = (what: string, more: object) =>
    told(`chargeback.${what}`, '2026-06-05T10:00', { chargebackId: 'cb-1', paymentId: 'pay-1', ...more });

  it.each<readonly [string, readonly ToldEvent[]]>([
    ['nothing', []],
    ['an order alone', [placed('2026-06-01T10:00', eur(0))]],
    [
      'a hold that was made, voided and refused twice',
      ['2026-06-01', '2026-06-02'].flatMap((day) => [
        authorised(`${day}T10:00`, 'pay-1', eur(900)),
        ended('voided', `${day}T11:00`, 'pay-1'),
        ended('failed', `${day}T12:00`, 'pay-1'),
      ]),
    ],
    [
      'an order with all that can be said of it',
      [
        placed('2026-06-01T10:00', eur(9000), {
          fees: [
            { kind: 'shipping', amount: eur(490) },
            { kind: 'service', amount: eur(0) },
          ],
          giftCard: true,
          deliverBy: '2026-06-20T00:00:00Z',
        }),
        confirmed('2026-06-01T10:01'),
        cancelled('2026-06-02T10:00'),
        delivery('shipped', '2026-06-03T10:00'),
        delivery('delivered', '2026-06-04T10:00'),
        delivery('returned', '2026-06-05T10:00'),
        told('delivery.shipped', '2026-06-03T11:00', { orderId: 'order-1', trackingId: 'parcel-1' }),
        told('delivery.returned', '2026-06-05T11:00', { orderId: 'order-1', trackingId: 'parcel-2' }),
      ],
    ],
    ...['shipped', 'delivered', 'returned'].map(
      (step) => [`an order that was ${step}`, [placed('2026-06-01T10:00', eur(1)), delivery(step, '2026-06-03T10:00')]] as const,
    ),
    [
      'a payment with all that can be said of it',
      [
        created('2026-06-01T10:00', 'pay-1', eur(1000), {
          ...forOrder,
          initiator: 'merchant',
          presence: 'in_person',
          subscription: { id: 'sub', period: '2026-06' },
          lineIds: ['line-1', 'line-2'],
          mcc: '5812',
          instrument: { ...card, country: 'DE' },
        }),
        authorised('2026-06-01T10:01', 'pay-1', eur(1200), { captureBefore: '2026-06-05T10:00:00Z' }),
        captured('2026-06-01T10:02', 'pay-1', eur(700), { captureId: 'c1', lineIds: ['line-1'] }),
        captured('2026-06-01T10:03', 'pay-1', eur(300), { captureId: 'c2' }),
        chargeback('opened', { amount: eur(1000) }),
        chargeback('closed', { outcome: 'buyer' }),
      ],
    ],
    [
      'a profile that only travelled',
      [
        told('account.travel_announced', '2026-06-03T10:00', {
          country: 'FR',
          from: '2026-06-01T00:00:00Z',
          to: '2026-06-09T00:00:00Z',
        }),
      ],
    ],
    ['an account that was only opened', [account('created', '2026-06-01T10:00', undefined)]],
    ['a payment of no subscription but a line', [captured('2026-06-01T10:00', 'pay-1', eur(1), { lineIds: ['line-1'] })]],
    ['a hold alone', [authorised('2026-06-01T10:00', 'pay-1', eur(0))]],
    [
      'a hold that was raised',
      [authorised('2026-06-01T10:00', 'pay-1', eur(1000)), authorised('2026-06-01T11:00', 'pay-1', eur(0))],
    ],
    ['a payment by the merchant', [captured('2026-06-01T10:00', 'pay-1', eur(1), { initiator: 'merchant' })]],
    ['a payment in person', [captured('2026-06-01T10:00', 'pay-1', eur(1), { presence: 'in_person' })]],
    [
      'payments of several buyers’ cards',
      [card, { kind: 'upi', fingerprint: 'upi-1' }, { kind: 'balance', fingerprint: 'b-1', country: 'IN' }].map((instrument, n) =>
        captured(`2026-06-01T10:0${n}`, `pay-${n}`, eur(n), { instrument }),
      ),
    ],
    ...(['failed', 'voided', 'expired', 'settled'] as const).map(
      (how) =>
        [
          `a payment that ${how}`,
          [captured('2026-06-01T10:00', 'pay-1', eur(1)), ended(how, '2026-06-02T10:00', 'pay-1', { amount: eur(0) })],
        ] as const,
    ),
    ['a void of no amount', [ended('voided', '2026-06-02T10:00', 'pay-1')]],
    ['a chargeback that is open', [chargeback('opened', { amount: eur(0) })]],
    ['a chargeback that was lost', [chargeback('closed', { outcome: 'merchant' })]],
    [
      'a refund in another currency',
      [
        refund('requested', '2026-06-01T10:00', eur(0)),
        refund(
          'succeeded',
          '2026-06-02T10:00',
          { minor: 540, currency: 'USD' },
          {
            exchange: { from: eur(500), rate: 1.08 },
            instrument: card,
          },
        ),
      ],
    ],
    ['a refund before anything else', [refund('posted', '2026-06-02T10:00', eur(500))]],
    ['a freeze without an amount or an end', [frozen('2026-06-01T10:00')]],
    [
      'a freeze with all that can be said of it',
      [
        frozen('2026-06-01T10:00', { amount: eur(0), until: '2026-06-09T10:00:00Z' }),
        frozen('2026-06-02T10:00', { until: '2026-06-10T10:00:00Z' }),
        told('funds.unfrozen', '2026-06-03T10:00', { freezeId: 'freeze-1', amount: eur(1) }),
        told('funds.unfrozen', '2026-06-04T10:00', { freezeId: 'freeze-1' }),
      ],
    ],
    ['a release before its freeze', [told('funds.unfrozen', '2026-06-03T10:00', { freezeId: 'freeze-1' })]],
    [
      'a profile',
      [
        account('logged_in', '2026-06-01T10:00', HOME),
        account('logged_in', '2026-06-02T10:00', { deviceId: 'phone-home' }),
        account('login_failed', '2026-06-02T11:00', AWAY),
        account('password_changed', '2026-06-02T12:00', { ...AWAY, lat: 0, lon: 0 }, { how: 'reset' }),
        account('phishing_reported', '2026-06-02T13:00', undefined),
        account('step_up_passed', '2026-06-02T14:00', HOME),
        account('address_changed', '2026-06-02T15:00', HOME),
        told('account.travel_announced', '2026-06-03T10:00', {
          country: 'FR',
          from: '2026-06-01T00:00:00Z',
          to: '2026-06-09T00:00:00Z',
        }),
      ],
    ],
    [
      'what stands beside payments',
      [
        told('payout.held', '2026-06-01T10:00', { payoutId: 'payout-1', merchantId: 'shop', amount: eur(1) }),
        told('payout.paid', '2026-06-01T10:00', { payoutId: 'payout-2', merchantId: 'shop', amount: eur(1) }),
        told('wallet.balance_reported', '2026-06-01T10:00', { balance: eur(5) }),
      ],
    ],
  ])('is read as it was: %s', (_what, events) => {
    const ledger = ledgerAfter(...events);
    expect(readBack(ledger)).toEqual(ledger);
    // What is said of a ledger must not depend on which of its facts its times are counted from.
    const early = ledgerAfter(...events, told('order.confirmed', '2025-01-01T10:00', { orderId: 'order-0' }));
    expect(readBack(early)).toEqual(early);
  });

  it('names a buyer’s card and a shop that come again once', () => {
    const ledger = ledgerAfter(
      ...['pay-1', 'pay-2', 'pay-3'].map((id) => captured('2026-06-01T10:00', id, eur(1), { merchantId: 'a-shop' })),
    );
    const packer = packerFor(ledger);
    packLedger(ledger, packer);
    expect(packer.instruments).toHaveLength(1);
    expect(packer.words.filter((word) => word === 'a-shop')).toHaveLength(1);
    expect(packer.base).toBe(Date.parse('2026-06-01T10:00:00Z'));
    expect(packerFor(newLedger('buyer')).base).toBe(0);
  });
});

describe('what a ledger costs', () => {
  const size = (...events: readonly ToldEvent[]): number => {
    const ledger = ledgerAfter(...events);
    return JSON.stringify(packLedger(ledger, packerFor(ledger))).length;
  };

  it('is little for a purchase: what an event did not say takes no room', () => {
    const purchase = [
      placed('2026-06-01T10:00', eur(1000)),
      authorised('2026-06-01T10:01', 'pay-1', eur(1000), forOrder),
      captured('2026-06-01T10:02', 'pay-1', eur(1000), forOrder),
      confirmed('2026-06-01T10:03'),
    ];
    // Characters, measured: they may only become fewer.
    const sizes = [
      size(...purchase),
      size(created('2026-06-01T10:01', 'pay-1', eur(1000))),
      size(authorised('2026-06-01T10:01', 'pay-1', eur(1000))),
      size(account('logged_in', '2026-06-01T10:00', HOME)),
      size(frozen('2026-06-01T10:00')),
    ];
    [191, 130, 128, 187, 153].forEach((most, index) => expect(sizes[index]).toBeLessThanOrEqual(most));
  });
});

describe('a time in a row', () => {
  it('is its distance from the row’s base; 0 is what never happened', () => {
    for (const time of [1000, 1001, 999, 5000, 0]) expect(at(1000, since(1000, time))).toBe(time);
    expect([since(1000, NEVER), since(1000, -NEVER), since(1000, 1000), since(1000, 999)]).toEqual([0, 0, 1, -1]);
    expect([at(1000, 0), at(1000, undefined), at(1000, 0, -NEVER)]).toEqual([NEVER, NEVER, -NEVER]);
  });

  it('that is empty is left out at the end only', () => {
    expect(row([0, '', 5, 0, '', 0])).toEqual([0, '', 5]);
    expect(row([0, ''])).toEqual([]);
  });
});

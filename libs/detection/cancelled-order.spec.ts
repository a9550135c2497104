import { saysOf } from '#test/scenarios/says';
import {
  cancelled,
  captured,
  confirmed,
  ended,
  eur,
  forOrder,
  placed,
  refund,
  told,
  type ToldEvent,
} from '#test/scenarios/told-events';

/** Captured on Monday, cancelled on Friday: a refund is to be sent by Tuesday. */
const story = [
  placed('2026-06-01T09:00', eur(5000)),
  captured('2026-06-01T10:00', 'pay-1', eur(5000), forOrder),
  confirmed('2026-06-01T10:01'),
  cancelled('2026-06-05T10:00'),
];
const overdue = (...events: readonly ToldEvent[]) =>
  saysOf('refund-overdue', [...story, ...events]).filter(({ because }) => because.rule === 'order-cancelled-after-capture');
const sent = (step: string, time: string, minor: number, id = 'refund-1', more: object = {}) =>
  refund(step, time, eur(minor), { refundId: id, ...more });
const at = '2026-06-09T10:00:00.000Z';
const won = (time: string) => told('chargeback.closed', time, { chargebackId: 'cb', paymentId: 'pay-1', outcome: 'buyer' });

describe('money of a cancelled order', () => {
  it('is overdue two working days later, at the deadline and not after it was sent in time', () => {
    expect(overdue()).toMatchObject([{ status: 'open', at, loss: eur(5000) }]);
    expect(overdue(sent('submitted', '2026-06-09T10:00', 5000))).toEqual([]);
    expect(overdue(sent('succeeded', '2026-06-08T10:00', 5000))).toEqual([]);
  });

  it('is owed as far as no refund covers it: those that were sent add up, whichever was told first', () => {
    const [first, second] = [
      sent('submitted', '2026-06-08T10:00', 2000),
      sent('submitted', '2026-06-07T10:00', 3000, 'refund-2'),
    ];
    expect(overdue(first)).toMatchObject([
      { status: 'open', loss: eur(3000), because: { figures: { owedMinor: 5000, sentMinor: 2000 } } },
    ]);
    expect(overdue(first, second)).toEqual([]);
    expect(overdue(second, first)).toEqual([]);
  });

  it('is owed less what was sent after the deadline, as long as something is missing', () => {
    expect(overdue(sent('submitted', '2026-06-12T10:00', 2000))).toMatchObject([{ status: 'open', at, loss: eur(3000) }]);
  });

  it('is covered when the last part was sent, whichever was told first', () => {
    const [inTime, late] = [
      sent('submitted', '2026-06-09T10:00', 3000, 'refund-2'),
      sent('submitted', '2026-06-10T10:00', 2000, 'refund-1'),
    ];
    for (const told of [
      [inTime, late],
      [late, inTime],
    ])
      expect(overdue(...told)).toMatchObject([{ status: 'cleared', loss: eur(2000) }]);
  });

  it.each([
    [
      'succeeded with less than was submitted',
      [sent('submitted', '2026-06-08T10:00', 5000), sent('succeeded', '2026-06-08T11:00', 4000)],
      1000,
    ],
    [
      'was posted with less than had succeeded',
      [sent('succeeded', '2026-06-08T10:00', 4000), sent('posted', '2026-06-08T11:00', 3000)],
      1000,
    ],
    [
      'was posted with less than was submitted',
      [sent('submitted', '2026-06-08T10:00', 5000), sent('posted', '2026-06-08T11:00', 4000)],
      1000,
    ],
    [
      'was submitted with less than was asked for',
      [sent('submitted', '2026-06-08T10:00', 4000), sent('requested', '2026-06-08T11:00', 5000)],
      1000,
    ],
    [
      'failed, its last telling without an amount',
      [sent('failed', '2026-06-08T10:00', 4000), sent('failed', '2026-06-08T11:00', 0)],
      1000,
    ],
    ['failed and never named an amount', [sent('failed', '2026-06-08T10:00', 0)], 5000],
  ])('counts a refund that %s', (_what, events, missing) => {
    expect(overdue(...events)).toMatchObject([{ status: 'open', loss: eur(missing) }]);
  });

  it('is on its way with a good refund beside one that counts for nothing', () => {
    const good = sent('submitted', '2026-06-08T10:00', 5000, 'refund-2');
    const rejected = [sent('submitted', '2026-06-07T10:00', 5000), sent('rejected', '2026-06-07T11:00', 5000)];
    const inDollars = refund('submitted', '2026-06-07T10:00', { minor: 5000, currency: 'USD' });
    expect(overdue(...rejected, good)).toEqual([]);
    expect(overdue(inDollars, good)).toEqual([]);
    expect(overdue(sent('failed', '2026-06-07T10:00', 0), good)).toEqual([]);
  });

  it.each([
    ['the payment was voided in time', ended('voided', '2026-06-08T10:00', 'pay-1'), []],
    ['the payment was voided late', ended('voided', '2026-06-10T10:00', 'pay-1'), ['cleared']],
    ['a chargeback was won in time', won('2026-06-08T10:00'), []],
    ['a chargeback was won late', won('2026-06-20T10:00'), ['cleared']],
  ])('is owed no more once %s', (_what, event, statuses) => {
    expect(overdue(event).map(({ status }) => status)).toEqual(statuses);
  });

  it('that was sent late is cleared, the loss being what was missing at the deadline', () => {
    const late = sent('submitted', '2026-06-10T10:00', 3000, 'refund-2');
    expect(overdue(sent('submitted', '2026-06-09T10:00', 2000), late)).toMatchObject([
      { status: 'cleared', at, loss: eur(3000), because: { figures: { sentMinor: 2000 } } },
    ]);
  });

  it.each([
    ['only requested', sent('requested', '2026-06-08T10:00', 5000)],
    ['rejected', [sent('submitted', '2026-06-08T10:00', 5000), sent('rejected', '2026-06-08T11:00', 5000)]],
    ['in another currency', refund('submitted', '2026-06-08T10:00', { minor: 5000, currency: 'USD' })],
  ])('is not on its way with a refund that was %s', (_what, events) => {
    expect(overdue(...[events].flat())).toMatchObject([{ status: 'open', loss: eur(5000) }]);
  });

  it.each([
    ['of the payment', { paymentId: 'pay-1', disclosed: true }, 4600],
    ['of its order', { orderId: 'order-1', disclosed: true }, 4600],
    ['of another payment', { paymentId: 'pay-9', disclosed: true }, 5000],
    ['of another order', { orderId: 'order-9', disclosed: true }, 5000],
    ['of nothing', { disclosed: true }, 5000],
    ['that was not declared', { paymentId: 'pay-1', disclosed: false }, 5000],
    ['of which nothing is known', { paymentId: 'pay-1' }, 5000],
    ['in another currency', { paymentId: 'pay-1', disclosed: true, amount: { minor: 400, currency: 'USD' } }, 5000],
  ])('is owed less a declared fee: one %s', (_what, more, owed) => {
    const fee = told('fee.charged', '2026-06-01T10:02', { feeId: 'fee-1', kind: 'booking', amount: eur(400), ...more });
    expect(overdue(fee)).toMatchObject([{ loss: eur(owed) }]);
  });

  it('is not owed where the fee was all of it', () => {
    const fee = { feeId: 'fee-1', kind: 'booking', amount: eur(5000), orderId: 'order-1', disclosed: true };
    expect(overdue(told('fee.charged', '2026-06-01T10:02', fee))).toEqual([]);
  });

  it('of two payments are two findings', () => {
    const other = captured('2026-06-01T10:00', 'pay-2', eur(300), forOrder);
    expect(new Set(overdue(other).map(({ findingId }) => findingId)).size).toBe(2);
  });
});

describe('money for goods that are back at the seller', () => {
  /** Paid on Monday, back on Friday: a refund is to be sent by Tuesday. */
  const bought = [placed('2026-06-01T09:00', eur(5000)), captured('2026-06-01T10:00', 'pay-1', eur(5000), forOrder)];
  const step = (name: string, time: string, trackingId?: string) =>
    told(`delivery.${name}`, time, { ...forOrder, ...(trackingId !== undefined && { trackingId }) });
  const returned = step('returned', '2026-06-05T10:00');
  const owed = (...events: readonly ToldEvent[]) =>
    saysOf('refund-overdue', [...bought, ...events]).filter(({ because }) => because.rule === 'goods-returned-undelivered');

  it('and never reached the buyer is overdue two working days later, though no refund was ever spoken of', () => {
    expect(owed(step('shipped', '2026-06-02T10:00'), returned)).toMatchObject([
      {
        status: 'open',
        at,
        loss: eur(5000),
        because: { figures: { waitingSince: '2026-06-05T10:00:00.000Z' } },
        eventIds: [bought[1]!.id, returned.id],
      },
    ]);
    expect(saysOf('not-delivered', [...bought, returned])).toEqual([]);
  });

  it('is not owed by the clock of a return that the buyer sent', () => {
    expect(owed(step('delivered', '2026-06-04T10:00'), returned)).toEqual([]);
  });

  it('is on its way with a refund in time, and good with one that is late', () => {
    expect(owed(returned, sent('submitted', '2026-06-09T10:00', 5000))).toEqual([]);
    expect(owed(returned, sent('submitted', '2026-06-10T10:00', 5000)).map(({ status }) => status)).toContain('cleared');
  });

  it('is owed no more once the goods came after all', () => {
    expect(owed(returned, step('delivered', '2026-06-08T10:00'))).toEqual([]);
    expect(owed(returned, step('delivered', '2026-06-12T10:00')).at(-1)).toMatchObject({ status: 'cleared', loss: eur(5000) });
  });

  it('is owed when the last parcel is back, not while another is on its way or was sent again', () => {
    const both = [step('shipped', '2026-06-02T10:00', 'a'), step('shipped', '2026-06-02T10:00', 'b')];
    const first = step('returned', '2026-06-04T10:00', 'a');
    expect(owed(...both, first)).toEqual([]);
    expect(owed(...both, first, step('returned', '2026-06-05T10:00', 'b'))).toMatchObject([{ at, loss: eur(5000) }]);
    expect(owed(both[0]!, first, step('shipped', '2026-06-05T10:00', 'b'))).toEqual([]);
  });
});

import { newCoverage } from '#detection/coverage';
import { refundOverdue } from '#detection/refund-overdue';
import { refundOverdueDefaults } from '#detection/refund-overdue-settings';
import { days, NEVER } from '#kernel/time';
import { ledgerAfter } from '#test/scenarios/ledger-after';
import { saysOf } from '#test/scenarios/says';
import {
  authorised,
  cancelled,
  captured,
  card,
  confirmed,
  ended,
  eur,
  forOrder,
  placed,
  refund,
  told,
  type ToldEvent,
} from '#test/scenarios/told-events';

const overdue = (...events: readonly ToldEvent[]) => saysOf('refund-overdue', [payment, ...events]);
const payment = captured('2026-05-04T09:00', 'pay-1', eur(9000));
const step = (name: string, time: string, more: object = {}) => refund(name, time, eur(3000), more);

describe('a refund that stands still', () => {
  it.each([
    ['requested', 'not decided in 7 working days', '2026-06-10T09:00:00.000Z'],
    ['approved', 'not submitted in 2', '2026-06-03T09:00:00.000Z'],
    ['submitted', 'not succeeded in 5', '2026-06-08T09:00:00.000Z'],
    ['failed', 'not issued again in 2', '2026-06-03T09:00:00.000Z'],
  ])('%s and %s is overdue', (name, _what, at) => {
    expect(overdue(step(name, '2026-06-01T09:00'))).toMatchObject([
      { status: 'open', confidence: 'certain', at, loss: eur(3000), paymentIds: ['pay-1'] },
    ]);
  });

  it('counts working days over weekends and holidays of the currency', () => {
    expect(overdue(step('approved', '2026-06-05T15:00'))).toMatchObject([{ at: '2026-06-09T15:00:00.000Z' }]);
    const dollars = { minor: 3000, currency: 'USD' };
    expect(saysOf('refund-overdue', [refund('approved', '2026-06-18T15:00', dollars)])).toMatchObject([
      { at: '2026-06-23T15:00:00.000Z' },
    ]);
  });

  it('says nothing when each step came in time, in whatever order they are told', () => {
    const steps = [
      step('requested', '2026-06-01T09:00'),
      step('approved', '2026-06-02T09:00'),
      step('submitted', '2026-06-03T09:00'),
      step('succeeded', '2026-06-05T09:00'),
    ];
    expect(overdue(...steps)).toEqual([]);
    expect(overdue(...[...steps].reverse())).toEqual([]);
  });

  it('is cleared by the step that came late', () => {
    expect(overdue(step('submitted', '2026-06-01T09:00'), step('succeeded', '2026-06-12T09:00'))).toMatchObject([
      { status: 'cleared', at: '2026-06-08T09:00:00.000Z' },
    ]);
  });

  it('is over when it is rejected', () => {
    expect(overdue(step('requested', '2026-06-01T09:00'), step('rejected', '2026-06-03T09:00'))).toEqual([]);
  });

  it('that failed is issued again by another refund of the payment', () => {
    const failed = [step('submitted', '2026-06-01T09:00'), step('failed', '2026-06-02T09:00')];
    const again = (name: string, time: string) => step(name, time, { refundId: 'refund-2' });
    expect(overdue(...failed)).toMatchObject([{ at: '2026-06-04T09:00:00.000Z' }]);
    expect(overdue(...failed, again('submitted', '2026-06-03T09:00'), again('succeeded', '2026-06-04T09:00'))).toEqual([]);
  });

  it('is overdue at the bank only where its provider shows what is posted', () => {
    const paid = step('succeeded', '2026-06-01T09:00');
    const other = (name: string, time: string) => step(name, time, { refundId: 'refund-0' });
    expect(overdue(paid)).toEqual([]);
    expect(overdue(other('succeeded', '2026-05-20T09:00'), other('posted', '2026-05-25T09:00'), paid)).toMatchObject([
      { at: '2026-06-15T09:00:00.000Z', because: { rule: 'refund-not-posted' } },
    ]);
    expect(overdue(other('posted', '2026-05-25T09:00'), paid, step('posted', '2026-06-10T09:00'))).toEqual([]);
  });
});

describe('the clocks of a refund', () => {
  const ofOther = (refundId: string) => (name: string, time: string) => refund(name, time, eur(3000), { refundId });

  it('run one after the other: the first that is missed and stands is told', () => {
    const asked = step('requested', '2026-06-01T09:00');
    expect(overdue(asked, step('approved', '2026-06-02T09:00'))).toMatchObject([
      { at: '2026-06-04T09:00:00.000Z', because: { rule: 'refund-not-submitted', fields: ['refund.submitted'] } },
    ]);
    expect(overdue(asked, step('approved', '2026-06-15T09:00'))).toMatchObject([
      { status: 'open', because: { rule: 'refund-not-submitted', fields: ['refund.submitted'] } },
    ]);
    expect(overdue(asked, step('approved', '2026-06-15T09:00'), step('submitted', '2026-06-16T09:00'))).toMatchObject([
      { status: 'open', because: { rule: 'refund-not-succeeded', fields: ['refund.succeeded'] } },
    ]);
    expect(overdue(asked)).toMatchObject([{ because: { rule: 'refund-not-decided', fields: ['refund.approved'] } }]);
    expect(overdue(step('failed', '2026-06-01T09:00'))).toMatchObject([
      { because: { rule: 'refund-not-reissued', fields: ['refund.submitted'] } },
    ]);
  });

  it.each([['submitted'], ['succeeded'], ['failed'], ['posted']])(
    'before it left end when it was %s, whoever approved it',
    (name) => {
      const rules = overdue(step('requested', '2026-06-01T09:00'), step(name, '2026-06-02T09:00')).map(
        ({ because }) => because.rule,
      );
      expect(rules).not.toContain('refund-not-decided');
      const approved = overdue(step('approved', '2026-06-01T09:00'), step(name, '2026-06-02T09:00'));
      expect(approved.map(({ because }) => because.rule)).not.toContain('refund-not-submitted');
    },
  );

  it.each([['approved'], ['submitted'], ['succeeded'], ['posted']])(
    'after a failure end with another refund that was %s',
    (name) => {
      const failed = step('failed', '2026-06-02T09:00');
      const rules = (...events: readonly ToldEvent[]) => overdue(failed, ...events).map(({ because }) => because.rule);
      expect(rules(ofOther('refund-2')(name, '2026-06-03T09:00'))).not.toContain('refund-not-reissued');
      expect(rules(ofOther('refund-2')(name, '2026-06-02T09:00'))).not.toContain('refund-not-reissued');
      expect(rules(ofOther('refund-2')(name, '2026-06-01T09:00'))).toContain('refund-not-reissued');
    },
  );

  it('after a failure do not end with another refund that was only requested', () => {
    expect(overdue(step('failed', '2026-06-02T09:00'), ofOther('refund-2')('requested', '2026-06-03T09:00'))).toContainEqual(
      expect.objectContaining({ because: expect.objectContaining({ rule: 'refund-not-reissued' }) }),
    );
  });

  it('run for a refund of a payment that was not told, which has no merchant and no order', () => {
    const [found, ...others] = saysOf('refund-overdue', [step('submitted', '2026-06-01T09:00')]);
    expect(others).toEqual([]);
    expect(found).toMatchObject({ at: '2026-06-08T09:00:00.000Z', loss: eur(3000), paymentIds: ['pay-1'] });
    expect(found).not.toHaveProperty('merchantId');
    expect(found).not.toHaveProperty('orderId');
    expect(saysOf('refund-overdue', [step('succeeded', '2026-06-01T09:00')])).toEqual([]);
  });

  it('end when all of the payment came back otherwise', () => {
    const all = refund('succeeded', '2026-06-02T09:00', eur(9000), { refundId: 'refund-2' });
    expect(overdue(step('submitted', '2026-06-01T09:00'), all)).toEqual([]);
    expect(overdue(step('approved', '2026-06-01T09:00'), all)).toEqual([]);
  });

  it('claim the newest sum above zero that was told by then', () => {
    const sum = (name: string, time: string, minor: number) => refund(name, time, eur(minor));
    expect(overdue(sum('requested', '2026-06-01T09:00', 3000), sum('approved', '2026-06-02T09:00', 2500))).toMatchObject([
      { loss: eur(2500), because: { figures: { amountMinor: 2500, waitingSince: '2026-06-02T09:00:00.000Z' } } },
    ]);
    expect(overdue(sum('approved', '2026-06-01T09:00', 3000), sum('submitted', '2026-06-02T09:00', 0))).toMatchObject([
      { loss: eur(3000) },
    ]);
    expect(overdue(sum('submitted', '2026-06-01T09:00', 3000), sum('approved', '2026-06-03T09:00', 2000))).toMatchObject([
      { loss: eur(3000) },
    ]);
  });

  it('count the working days of the instrument that the money goes to, else of the payment’s', () => {
    const paid = captured('2026-05-04T09:00', 'pay-1', eur(9000), { instrument: { ...card, country: 'US' } });
    const holiday = (first: ToldEvent, more: object) =>
      saysOf('refund-overdue', [first, step('approved', '2026-06-18T09:00', more)])[0]?.at;
    expect(holiday(paid, {})).toBe('2026-06-23T09:00:00.000Z');
    expect(holiday(paid, { instrument: { ...card, country: 'DE' } })).toBe('2026-06-22T09:00:00.000Z');
  });
});

describe('a refund that is not posted', () => {
  const paid = step('succeeded', '2026-06-01T09:00');
  const ofAnother = (event: ToldEvent): ToldEvent => ({ ...event, data: { ...event.data, accountId: 'another' } });
  const shown = (time: string) => [
    ofAnother(captured('2026-05-04T09:00', 'pay-0', eur(3000))),
    ofAnother(refund('posted', time, eur(3000), { refundId: 'refund-0', paymentId: 'pay-0' })),
  ];
  const line = (direction: string, reference: string, time = '2026-06-10T09:00') =>
    told('statement.line', time, {
      lineId: `${direction} ${reference}`,
      bookedAt: `${time}:00Z`,
      amount: eur(3000),
      direction,
      reference,
    });
  const rules = (...events: readonly ToldEvent[]) =>
    overdue(...events).flatMap(({ because, status }) => (because.rule === 'refund-not-posted' ? [status] : []));

  it('is overdue where another account’s posting had shown by then that its provider tells of them', () => {
    expect(rules(...shown('2026-05-25T09:00'), paid)).toEqual(['open']);
    expect(rules(paid, ...shown('2026-05-25T09:00'))).toEqual(['open']);
    expect(rules(...shown('2026-06-16T09:00'), paid)).toEqual([]);
  });

  it('is looked at again, when another account’s posting is told after its deadline', () => {
    const passes = ofAnother(captured('2026-06-20T09:00', 'pay-9', eur(1)));
    expect(rules(paid, passes, ...shown('2026-05-25T09:00'))).toEqual(['open']);
  });

  it('is met by a credit on the buyer’s statement that names it, by no debit and no other credit', () => {
    const known = shown('2026-05-25T09:00');
    expect(rules(...known, paid, line('credit', 'refund-1'))).toEqual([]);
    expect(rules(...known, paid, line('credit', 'refund-1', '2026-06-17T09:00'))).toEqual(['cleared']);
    expect(rules(...known, paid, line('debit', 'refund-1'))).toEqual(['open']);
    expect(rules(...known, paid, line('credit', 'refund-9'))).toEqual(['open']);
  });

  it('is looked at again 1, 2, 4, … 64 days after its deadline while its provider has shown no posting, then no more', () => {
    const ledger = ledgerAfter(payment, paid);
    const deadline = Date.parse('2026-06-15T09:00Z');
    const dueIn = (now: number) => {
      const due = refundOverdue(refundOverdueDefaults).assess(ledger.refunds[0]!, { ledger, now, coverage: newCoverage() }, []);
      return due === NEVER ? NEVER : (due - deadline) / days(1);
    };
    expect(dueIn(deadline - 1)).toBe(0);
    expect([0, 1, 2, 3, 4, 63, 64].map((day) => dueIn(deadline + days(day)))).toEqual([1, 2, 4, 4, 8, 64, NEVER]);
  });

  it('is over with a chargeback decided for the buyer', () => {
    const won = told('chargeback.closed', '2026-06-10T09:00', { chargebackId: 'cb', paymentId: 'pay-1', outcome: 'buyer' });
    expect(rules(...shown('2026-05-25T09:00'), paid, won)).toEqual([]);
  });
});

describe('an order cancelled after its capture', () => {
  const order = placed('2026-06-01T09:00', eur(9000));
  const paid = captured('2026-06-01T09:01', 'pay-1', eur(9000), forOrder);
  const said = (...events: readonly ToldEvent[]) =>
    saysOf('refund-overdue', [order, paid, confirmed('2026-06-01T09:02'), ...events]);
  const over = cancelled('2026-06-03T09:00');

  it('owes a refund as if it had been approved at the cancellation', () => {
    expect(said(over)).toMatchObject([{ at: '2026-06-05T09:00:00.000Z', loss: eur(9000), orderId: 'order-1' }]);
    expect(saysOf('refund-overdue', [order, over, captured('2026-06-04T09:00', 'pay-1', eur(9000), forOrder)])).toMatchObject([
      { at: '2026-06-08T09:00:00.000Z' },
    ]);
  });

  it('says nothing when a refund of it all was sent in time; then the refund has its own clock', () => {
    const sent = refund('submitted', '2026-06-04T09:00', eur(9000));
    expect(said(over, sent, refund('succeeded', '2026-06-05T09:00', eur(9000)))).toEqual([]);
    expect(said(over, sent)).toMatchObject([{ at: '2026-06-11T09:00:00.000Z', because: { rule: 'refund-not-succeeded' } }]);
  });

  it('owes the rest when less was refunded, but for fees that were declared', () => {
    const part = refund('succeeded', '2026-06-04T09:00', eur(8000));
    const fee = told('fee.charged', '2026-06-03T09:00', {
      feeId: 'f',
      kind: 'cancellation',
      amount: eur(1000),
      orderId: 'order-1',
      disclosed: true,
    });
    expect(said(over, part)).toMatchObject([{ status: 'open', loss: eur(1000) }]);
    expect(said(over, part, fee)).toEqual([]);
  });

  it('leaves the clocks of a refund alone where nothing was captured', () => {
    const hold = authorised('2026-06-01T09:01', 'pay-1', eur(9000), forOrder);
    const asked = refund('approved', '2026-06-04T09:00', eur(9000));
    expect(saysOf('refund-overdue', [order, hold, over, asked])).toMatchObject([{ because: { rule: 'refund-not-submitted' } }]);
  });

  it('owes nothing after a void', () => {
    expect(said(over, ended('voided', '2026-06-03T10:00', 'pay-1'))).toEqual([]);
  });

  it('is one finding, not another for a refund that was approved and not sent', () => {
    expect(said(over, refund('approved', '2026-06-03T10:00', eur(9000)))).toHaveLength(1);
  });
});

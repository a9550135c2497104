import { saysOf } from '#test/scenarios/says';
import { authorised, captured, eur, forOrder, placed, refund, told, type ToldEvent } from '#test/scenarios/told-events';

const payment = captured('2026-05-04T09:00', 'pay-1', eur(9000));
const wrong = (...events: readonly ToldEvent[]) => saysOf('refund-amount-wrong', [payment, ...events]);
const step = (name: string, minor: number, more: object = {}) =>
  refund(name, `2026-06-0${name === 'succeeded' ? 4 : 3}T09:00`, eur(minor), more);
const usd = (minor: number) => ({ minor, currency: 'USD' });

describe('a refund', () => {
  it.each(['requested', 'approved', 'submitted'])('below what was %s is short by the difference, at its success', (name) => {
    expect(wrong(step(name, 695), step('succeeded', 600))).toMatchObject([
      {
        confidence: 'certain',
        at: '2026-06-04T09:00:00.000Z',
        loss: eur(95),
        because: { rule: 'refund-short', fields: ['amount'] },
      },
    ]);
  });

  it('approved for a part of what was requested is right', () => {
    expect(wrong(step('requested', 9000), step('approved', 4000), step('succeeded', 4000))).toEqual([]);
  });

  it('of zero is not a full one', () => {
    expect(wrong(step('approved', 9000), step('succeeded', 0))).toMatchObject([{ confidence: 'certain', loss: eur(9000) }]);
    expect(wrong(step('approved', 0), step('succeeded', 0))).toMatchObject([{ confidence: 'likely', loss: eur(9000) }]);
  });

  it('that is short is made good by a refund of the difference, also by one that a provider dates by the second', () => {
    const short = [step('approved', 695), { ...step('succeeded', 600), time: '2026-06-04T09:00:26.100Z' }];
    const rest = (time: string) => ({ ...refund('succeeded', '2026-06-04T09:00', eur(95), { refundId: 'rest' }), time });
    expect(wrong(...short)).toMatchObject([{ status: 'open', loss: eur(95) }]);
    expect(wrong(...short, rest('2026-06-04T09:00:30Z'))).toMatchObject([{ status: 'cleared' }]);
    expect(wrong(...short, rest('2026-06-04T09:00:26Z')).filter(({ status }) => status === 'open')).toEqual([]);
    expect(wrong(...short, rest('2026-06-04T09:00:25.999Z'))).toMatchObject([{ status: 'open' }]);
  });

  it('may be short by fees that were declared, and by no more', () => {
    const fee = (disclosed: boolean) =>
      told('fee.charged', '2026-06-03T08:00', { feeId: 'f', kind: 'return', amount: eur(500), paymentId: 'pay-1', disclosed });
    const short = [step('approved', 9000), step('succeeded', 8500)];
    expect(wrong(fee(true), ...short)).toEqual([]);
    expect(wrong(fee(false), ...short)).toHaveLength(1);
    expect(wrong(fee(true), step('approved', 9000), step('succeeded', 8400))).toMatchObject([{ loss: eur(600) }]);
  });

  it('may keep back one fee that was shown at checkout', () => {
    const order = placed('2026-05-04T08:59', eur(9000), { fees: [{ kind: 'shipping', amount: eur(490) }] });
    const paid = captured('2026-05-04T09:00', 'pay-1', eur(9000), forOrder);
    const short = (minor: number) =>
      saysOf('refund-amount-wrong', [order, paid, step('approved', 9000), step('succeeded', minor)]);
    expect(short(8510)).toEqual([]);
    expect(short(8500)).toHaveLength(1);
  });

  it('that brings refunds above what was captured is wrong without a loss', () => {
    const again = step('succeeded', 2000, { refundId: 'refund-2' });
    expect(wrong(step('succeeded', 8000), again)).toMatchObject([
      { confidence: 'certain', loss: null, because: { fields: ['refunded', 'captured'] } },
    ]);
    expect(wrong(step('succeeded', 7000), again)).toEqual([]);
  });

  it('in parts is right while the parts fit', () => {
    expect(wrong(step('succeeded', 3000), step('succeeded', 6000, { refundId: 'refund-2' }))).toEqual([]);
  });

  it('in another currency than the charge is likely wrong, unless an exchange was declared', () => {
    const dollars = (exchange?: object) =>
      refund('succeeded', '2026-06-04T09:00', usd(9720), exchange === undefined ? {} : { exchange });
    expect(wrong(step('approved', 9000), dollars())).toMatchObject([
      { confidence: 'likely', loss: null, because: { fields: ['currency'] } },
    ]);
    expect(wrong(step('approved', 9000), dollars({ from: eur(9000), rate: 1.08 }))).toEqual([]);
    expect(wrong(step('approved', 9000), dollars({ from: eur(8000), rate: 1.215 }))).toMatchObject([{ loss: eur(1000) }]);
  });

  it('that lies off the declared rate by more than the tolerance is wrong by the difference', () => {
    const at = (minor: number) =>
      refund('succeeded', '2026-06-04T09:00', usd(minor), { exchange: { from: eur(9000), rate: 1.08 } });
    expect(wrong(at(9700))).toEqual([]);
    expect(wrong(at(9000))).toMatchObject([{ loss: usd(720) }]);
  });

  it('counts minor units of each currency by its own digits', () => {
    const yen = refund(
      'succeeded',
      '2026-06-04T09:00',
      { minor: 14580, currency: 'JPY' },
      { exchange: { from: eur(9000), rate: 162 } },
    );
    expect(wrong(yen)).toEqual([]);
  });

  it('is healed by a later refund of just what was missing', () => {
    const rest = refund('succeeded', '2026-06-10T09:00', eur(95), { refundId: 'refund-2' });
    expect(wrong(step('approved', 695), step('succeeded', 600), rest)).toMatchObject([{ status: 'cleared', loss: eur(95) }]);
  });

  it('told twice is one refund', () => {
    expect(wrong(step('succeeded', 9000), refund('succeeded', '2026-06-05T09:00', eur(9000)))).toEqual([]);
  });

  it('that failed after its success is healed by that, and wrong again by the next success', () => {
    const failed = refund('failed', '2026-06-06T09:00', eur(600));
    expect(wrong(step('approved', 695), step('succeeded', 600))).toMatchObject([{ status: 'open' }]);
    expect(wrong(step('approved', 695), step('succeeded', 600), failed)).toMatchObject([{ status: 'cleared', loss: eur(95) }]);
    const again = refund('succeeded', '2026-06-08T09:00', eur(600));
    expect(wrong(step('approved', 695), step('succeeded', 600), failed, again)).toMatchObject([
      { status: 'open', loss: eur(95) },
    ]);
  });

  it('of a payment that was not told is short all the same, and of no known currency', () => {
    const alone = (...events: readonly ToldEvent[]) => saysOf('refund-amount-wrong', events);
    const short = alone(step('approved', 695), step('succeeded', 600));
    expect(short).toMatchObject([{ loss: eur(95), paymentIds: ['pay-1'], status: 'open' }]);
    expect(short[0]).not.toHaveProperty('merchantId');
    expect(short[0]).not.toHaveProperty('orderId');
    expect(alone(step('succeeded', 600))).toEqual([]);
    expect(alone(step('approved', 0), step('succeeded', 0))).toEqual([]);
  });

  it('of zero loses what did not come back otherwise, and nothing once all of it had', () => {
    const zero = [step('approved', 0), step('succeeded', 0)];
    const other = (minor: number) => refund('succeeded', '2026-06-02T09:00', eur(minor), { refundId: 'refund-0' });
    expect(wrong(other(4000), ...zero)).toMatchObject([
      { loss: eur(5000), because: { rule: 'refund-of-zero', fields: ['amount'] } },
    ]);
    expect(wrong(other(9000), ...zero)).toEqual([]);
    const hold = authorised('2026-05-04T09:00', 'pay-1', eur(9000));
    expect(saysOf('refund-amount-wrong', [hold, ...zero])).toEqual([]);
  });

  it('of zero with no step before it knows no sum that was expected', () => {
    expect(wrong(step('succeeded', 0))).toMatchObject([
      { confidence: 'likely', loss: eur(9000), because: { figures: { expectedMinor: null, refundedMinor: 0, currency: 'EUR' } } },
    ]);
  });

  it('approved in another currency than it came in is not compared with the approval', () => {
    const dollars = refund('approved', '2026-06-03T09:00', usd(20_000));
    expect(wrong(dollars, step('succeeded', 9000))).toEqual([]);
  });

  it('may keep back a fee of checkout in the charge’s own currency only', () => {
    const order = placed('2026-05-04T08:59', eur(9000), { fees: [{ kind: 'shipping', amount: usd(490) }] });
    const paid = captured('2026-05-04T09:00', 'pay-1', eur(9000), forOrder);
    expect(saysOf('refund-amount-wrong', [order, paid, step('approved', 9000), step('succeeded', 8510)])).toMatchObject([
      { loss: eur(490) },
    ]);
  });

  it('just within the tolerance of the declared rate is right', () => {
    const at = (minor: number, from = 9000) =>
      refund('succeeded', '2026-06-04T09:00', usd(minor), { exchange: { from: eur(from), rate: 1 } });
    expect(wrong(at(8910))).toEqual([]);
    expect(wrong(at(8909))).toMatchObject([
      {
        confidence: 'certain',
        loss: usd(91),
        because: {
          rule: 'refund-off-declared-rate',
          fields: ['amount', 'exchange'],
          figures: { fromMinor: 9000, fromCurrency: 'EUR', rate: 1, refundedMinor: 8909, refundCurrency: 'USD' },
        },
      },
    ]);
    expect(wrong(at(49, 50))).toEqual([]);
  });

  it('above what was captured is told of the later of two, of the second by id at one instant', () => {
    const refunds = ['refund-1', 'refund-2'].map((refundId) => step('succeeded', 5000, { refundId }));
    for (const order of [refunds, refunds.toReversed()])
      expect(wrong(...order)).toMatchObject([
        {
          because: {
            rule: 'refunds-above-captured',
            figures: { refundId: 'refund-2', refundedMinor: 10_000, capturedMinor: 9000, currency: 'EUR' },
          },
        },
      ]);
    const hold = authorised('2026-05-04T09:00', 'pay-1', eur(9000));
    expect(saysOf('refund-amount-wrong', [hold, step('succeeded', 5000)])).toEqual([]);
  });

  it('above what was captured is made good by a chargeback for the buyer only', () => {
    const refunds = ['refund-1', 'refund-2'].map((refundId) => step('succeeded', 5000, { refundId }));
    expect(wrong(...refunds, refund('succeeded', '2026-06-10T09:00', eur(5000), { refundId: 'refund-3' }))).toMatchObject([
      { status: 'open' },
      { status: 'open' },
    ]);
    const won = told('chargeback.closed', '2026-06-20T09:00', { chargebackId: 'cb', paymentId: 'pay-1', outcome: 'buyer' });
    expect(wrong(...refunds, won)).toMatchObject([{ status: 'cleared' }]);
  });

  it('is healed by no refund of another sum, nor by one of that sum before it, and by all of it', () => {
    const short = [step('approved', 695), step('succeeded', 600)];
    const other = (time: string, minor: number) => refund('succeeded', time, eur(minor), { refundId: 'refund-2' });
    expect(wrong(...short, other('2026-06-10T09:00', 94))).toMatchObject([{ status: 'open' }]);
    expect(wrong(...short, other('2026-06-04T08:59', 95))).toMatchObject([{ status: 'open' }]);
    expect(wrong(...short, other('2026-06-10T09:00', 8400))).toMatchObject([{ status: 'cleared' }]);
    expect(wrong(step('approved', 95), step('succeeded', 0), other('2026-06-01T09:00', 95))).toMatchObject([{ status: 'open' }]);
  });

  it('in another currency is healed by a chargeback for the buyer, and by all of the sum in its own', () => {
    const dollars = refund('succeeded', '2026-06-04T09:00', usd(9720));
    const all = refund('succeeded', '2026-06-10T09:00', eur(9000), { refundId: 'refund-2' });
    expect(wrong(dollars)).toMatchObject([
      {
        status: 'open',
        because: {
          rule: 'refund-in-another-currency',
          figures: { refundId: 'refund-1', refundedMinor: 9720, refundCurrency: 'USD', chargeCurrency: 'EUR' },
        },
      },
    ]);
    expect(wrong(dollars, all)).toMatchObject([{ status: 'cleared' }]);
  });

  it('rests on the approval, else the submission, else the request, and on its success', () => {
    const steps = ['requested', 'submitted', 'approved'].map((name) => step(name, 695));
    const paid = step('succeeded', 600);
    for (let known = 1; known <= steps.length; known++)
      expect(wrong(...steps.slice(0, known), paid)).toMatchObject([{ eventIds: [steps[known - 1]!.id, paid.id] }]);
    expect(wrong(step('succeeded', 0))[0]?.eventIds).toHaveLength(1);
  });
});

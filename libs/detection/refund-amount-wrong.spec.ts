import { saysOf } from '#test/scenarios/says';
import { captured, eur, forOrder, placed, refund, told, type ToldEvent } from '#test/scenarios/told-events';

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
});

import { refundWrongInstrument } from '#detection/refund-wrong-instrument';
import { NEVER } from '#kernel/time';
import { asked } from '#test/scenarios/asked';
import { ledgerAfter } from '#test/scenarios/ledger-after';
import { saysOf } from '#test/scenarios/says';
import { authorised, captured, card, eur, otherCard, refund, told, type ToldEvent } from '#test/scenarios/told-events';

const wrongs = (...events: readonly ToldEvent[]) => saysOf('refund-wrong-instrument', events);
const paid = captured('2026-06-01T10:00', 'pay-1', eur(5000));
const wrong = refund('succeeded', '2026-06-02T10:00', eur(5000), { instrument: otherCard });
const second = (time: string, minor: number, more: object) =>
  refund('succeeded', time, eur(minor), { refundId: 'refund-2', ...more });

describe('a refund to another instrument', () => {
  it.each([
    ['as much went to the right one later', second('2026-06-03T10:00', 5000, { instrument: card }), 'cleared'],
    ['as much went somewhere unnamed later', second('2026-06-03T10:00', 5000, {}), 'cleared'],
    ['more went to the right one later', second('2026-06-03T10:00', 6000, { instrument: card }), 'cleared'],
    ['less went to the right one later', second('2026-06-03T10:00', 4999, { instrument: card }), 'open'],
    ['as much went to the right one before', second('2026-06-01T12:00', 5000, { instrument: card }), 'open'],
    ['as much went to the right one at the same instant', second('2026-06-02T10:00', 5000, { instrument: card }), 'open'],
    ['another was only asked for', refund('requested', '2026-06-03T10:00', eur(5000), { refundId: 'refund-2' }), 'open'],
    ['it failed after all', refund('failed', '2026-06-03T10:00', eur(5000)), 'cleared'],
  ])('is made good, or not: %s', (_what, event, status) => {
    expect(wrongs(paid, wrong, event).find(({ because }) => because.figures['refundId'] === 'refund-1')).toMatchObject({
      status,
    });
  });

  it('is not made good by another that went wrong', () => {
    const again = second('2026-06-03T10:00', 5000, { instrument: { ...card, fingerprint: 'card-3' } });
    expect(wrongs(paid, wrong, again)).toMatchObject([{ status: 'open' }, { status: 'open' }]);
  });

  it('is possible where the buyer had paid with that instrument before, certain where only afterwards', () => {
    const with2 = (time: string) => captured(time, 'pay-2', eur(700), { instrument: otherCard, merchantId: 'market' });
    expect(wrongs(with2('2026-05-01T10:00'), paid, wrong)).toMatchObject([{ confidence: 'possible' }]);
    expect(wrongs(paid, wrong, with2('2026-06-03T10:00'))).toMatchObject([{ confidence: 'certain' }]);
  });

  it('is made good at the time of the refund that did it', () => {
    const ledger = ledgerAfter(
      captured('2026-06-01T10:00', 'pay-1', eur(12000)),
      second('2026-06-01T12:00', 1000, { instrument: card }),
      wrong,
      refund('succeeded', '2026-06-04T10:00', eur(5000), { refundId: 'refund-3' }),
    );
    const { due, claims } = asked(refundWrongInstrument, ledger, ledger.refunds[1]);
    expect(due).toBe(NEVER);
    expect(claims).toMatchObject([{ at: Date.parse(wrong.time), clearedAt: Date.parse('2026-06-04T10:00Z') }]);
  });

  it('is over with a chargeback decided for the buyer', () => {
    const won = told('chargeback.closed', '2026-06-20T10:00', { chargebackId: 'cb', paymentId: 'pay-1', outcome: 'buyer' });
    expect(wrongs(paid, wrong, won)).toMatchObject([{ status: 'cleared' }]);
  });

  it('is one again where it failed and then succeeded there after all', () => {
    const again = refund('succeeded', '2026-06-04T10:00', eur(5000), { instrument: otherCard });
    expect(wrongs(paid, wrong, refund('failed', '2026-06-03T10:00', eur(5000)), again)).toMatchObject([{ status: 'open' }]);
  });

  it('rests on the capture, or where none was told on the refund alone', () => {
    expect(wrongs(paid, wrong)).toMatchObject([{ eventIds: [paid.id, wrong.id] }]);
    expect(wrongs(authorised('2026-06-01T10:00', 'pay-1', eur(5000)), wrong)).toMatchObject([{ eventIds: [wrong.id] }]);
  });

  it.each([
    ['was only authorised', authorised('2026-05-01T10:00', 'pay-2', eur(700), { instrument: otherCard })],
    ['began when the refund came', captured('2026-06-02T10:00', 'pay-2', eur(700), { instrument: otherCard })],
  ])('is not the buyer’s own by a payment that %s', (_what, event) => {
    expect(wrongs(event, paid, wrong)).toMatchObject([{ confidence: 'certain' }]);
  });

  it('is one by where it was posted, too, and none while nothing says where it went', () => {
    const plain = refund('succeeded', '2026-06-02T10:00', eur(5000));
    expect(wrongs(paid, plain)).toEqual([]);
    expect(wrongs(paid, plain, refund('posted', '2026-06-03T10:00', eur(5000), { instrument: otherCard }))).toHaveLength(1);
    expect(wrongs(paid, refund('succeeded', '2026-06-02T10:00', eur(5000), { instrument: card }))).toEqual([]);
    expect(wrongs(told('refund.succeeded', '2026-06-02T10:00', wrong.data))).toEqual([]);
  });
});

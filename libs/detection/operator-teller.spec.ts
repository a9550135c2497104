import { slimLines, slimTold } from '#test/scenarios/slim-told';
import { account, authorised, captured, card, eur, otherCard, refund, told, type ToldEvent } from '#test/scenarios/told-events';

const heard = (...events: readonly ToldEvent[]) => slimLines(slimTold(events, { wanted: ['act'] }));
const by = { operatorId: 'op-9' };
const paid = captured('2026-06-01T10:00', 'pay-1', eur(2_000));
const refunded = (minor: number, more: object = {}) => refund('succeeded', '2026-06-02T10:00', eur(minor), { ...by, ...more });
/** The flags of the last act. */
const flags = (...events: readonly ToldEvent[]) => slimTold(events, { wanted: ['act'] }).at(-1)?.data[5];

describe('what is heard of an operator', () => {
  it('is what they did, and nothing of what nobody of the staff did', () => {
    expect(
      heard(
        paid,
        account('payout_changed', '2026-06-01T11:00', undefined, by),
        account('payout_changed', '2026-06-01T11:01', undefined),
        told('wallet.credited', '2026-06-01T11:02', { entryId: 'w-1', amount: eur(300), ...by }),
        told('funds.frozen', '2026-06-01T11:03', { freezeId: 'f-1', ...by }),
        refunded(500, { instrument: card }),
        refund('approved', '2026-06-02T09:00', eur(500), { refundId: 'refund-2' }),
      ),
    ).toEqual([
      'operator/op-9 act: account.payout_changed   0   ',
      'operator/op-9 act: wallet.credited w-1  300 EUR  ',
      'operator/op-9 act: funds.frozen   0   ',
      'operator/op-9 act: refund.succeeded refund-1 pay-1 500 EUR  card-1',
    ]);
  });

  it.each(['requested', 'approved', 'submitted', 'succeeded'])('is a refund that they %s', (step) => {
    expect(heard(paid, refund(step, '2026-06-02T10:00', eur(500), by))).toEqual([
      `operator/op-9 act: refund.${step} refund-1 pay-1 500 EUR  `,
    ]);
  });
});

describe('what stands against a refund', () => {
  it('is nothing where the payment itself is not known', () => {
    expect(flags(refunded(500, { instrument: otherCard }))).toBe('');
  });

  it('is that the buyer never paid with the instrument it goes to', () => {
    expect(flags(paid, refunded(500, { instrument: otherCard }))).toBe('i');
    expect(flags(paid, refunded(500, { instrument: card }))).toBe('');
    const once = captured('2026-05-01T10:00', 'pay-0', eur(100), { instrument: otherCard });
    expect(flags(once, paid, refunded(500, { instrument: otherCard }))).toBe('');
    const held = authorised('2026-05-01T10:00', 'pay-0', eur(100), { instrument: otherCard });
    expect(flags(held, paid, refunded(500, { instrument: otherCard }))).toBe('i');
  });

  it('is that another refund of the payment stands beside it, and was neither rejected nor failed', () => {
    const other = (step: string) => refund(step, '2026-06-01T12:00', eur(100), { refundId: 'refund-0' });
    expect(flags(paid, other('requested'), refunded(500))).toBe('t');
    expect(flags(paid, other('succeeded'), refunded(500))).toBe('t');
    expect(flags(paid, other('rejected'), refunded(500))).toBe('');
    expect(flags(paid, other('failed'), refunded(500))).toBe('');
    const elsewhere = refund('succeeded', '2026-06-01T12:00', eur(100), { refundId: 'refund-0', paymentId: 'pay-2' });
    expect(flags(paid, elsewhere, refunded(500))).toBe('');
  });

  it('is that more went back than was captured', () => {
    expect(flags(paid, refunded(2_000))).toBe('');
    expect(flags(paid, refunded(2_001))).toBe('a');
    const other = refund('succeeded', '2026-06-01T12:00', eur(1_600), { refundId: 'refund-0' });
    expect(flags(paid, other, refunded(500, { instrument: otherCard }))).toBe('ita');
    expect(flags(authorised('2026-06-01T10:00', 'pay-1', eur(2_000)), refunded(500))).toBe('');
    expect(flags(paid, refund('approved', '2026-06-02T10:00', eur(2_001), by))).toBe('a');
  });

  it('is that what was agreed to comes to more, also before it is paid; what was only asked for, rejected or failed does not count', () => {
    const other = (step: string) => refund(step, '2026-06-01T12:00', eur(2_000), { refundId: 'refund-0' });
    const approved = refund('approved', '2026-06-02T10:00', eur(500), by);
    expect(flags(paid, other('approved'), approved)).toBe('ta');
    expect(flags(paid, other('submitted'), approved)).toBe('ta');
    expect(flags(paid, other('requested'), approved)).toBe('t');
    expect(flags(paid, other('rejected'), approved)).toBe('');
    expect(flags(paid, other('failed'), approved)).toBe('');
  });
});

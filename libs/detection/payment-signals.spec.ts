import { newAccountState } from '#detection/account-state';
import { notePayment, paymentSignals } from '#detection/payment-signals';
import { NOTHING_KNOWN, TOLD_BEFORE } from '#detection/spend-signals';
import { fold } from '#ledger/fold';
import type { Touched } from '#ledger/ledger';
import { eventOf } from '#test/scenarios/ledger-after';
import { authorised, captured, created, ended, eur, told, type ToldEvent } from '#test/scenarios/told-events';

/** The signals of each event in turn, each learnt and folded before the next. */
function signalsOf(events: readonly ToldEvent[], isShort = false) {
  const state = newAccountState('buyer');
  const signals = events.map((one) => {
    const event = eventOf(one);
    const before = paymentSignals(state, event, isShort);
    fold(state.ledger, event, {} as Touched);
    notePayment(state, event, before);
    return before;
  });
  return { signals, spend: state.spend };
}
const hold = authorised('2026-06-01T10:00', 'pay-1', eur(5000));
const capture = captured('2026-06-01T11:00', 'pay-1', eur(5000));
const usual = Array.from({ length: 9 }, (_, n) => captured(`2026-05-0${n + 1}T10:00`, `old-${n}`, eur(1000)));
const chargeback = told('chargeback.opened', '2026-06-20T10:00', { chargebackId: 'cb', paymentId: 'pay-1', amount: eur(9000) });

describe('what the buyer’s past says of a payment', () => {
  it('is nothing of the first one, and is learnt once, by the hold or the capture that came first', () => {
    const { signals, spend } = signalsOf([hold, capture]);
    expect(signals).toEqual([NOTHING_KNOWN, [1, 5000, 0, 0, 0, 0, 0, 1]]);
    expect(spend).toMatchObject({ payments: 1, currencies: [{ currency: 'EUR', amounts: { n: 1, mean: 5000 } }] });
    expect(signalsOf([hold, captured('2026-06-01T11:00', 'pay-2', eur(3000))]).spend).toMatchObject({ payments: 2 });
    const parts = ['c1', 'c2'].map((captureId, n) => captured(`2026-06-01T1${n}:00`, 'pay-1', eur(2500), { captureId }));
    expect(signalsOf(parts).spend).toMatchObject({ payments: 1 });
  });

  it('is told in short of a payment that was told before, where only that is asked for', () => {
    expect(signalsOf([hold, capture], true).signals).toEqual([NOTHING_KNOWN, TOLD_BEFORE]);
    expect(signalsOf([created('2026-06-01T09:00', 'pay-1', eur(5000)), capture], true).signals[1]).toEqual(NOTHING_KNOWN);
  });

  it('is asked of no event that neither moves nor reserves money, and such an event teaches nothing', () => {
    const { signals, spend } = signalsOf([
      created('2026-06-01T09:00', 'pay-1', eur(5000)),
      ended('failed', '2026-06-01T09:01', 'pay-1'),
    ]);
    expect(signals).toEqual([[], []]);
    expect(spend).toBeNull();
    expect(signalsOf([hold, ended('voided', '2026-06-01T12:00', 'pay-1')]).spend).toEqual(signalsOf([hold]).spend);
  });

  it('holds a chargeback as far as its amount was unusual, and does not count it as a payment', () => {
    const { signals, spend } = signalsOf([...usual, chargeback]);
    expect(signals.at(-1)?.slice(0, 2)).toEqual([9, 1000]);
    expect(signals.at(-1)?.[7]).toBe(0);
    expect(spend).toMatchObject({ labelled: 1, payments: 9 });
    expect(signalsOf([chargeback])).toMatchObject({ signals: [NOTHING_KNOWN], spend: { labelled: 0, payments: 0 } });
  });
});

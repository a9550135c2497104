import { days } from '#kernel/time';
import { accountStage } from '#detection/account-stage';
import { RETENTION } from '#detection/retention';
import { authorised, captured, confirmed, eur, placed, refund, type ToldEvent } from '#test/scenarios/told-events';

const stage = accountStage();
const START = Date.UTC(2026, 0, 1);
const time = (day: number) => new Date(START + days(day)).toISOString();

function stateAfter(events: readonly ToldEvent[]) {
  const state = stage.newState('buyer');
  const coverage = stage.newShared();
  for (const told of events) {
    const decoded = stage.decode({ value: Buffer.from(JSON.stringify(told)), headers: undefined });
    if (decoded.kind !== 'event') throw new Error(JSON.stringify(decoded));
    const watermark = decoded.at - stage.latenessMs;
    stage.fire(state, coverage, watermark, []);
    stage.apply(state, decoded.event, coverage, watermark, { value: Buffer.alloc(0), headers: undefined }, []);
  }
  return state;
}

const purchase = (n: number, day: number): readonly ToldEvent[] => {
  const orderId = `o-${n}`;
  const delivered = { ...confirmed(time(day), orderId), id: `d-${n}`, type: 'delivery.delivered' };
  return [
    placed(time(day), eur(1000 + n), { orderId }),
    captured(time(day), `p-${n}`, eur(1000 + n), { orderId }),
    confirmed(time(day), orderId),
    delivered,
  ];
};

describe('what is kept of an account', () => {
  it('is bounded, whatever was told: the oldest purchases that wait for nothing are forgotten', () => {
    const state = stateAfter(Array.from({ length: 400 }, (_, n) => purchase(n, n / 10)).flat());
    expect(state.ledger.payments.length).toBeLessThanOrEqual(RETENTION.paymentsKept + 16);
    expect(state.ledger.orders.length).toBeLessThanOrEqual(RETENTION.paymentsKept + 17);
    expect(state.ledger.payments.at(-1)?.id).toBe('p-399');
    expect(stage.encode(state).length).toBeLessThan(32_000);
  });

  it('is bounded also when everything waits', () => {
    const state = stateAfter(Array.from({ length: 400 }, (_, n) => authorised(time(n / 1_000), `p-${n}`, eur(1000 + n))));
    expect(state.ledger.payments.length).toBeLessThanOrEqual(RETENTION.paymentsMax);
    expect(state.deadlines.length).toBeLessThanOrEqual(RETENTION.paymentsMax);
  });

  it('keeps what still waits, and forgets the rest half a year after its newest event', () => {
    const waiting = refund('requested', time(1), eur(1000), { paymentId: 'p-2', refundId: 'r-1' });
    const state = stateAfter([...purchase(1, 0), ...purchase(2, 0), waiting, ...purchase(3, 200)]);
    expect(state.ledger.payments.map(({ id }) => id)).toEqual(['p-2', 'p-3']);
    expect(state.ledger.orders.map(({ id }) => id)).toEqual(['o-2', 'o-3']);
    expect(state.ledger.refunds).toHaveLength(1);
  });
});

import { approveAction } from '#action/approve';
import { stepFinding, stepPayment, stepTime, type Step } from '#action/step';
import type { Case } from '#case/case';
import { bothPayments, contextOf, factsOf, findingOf } from '#test/money/examples';

const behind = contextOf({ isBehind: () => true });
const atEnd = contextOf({ isBehind: () => false });
const eur = (minor: number) => ({ minor, currency: 'EUR' });
const onlyCase = (step: Step): Case => step.changes.at(-1)!.case;
const brief = ({ actions }: Case) => actions.map(({ state, guard, amount }) => [state, guard, amount?.minor]);

describe('money while the log holds more than was read', () => {
  const opened = stepFinding([], findingOf(), bothPayments(), behind);
  const held = onlyCase(opened);

  it('is proposed and not ordered', () => {
    expect(opened.orders).toEqual([]);
    expect(brief(held)).toEqual([['proposed', 'stale-facts', 5_000]]);
    expect(held.stage).toBe('open');
  });

  it('is proposed once, whatever else is said meanwhile', () => {
    const step = stepPayment([held], factsOf('pay-1', { orderId: 'order-1', asOf: 9_000 }), behind);
    expect(brief(onlyCase(step))).toEqual(brief(held));
    expect(step.orders).toEqual([]);
  });

  it('goes out when everything was read', () => {
    const step = stepTime(held, atEnd);
    expect(brief(onlyCase(step))).toEqual([['approved', undefined, 5_000]]);
    expect(step.orders).toMatchObject([{ actionId: held.actions[0]!.actionId, amount: eur(5_000) }]);
    expect(onlyCase(step).stage).toBe('resolving');
    expect(stepTime(onlyCase(step), atEnd).orders).toEqual([]);
  });

  it('never goes out when the rest of the log healed the loss', () => {
    const healed = onlyCase(stepFinding([held], findingOf({ status: 'cleared', loss: null }), [], behind));
    expect(brief(healed)).toEqual([['refused', 'loss-healed', 5_000]]);
    const step = stepTime(healed, atEnd);
    expect(step).toEqual({ changes: [], orders: [] });
  });

  it('goes out as the loss is at the end, under a key of its own', () => {
    const smaller = onlyCase(stepFinding([held], findingOf({ loss: eur(2_000) }), [], behind));
    const step = stepTime(smaller, atEnd);
    expect(brief(onlyCase(step))).toEqual([
      ['refused', 'loss-changed', 5_000],
      ['approved', undefined, 2_000],
    ]);
    expect(step.orders).toHaveLength(1);
    expect(step.orders[0]!.key).not.toBe(held.actions[0]!.key);
  });

  it('is decided anew where the facts at the end ask for something else: a payment that has settled is refunded, not voided', () => {
    const unsettled = onlyCase(stepFinding([], findingOf(), bothPayments({ settled: 'no' }), behind));
    expect(unsettled.actions.map(({ kind }) => kind)).toEqual(['void']);
    const known = onlyCase(
      stepPayment([unsettled], factsOf('pay-2', { orderId: 'order-1', settled: 'yes', asOf: 9_000 }), behind),
    );
    const step = stepTime(known, atEnd);
    expect(onlyCase(step).actions.map(({ kind, state, guard }) => [kind, state, guard])).toEqual([
      ['void', 'refused', 'decision-changed'],
      ['refund', 'approved', undefined],
    ]);
    expect(step.orders.map(({ kind }) => kind)).toEqual(['refund']);
  });

  it('meets the guards with the facts at the end', () => {
    const known = ['pay-1', 'pay-2'].reduce(
      (subject, id) =>
        onlyCase(stepPayment([subject], factsOf(id, { orderId: 'order-1', refundedMinor: 5_000, asOf: 9_000 }), behind)),
      held,
    );
    const step = stepTime(known, atEnd);
    expect(brief(onlyCase(step))).toEqual([['refused', 'already-refunded', 5_000]]);
    expect(step.orders).toEqual([]);
  });

  it('waits although people allowed it, and then needs nobody any more', () => {
    const asked = onlyCase(stepFinding([], findingOf({ confidence: 'likely' }), bothPayments(), behind));
    const decided = approveAction(asked, asked.actions[0]!.actionId, 'anna', behind);
    if (!decided.ok) throw new Error(decided.error.kind);
    expect(decided.value.order).toBeUndefined();
    expect(decided.value.action).toMatchObject({ state: 'awaiting_approval', guard: 'stale-facts', approvedBy: ['anna'] });
    const step = stepTime(decided.value.change.case, atEnd);
    expect(step.orders).toMatchObject([{ approvedBy: ['anna'] }]);
    expect(brief(onlyCase(step))).toEqual([['approved', undefined, 5_000]]);
  });

  it('does not hold back what protects an account', () => {
    const takeover = findingOf({ kind: 'account-takeover', loss: null, findingId: 'finding-2' });
    expect(stepFinding([], takeover, bothPayments(), behind).orders.map(({ kind }) => kind)).toEqual(['freeze', 'notify']);
  });
});

import fc from 'fast-check';
import type { ActionOrder } from '#action/action';
import { approveAction, rejectAction } from '#action/approve';
import { defaultPolicy } from '#action/default-policy';
import { isLive } from '#action/life';
import { isInLedger } from '#case/in-ledger';
import { movesMoney, type Policy } from '#action/policy';
import { stepResult } from '#action/result';
import { stepMessage, type Step } from '#action/step';
import type { ActionState, ActionView, Case } from '#case/case';
import type { Confidence, Finding, FindingKind, PaymentFacts } from '#detection/finding';
import { contextOf, factsOf, findingOf } from '#test/money/examples';
import { runs } from '#test/laws/runs';

const captured = 5_000;
const paymentIds = ['pay-1', 'pay-2', 'pay-3'] as const;
const kinds: readonly FindingKind[] = [
  'duplicate-charge',
  'refund-overdue',
  'refund-amount-wrong',
  'amount-differs-from-order',
  'stuck-hold',
];

const perDay = 100;
const policy: Policy = { ...defaultPolicy, accruals: [{ kind: 'daily-compensation', decision: 'act' }] };

/** One buyer with three payments of 50.00 under any mixture of findings, news, people and results. */
class Buyer {
  cases = new Map<string, Case>();
  readonly facts = new Map<string, PaymentFacts>(paymentIds.map((id) => [id, factsOf(id)]));
  readonly orders: ActionOrder[] = [];
  private now = 1_000;

  constructor(private readonly sends: boolean) {}

  find(finding: Finding): void {
    this.keep(
      stepMessage([...this.cases.values()], { type: 'finding', finding, payments: [...this.facts.values()] }, this.context()),
    );
  }

  /** The ledger learns of a refund, ours or the merchant's own, or of a chargeback. */
  news(paymentId: string, minor: number, ours: boolean, chargebackOpen: boolean): void {
    const known = this.facts.get(paymentId)!;
    const shown = known.refundIds ?? [];
    const own = this.actions().find(
      (action) => action.paymentId === paymentId && action.state === 'confirmed' && !shown.includes(action.reference!),
    );
    const refund = ours ? own?.amount?.minor : Math.min(minor, captured - known.refundedMinor);
    if (refund === undefined || refund === 0) return;
    const payment: PaymentFacts = {
      ...known,
      refundedMinor: known.refundedMinor + refund,
      refundIds: [...shown, ours ? own!.reference! : `merchant-${this.now}`],
      chargebackOpen,
      asOf: this.now,
    };
    this.facts.set(paymentId, payment);
    this.keep(stepMessage([...this.cases.values()], { type: 'payment', payment }, this.context()));
  }

  decide(index: number, approves: boolean): void {
    const waiting = [...this.cases.values()].flatMap((one) =>
      one.actions.filter(({ state }) => state === 'awaiting_approval').map((action) => ({ one, action })),
    );
    const chosen = waiting[index % Math.max(waiting.length, 1)];
    if (chosen === undefined) return;
    const { one, action } = chosen;
    const decided = approves
      ? approveAction(one, action.actionId, 'alice', {
          ...this.context(),
          elsewhere: this.actions().filter((other) => !one.actions.includes(other)),
        })
      : rejectAction(one, action.actionId, 'alice', 'no', this.context());
    if (decided.ok)
      this.keep({ changes: [decided.value.change], orders: decided.value.order === undefined ? [] : [decided.value.order] });
  }

  report(index: number, state: ActionState): void {
    const order = this.orders[index % Math.max(this.orders.length, 1)];
    if (order === undefined) return;
    const result = { ...order, state, reference: `re-${order.key}`, at: '2026-06-01T00:00:00Z' };
    const change = stepResult(this.cases.get(order.caseId)!, result, this.context());
    if (change !== undefined) this.keep({ changes: [change], orders: [] });
  }

  actions(): readonly ActionView[] {
    return [...this.cases.values()].flatMap(({ actions }) => actions);
  }

  private context() {
    return contextOf({ now: ++this.now, sends: this.sends, policy });
  }

  private keep(step: Step): void {
    for (const { case: changed } of step.changes) {
      expect(changed.revision).toBe((this.cases.get(changed.caseId)?.revision ?? 0) + 1);
      this.cases.set(changed.caseId, changed);
    }
    for (const order of step.orders) this.check(order);
  }

  /** What must hold of each order at the moment at which it goes out. */
  private check(order: ActionOrder): void {
    expect(this.orders.map(({ key }) => key)).not.toContain(order.key);
    this.orders.push(order);
    const finding = this.cases.get(order.caseId)!.findings.find(({ kind }) => kind === order.findingKind);
    if (movesMoney(order.kind) && order.approvedBy.length === 0) expect(finding).toBeDefined();
    if (order.kind === 'compensate') {
      const paid = this.orders.filter(({ actionId }) =>
        this.actions().some((one) => one.actionId === actionId && isLive(one.state)),
      );
      expect(paid.filter(({ accrual, findingId }) => accrual === order.accrual && findingId === order.findingId)).toHaveLength(1);
      expect(order.amount).toEqual(order.owed);
      expect(order.amount!.minor % perDay).toBe(0);
    }
    if (order.kind !== 'refund') return;
    const facts = this.facts.get(order.paymentId!)!;
    const held = this.actions()
      .filter(
        ({ kind, paymentId, state }) =>
          kind === 'refund' &&
          paymentId === order.paymentId &&
          (state === 'approved' || state === 'sent' || state === 'pending' || state === 'unknown' || state === 'confirmed'),
      )
      .filter((action) => !isInLedger(action, facts))
      .reduce((sum, { amount }) => sum + amount!.minor, 0);
    expect(facts.chargebackOpen).toBe(false);
    expect(facts.refundedMinor + facts.refundPendingMinor + held).toBeLessThanOrEqual(captured);
  }
}

/** Half of all findings are of a delay that the law gives something for. */
const delayOf = (status: Finding['status'], daysLate: number): Finding['because'] => {
  const delay = { compensationPerDayMinor: perDay, compensationCurrency: 'EUR', ...(status === 'cleared' ? { daysLate } : {}) };
  return { ...findingOf().because, figures: daysLate % 2 === 0 ? {} : delay };
};

type Command = (buyer: Buyer) => void;
const anyPayment = fc.constantFrom(...paymentIds);
const anyFinding = fc.record({
  number: fc.integer({ min: 1, max: 5 }),
  kind: fc.constantFrom(...kinds),
  confidence: fc.constantFrom<Confidence>('certain', 'certain', 'likely', 'possible'),
  status: fc.constantFrom<Finding['status']>('open', 'open', 'cleared'),
  daysLate: fc.integer({ min: 0, max: 3 }),
  paymentIds: fc.uniqueArray(anyPayment, { minLength: 1, maxLength: 3 }),
  minor: fc.integer({ min: 1, max: 2 * captured }),
});
const anyCommand: fc.Arbitrary<Command> = fc.oneof(
  anyFinding.map(
    ({ number, minor, daysLate, ...rest }): Command =>
      (buyer) =>
        buyer.find(
          findingOf({
            ...rest,
            findingId: `f-${number}`,
            orderId: `order-${number}`,
            loss: { minor, currency: 'EUR' },
            because: delayOf(rest.status, daysLate),
          }),
        ),
  ),
  fc.tuple(anyPayment, fc.integer({ min: 1, max: captured }), fc.boolean(), fc.boolean()).map(
    ([paymentId, minor, ours, chargeback]): Command =>
      (buyer) =>
        buyer.news(paymentId, minor, ours, chargeback),
  ),
  fc.tuple(fc.nat(), fc.boolean()).map(
    ([index, approves]): Command =>
      (buyer) =>
        buyer.decide(index, approves),
  ),
  fc.tuple(fc.nat(), fc.constantFrom<ActionState>('sent', 'pending', 'unknown', 'confirmed', 'failed', 'refused')).map(
    ([index, state]): Command =>
      (buyer) =>
        buyer.report(index, state),
  ),
);

describe('money, under any interleaving', () => {
  it.each([true, false])('no key goes out twice and no refund exceeds what was captured (sends: %s)', (sends) => {
    fc.assert(
      fc.property(fc.array(anyCommand, { maxLength: 40 }), (commands) => {
        const buyer = new Buyer(sends);
        for (const command of commands) command(buyer);
        const keys = buyer.actions().map(({ key }) => key);
        expect(new Set(keys).size).toBe(keys.length);
      }),
      runs(1_000),
    );
  });

  it('what acts by itself rests on a certain finding', () => {
    fc.assert(
      fc.property(fc.array(anyFinding, { maxLength: 15 }), (findings) => {
        const buyer = new Buyer(false);
        for (const { number, minor, daysLate: _, ...rest } of findings) {
          const told = findingOf({ ...rest, findingId: `f-${number}`, loss: { minor, currency: 'EUR' } });
          const before = new Set(
            buyer
              .actions()
              .filter(({ state }) => state === 'approved')
              .map(({ actionId }) => actionId),
          );
          buyer.find(told);
          for (const one of buyer.cases.values())
            for (const action of one.actions.filter(({ state, actionId }) => state === 'approved' && !before.has(actionId)))
              expect(one.findings.find(({ findingId }) => findingId === action.findingId)).toMatchObject({
                confidence: 'certain',
                status: 'open',
              });
        }
        for (const one of buyer.cases.values())
          if (one.findings.every(({ status }) => status === 'cleared'))
            expect([one.stage, one.actions.some(({ state }) => isLive(state))]).toEqual(['closed', false]);
      }),
      runs(500),
    );
  });
});

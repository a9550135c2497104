import { approveAction, rejectAction } from '#action/approve';
import type { ActionResult } from '#action/action';
import { firstGuard, type GuardInput } from '#action/guards';
import { toOrder } from '#action/order';
import { stepResult } from '#action/result';
import { stepAfter, type StepContext, stepFinding, stepPayment, stepTime } from '#action/step';
import type { ActionView, Case } from '#case/case';
import { emptyChain } from '#case/evidence';
import { mergeCases } from '#case/merge-cases';
import { splitCase } from '#case/split-case';
import { decideCase } from '#apps/casework/api/person-steps';
import type { Finding } from '#detection/finding';
import { contextOf, factsOf, findingOf } from '#test/money/examples';
import { lateAndOver, lateFinding, latePayment, paying } from '#test/money/late-payment';

const acting = (patch: Partial<StepContext> = {}) => contextOf({ policy: paying('act'), ...patch });

/** One buyer's cases, as findings come in. */
function tell(cases: readonly Case[], finding: Finding, context: StepContext = acting()) {
  const { changes, orders } = stepFinding(cases, finding, [latePayment()], context);
  const changed = changes.map((one) => one.case);
  return { cases: [...cases.filter(({ caseId }) => !changed.some((one) => one.caseId === caseId)), ...changed], orders };
}

const compensationsIn = (cases: readonly Case[]): readonly ActionView[] =>
  cases.flatMap(({ actions }) => actions.filter(({ kind }) => kind === 'compensate'));
const late = (context?: StepContext) => tell([], lateFinding(), context).cases;
const over = (context?: StepContext) => tell(late(context), lateAndOver(), context);

const resultOf = (action: ActionView, state: ActionResult['state'], at = '2026-06-03T12:00:00.000Z'): ActionResult => ({
  ...{ actionId: action.actionId, key: action.key, caseId: 'any', accountId: 'buyer-1', kind: action.kind, state, at },
});

describe('daily compensation', () => {
  it('is ordered once the delay is over, for each day of it, and healing stays healing', () => {
    const { cases, orders } = over();
    expect(cases).toMatchObject([{ stage: 'closed', outcome: 'healed' }]);
    expect(orders).toMatchObject([
      {
        ...{ kind: 'compensate', accrual: 'daily-compensation', findingId: 'late-1', paymentId: 'pay-1', reason: 'RBI T+5' },
        ...{ amount: { minor: 30_000, currency: 'INR' }, owed: { minor: 30_000, currency: 'INR' } },
      },
    ]);
    const [paid] = compensationsIn(cases);
    const told = stepResult(cases[0]!, resultOf(paid!, 'confirmed'), acting())!.case;
    expect(told).toMatchObject({ outcome: 'healed', actions: [expect.anything(), { state: 'confirmed' }] });
  });

  it('is not paid while the delay goes on, by a policy that does not name it, nor where it only watches', () => {
    expect(compensationsIn(late())).toEqual([]);
    for (const context of [contextOf(), contextOf({ policy: paying('watch') })])
      expect(compensationsIn(over(context).cases)).toEqual([]);
  });

  it('is paid once, however often and in whatever words the end is told', () => {
    const { cases } = over();
    expect(tell(cases, lateAndOver()).orders).toEqual([]);
    expect(tell(cases, lateAndOver(5)).orders).toEqual([]);
    const again = tell(cases, lateFinding()).cases;
    expect(tell(again, lateAndOver(9)).orders).toEqual([]);
  });

  it('is ordered when our refund of all of it is confirmed, and not again when the ledger shows that', () => {
    const rule = { kinds: ['payment-unconfirmed'], confidence: ['certain'], decision: 'act', action: 'refund' } as const;
    const context = acting({ policy: paying('act', { rules: [rule] }) });
    const [held] = late(context);
    const [refund] = held!.actions;
    const change = stepResult(held!, resultOf(refund!, 'confirmed', '2026-06-02T10:00:01.000Z'), context)!;
    const { changes, orders } = stepAfter(held, change, context);
    expect(orders).toMatchObject([{ kind: 'compensate', amount: { minor: 20_000, currency: 'INR' } }]);
    const after = tell([changes[0]!.case], lateAndOver(2), context);
    expect(after.orders).toEqual([]);
    expect(compensationsIn(after.cases)).toHaveLength(1);
  });

  it('waits for the whole refund', () => {
    const context = acting();
    const [held] = late(context);
    const half = { ...held!.actions[0]!, kind: 'refund', state: 'approved', amount: { minor: 45_000, currency: 'INR' } } as const;
    const before = { ...held!, actions: [half] };
    expect(stepAfter(before, stepResult(before, resultOf(half, 'confirmed'), context)!, context).orders).toEqual([]);
  });

  it('has the same key whatever became of the case in between', () => {
    const other = findingOf({ findingId: 'other', orderId: 'order-9', paymentIds: ['pay-9'], kind: 'refund-overdue' });
    const wish = { by: 'ines', now: contextOf().now, reason: 'r' };
    const alone = over().orders[0]!.key;
    const two = tell(late(), other).cases;
    const [mine, its] = [two[0]!, two[1]!];
    const merged = mergeCases(mine, its, emptyChain(mine.caseId), wish);
    if (!merged.ok) throw new Error(merged.error.kind);
    const whole = merged.value.to.case;
    expect(tell([merged.value.from.case, whole], lateAndOver()).orders[0]!.key).toBe(alone);
    const parted = splitCase(whole, ['late-1'], wish);
    if (!parted.ok) throw new Error(parted.error.kind);
    const after = tell([parted.value.from.case, parted.value.to.case], lateAndOver());
    expect(after.orders.map(({ key }) => key)).toEqual([alone]);
    expect(new Set(after.cases.flatMap(({ actions }) => actions.map(({ key }) => key))).size).toBe(
      after.cases.flatMap(({ actions }) => actions).length,
    );
  });

  it('takes nothing from a refund, neither from what may go back nor from what is missing', () => {
    const { cases } = over();
    const again = tell(
      cases,
      lateFinding({ kind: 'refund-overdue', findingId: 'overdue', loss: { minor: 90_000, currency: 'INR' } }),
    );
    expect(again.orders).toMatchObject([{ kind: 'refund', amount: { minor: 90_000, currency: 'INR' } }]);
  });

  it.each([
    ['a finding that is not certain', {}, lateAndOver(3, { confidence: 'likely' })],
    ['an open breaker', { breakerOpen: true }, lateAndOver()],
    [
      'an amount of four eyes',
      { policy: paying('act', { fourEyes: { above: { minor: {}, otherwise: 29_999 }, people: 1 } }) },
      lateAndOver(),
    ],
  ] as const)('asks people for %s, who may approve it though the case is closed', (_what, patch, finding) => {
    const context = acting(patch);
    const { cases, orders } = tell(late(context), finding, context);
    expect(orders).toEqual([]);
    const [waits] = compensationsIn(cases);
    expect(waits).toMatchObject({ state: 'awaiting_approval', approvalsNeeded: 1 });
    const decided = approveAction(cases[0]!, waits!.actionId, 'anna', context);
    expect(decided).toMatchObject({ ok: true, value: { order: { kind: 'compensate', approvedBy: ['anna'] } } });
    if (decided.ok) expect(decided.value.change.case.stage).toBe('closed');
  });

  it('a person’s no stands', () => {
    const context = acting({ policy: paying('ask') });
    const { cases } = over(context);
    const refused = rejectAction(cases[0]!, compensationsIn(cases)[0]!.actionId, 'anna', 'paid in cash', context);
    if (!refused.ok) throw new Error(refused.error.kind);
    expect(tell([refused.value.change.case], lateAndOver(4), context).orders).toEqual([]);
    expect(compensationsIn(tell([refused.value.change.case], lateAndOver(4), context).cases)).toHaveLength(1);
  });

  it('another sum than people were asked about is asked about anew, and the old one cannot be approved', () => {
    const context = acting({ policy: paying('ask') });
    const { cases } = tell(over(context).cases, lateAndOver(2), context);
    expect(compensationsIn(cases)).toMatchObject([
      { state: 'refused', guard: 'loss-changed', amount: { minor: 30_000 } },
      { state: 'awaiting_approval', amount: { minor: 20_000 } },
    ]);
  });

  it('is not owed by a case that people rejected', () => {
    const context = acting();
    const rejected = decideCase(late(context)[0]!, { outcome: 'rejected', reason: 'no loss' }, { by: 'ines', context });
    if (!rejected.ok) throw new Error(rejected.error.kind);
    expect(compensationsIn(tell([rejected.value.case], lateAndOver(), context).cases)).toEqual([]);
  });

  it('waits for what the log still holds about the buyer, and goes out then', () => {
    const { cases, orders } = over(acting({ isBehind: () => true }));
    expect(orders).toEqual([]);
    expect(compensationsIn(cases)).toMatchObject([{ state: 'proposed', guard: 'stale-facts' }]);
    expect(stepTime(cases[0]!, acting()).orders).toMatchObject([{ kind: 'compensate', amount: { minor: 30_000 } }]);
  });

  it('counts as money that goes out: the budget stops it, and once there is room it goes under a key of its own', () => {
    const { cases, orders } = over(acting({ spentMinor: () => 199_990_000 }));
    expect(orders).toEqual([]);
    expect(compensationsIn(cases)).toMatchObject([{ state: 'refused', guard: 'budget' }]);
    const later = stepPayment(cases, latePayment({ asOf: 2_000 }), acting());
    expect(later.orders).toHaveLength(1);
    expect(later.orders[0]!.key).not.toBe(compensationsIn(cases)[0]!.key);
  });

  it.each([
    ['kill-switch', { killSwitch: ['compensate'] }],
    ['velocity', { velocity: [{ per: 'currency', minutes: 60, countMax: 0 }] }],
    ['deny-list', { deny: [{ accountId: 'buyer-1', until: Infinity, reason: 'r' }] }],
    ['dry-run', { dryRun: true }],
  ] as const)('is stopped by %s as any other money', (guard, patch) => {
    expect(compensationsIn(over(acting({ policy: paying('act', patch) })).cases)).toMatchObject([{ state: 'refused', guard }]);
  });

  it('a guard holds it to what accrued, whoever ordered it, and to once a finding', () => {
    const input: GuardInput = {
      kind: 'compensate',
      accrual: 'daily-compensation',
      amount: { minor: 30_000, currency: 'INR' },
      facts: factsOf('pay-1'),
      reservedMinor: 0,
      spentMinor: 0,
      policy: paying('act'),
      now: 0,
    };
    expect(firstGuard({ ...input, owedMinor: 30_000 })).toBeUndefined();
    expect(firstGuard({ ...input, owedMinor: 29_999 })).toBe('exceeds-accrued');
    expect(firstGuard(input)).toBe('exceeds-accrued');
    const { accrual: _, ...bare } = input;
    expect(firstGuard({ ...bare, owedMinor: 29_999 })).toBe('exceeds-accrued');
    expect(firstGuard({ ...input, owedMinor: 30_000, beside: { refund: true, credit: true, compensation: true } })).toBe(
      'already-compensated',
    );
    expect(firstGuard({ ...input, owedMinor: 30_000, facts: factsOf('pay-1', { voided: true }) })).toBeUndefined();
  });

  it('an order whose delay is not over any more says that nothing is owed', () => {
    const { cases } = over();
    const reopened = { ...cases[0]!, findings: [lateFinding()] };
    const [action] = compensationsIn(cases);
    expect(toOrder(reopened, action!).owed).toBeUndefined();
  });

  it('in a replay stands approved where it would go out, and is taken back when its sum changes', () => {
    const context = acting({ sends: false });
    const { cases } = over(context);
    expect(compensationsIn(cases)).toMatchObject([{ state: 'approved' }]);
    expect(compensationsIn(tell(cases, lateAndOver(4), context).cases)).toMatchObject([
      { state: 'refused', guard: 'loss-changed' },
      { state: 'approved', amount: { minor: 40_000 } },
    ]);
  });
});

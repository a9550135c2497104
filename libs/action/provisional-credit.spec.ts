import type { ActionResult } from '#action/action';
import { approveAction } from '#action/approve';
import { firstGuard, type GuardInput } from '#action/guards';
import type { ActionOrder } from '#action/action';
import { stepResult } from '#action/result';
import { stepAfter, type StepContext, stepFinding, stepPayment, stepTime } from '#action/step';
import type { ActionState, ActionView, Case, CaseEntry } from '#case/case';
import { toCaseFile } from '#case/case-file';
import { REVERSE_BY_HAND } from '#case/credit';
import { days } from '#kernel/time';
import { decideCase } from '#apps/casework/api/person-steps';
import type { Finding, PaymentFacts } from '#detection/finding';
import { americanLoss, americanPayment, crediting } from '#test/money/american-loss';
import { contextOf, factsOf } from '#test/money/examples';

const opened = contextOf().now;

/** One buyer's cases, with all that was written and ordered about them. */
class Buyer {
  cases: readonly Case[] = [];
  readonly orders: ActionOrder[] = [];
  readonly lines: CaseEntry[] = [];
  now = opened;

  constructor(private readonly patch: Partial<StepContext> = {}) {}

  get context(): StepContext {
    return contextOf({ policy: crediting('act'), now: this.now, ...this.patch });
  }
  get held(): Case {
    return this.cases[0]!;
  }
  tell(finding: Finding = americanLoss(), payments: readonly PaymentFacts[] = [americanPayment()]): this {
    return this.keep(stepFinding(this.cases, finding, payments, this.context));
  }
  news(patch: Partial<PaymentFacts>): this {
    return this.keep(stepPayment(this.cases, americanPayment({ asOf: 2_000, ...patch }), this.context));
  }
  wait(daysLong: number): this {
    this.now += days(daysLong);
    for (const { caseId } of this.cases)
      this.keep(
        stepTime(
          this.cases.find((one) => one.caseId === caseId)!,
          this.context,
        ),
      );
    return this;
  }
  result(action: ActionView, state: ActionState): this {
    const { actionId, key, kind } = action;
    const at = new Date(this.now).toISOString();
    const owner = this.cases.find(({ actions }) => actions.some((one) => one.actionId === actionId))!;
    const result: ActionResult = { actionId, key, kind, caseId: owner.caseId, accountId: 'buyer-1', state, at };
    const change = stepResult(owner, result, this.context);
    return change === undefined ? this : this.keep(stepAfter(owner, change, this.context));
  }
  approve(action: ActionView) {
    const decided = approveAction(this.held, action.actionId, 'anna', this.context);
    if (!decided.ok) throw new Error(decided.error.kind);
    const { change, order } = decided.value;
    this.keep({ changes: [change], orders: order === undefined ? [] : [order] });
    return decided.value;
  }
  close(outcome: 'made_whole' | 'rejected'): this {
    const decided = decideCase(this.held, { outcome, reason: 'r' }, { by: 'ines', context: this.context });
    if (!decided.ok) throw new Error(decided.error.kind);
    return this.keep({ changes: [decided.value], orders: [] });
  }
  credits(): readonly ActionView[] {
    return this.cases.flatMap(({ actions }) => actions.filter(({ accrual }) => accrual === 'provisional-credit'));
  }
  refunds(): readonly ActionView[] {
    return this.cases.flatMap(({ actions }) => actions.filter(({ kind }) => kind === 'refund'));
  }
  said = (): readonly string[] => this.lines.map(({ what }) => what);

  private keep({
    changes,
    orders,
  }: {
    changes: readonly { case: Case; entries: readonly CaseEntry[] }[];
    orders: readonly ActionOrder[];
  }): this {
    for (const { case: next, entries } of changes) {
      const isKnown = this.cases.some(({ caseId }) => caseId === next.caseId);
      this.cases = isKnown ? this.cases.map((one) => (one.caseId === next.caseId ? next : one)) : [...this.cases, next];
      this.lines.push(...entries);
    }
    this.orders.push(...orders);
    return this;
  }
}

/** Credited after ten business days, and confirmed. */
const credited = (patch?: Partial<StepContext>): Buyer => {
  const buyer = new Buyer(patch).tell().wait(17);
  return buyer.result(buyer.credits()[0]!, 'confirmed');
};
const refundNow = { kinds: ['not-delivered'], confidence: ['certain'], decision: 'act', action: 'refund' } as const;
const healed = americanLoss({ status: 'cleared' });

describe('a provisional credit', () => {
  it('is ordered when ten business days are over and the loss stands, though a refund waits for people', () => {
    const buyer = new Buyer().tell();
    expect(buyer.wait(13).orders).toEqual([]);
    expect(buyer.wait(4).orders).toMatchObject([
      {
        ...{ kind: 'compensate', accrual: 'provisional-credit', findingId: 'us-1', paymentId: 'pay-1' },
        ...{ amount: { minor: 5_000, currency: 'USD' }, reason: 'Reg E, 10 business days' },
      },
    ]);
    expect(buyer.refunds()).toMatchObject([{ state: 'awaiting_approval' }]);
    expect(
      buyer
        .wait(30)
        .tell()
        .news({})
        .tell(americanLoss({ eventIds: ['e-9'] })).orders,
    ).toHaveLength(1);
  });

  it('is not by a policy that does not name it, nor where it only watches, nor elsewhere', () => {
    expect(new Buyer({ policy: contextOf().policy }).tell().wait(17).orders).toEqual([]);
    expect(new Buyer({ policy: crediting('watch') }).tell().wait(17).orders).toEqual([]);
    const abroad = [americanPayment({ instrument: { kind: 'card', fingerprint: 'tok', country: 'DE' } })];
    expect(new Buyer().tell(americanLoss(), abroad).wait(17).orders).toEqual([]);
  });

  it('is of what a refund would be of, each payment once, two findings of one payment together', () => {
    const more = americanLoss({ findingId: 'us-2', kind: 'refund-overdue', loss: { minor: 3_000, currency: 'USD' } });
    const rules = { policy: crediting('act', { rules: [] }) };
    expect(new Buyer(rules).tell().tell(more).wait(17).orders).toMatchObject([{ amount: { minor: 5_000 } }]);
    const two = [americanPayment(), americanPayment({ paymentId: 'pay-2' })];
    const spread = new Buyer()
      .tell(americanLoss({ paymentIds: ['pay-1', 'pay-2'], loss: { minor: 8_000, currency: 'USD' } }), two)
      .wait(17);
    expect(spread.orders).toMatchObject([
      { paymentId: 'pay-2', amount: { minor: 5_000 } },
      { paymentId: 'pay-1', amount: { minor: 3_000 } },
    ]);
    expect(new Set(spread.orders.map(({ key }) => key)).size).toBe(2);
  });

  it.each(['sent', 'pending', 'unknown', 'confirmed'] as const)(
    'while it is %s no refund of the same money goes out',
    (state) => {
      const buyer = new Buyer().tell().wait(17);
      buyer.result(buyer.credits()[0]!, state);
      expect(buyer.approve(buyer.refunds()[0]!).guard).toBe('credited');
      expect(buyer.refunds()).toMatchObject([{ state: 'refused', guard: 'credited' }]);
      expect(buyer.said()).toContain('credit final');
      buyer.tell(americanLoss({ confidence: 'likely' })).wait(1);
      expect(buyer.orders).toHaveLength(1);
      const acting = buyer.tell(americanLoss({ findingId: 'us-2', kind: 'duplicate-charge' })).orders;
      expect(acting).toHaveLength(1);
    },
  );

  it('is not ordered beside a refund that is out, unknown or confirmed', () => {
    for (const state of ['approved', 'unknown', 'confirmed'] as const) {
      const buyer = new Buyer({ policy: crediting('act', { rules: [refundNow] }) }).tell();
      expect(buyer.orders).toMatchObject([{ kind: 'refund' }]);
      if (state !== 'approved') buyer.result(buyer.refunds()[0]!, state);
      expect(buyer.wait(17).credits()).toEqual([]);
    }
  });

  it('is not ordered while the platform’s own refund may still come, and is once that failed', () => {
    const buyer = new Buyer().tell(americanLoss(), [americanPayment({ refundPendingMinor: 5_000 })]).wait(17);
    expect(buyer.credits()).toMatchObject([{ state: 'refused', guard: 'refund-pending' }]);
    expect(buyer.news({ refundPendingMinor: 0 }).orders).toMatchObject([{ accrual: 'provisional-credit' }]);
  });

  it('is never of more than was captured, nor of a hold', () => {
    const hold = americanLoss({ kind: 'stuck-hold' });
    const buyer = new Buyer({ policy: crediting('act', { rules: [] }) });
    buyer.tell(hold, [americanPayment({ capturedMinor: 0 })]).wait(17);
    expect(buyer.credits()).toMatchObject([{ state: 'refused', guard: 'exceeds-captured' }]);
  });

  it('asks people where the policy says so or the finding is not certain; a waiting one holds no refund up', () => {
    for (const [patch, finding] of [
      [{ policy: crediting('ask') }, americanLoss()],
      [{}, americanLoss({ confidence: 'likely' })],
    ] as const) {
      const buyer = new Buyer(patch).tell(finding).wait(17);
      expect(buyer.orders).toEqual([]);
      expect(
        buyer
          .wait(1)
          .tell(americanLoss({ ...finding, eventIds: ['e-9'] }))
          .credits(),
      ).toMatchObject([{ state: 'awaiting_approval' }]);
      expect(buyer.approve(buyer.refunds()[0]!).order).toMatchObject({ kind: 'refund' });
      expect(buyer.approve(buyer.credits()[0]!).guard).toBe('already-refunded');
    }
  });

  it('that people approve goes out beside the refund that waits, which cannot follow', () => {
    const buyer = new Buyer({ policy: crediting('ask') }).tell().wait(17);
    expect(buyer.approve(buyer.credits()[0]!).order).toMatchObject({ accrual: 'provisional-credit' });
    expect(buyer.approve(buyer.refunds()[0]!).guard).toBe('credited');
  });

  it('is final when the case is decided for the buyer, and nothing else goes out', () => {
    const buyer = credited().close('made_whole');
    expect(buyer.said().slice(-1)).toEqual(['action refused']);
    expect(buyer.said()).toContain('credit final');
    expect(buyer.refunds()).toMatchObject([{ state: 'refused' }]);
    expect(buyer.orders).toHaveLength(1);
    expect(credited().close('rejected').lines).toContainEqual(
      expect.objectContaining({ what: 'credit to reverse', data: expect.objectContaining({ reason: REVERSE_BY_HAND }) }),
    );
  });

  it('is final when the time to resolve is over and the loss still stands', () => {
    const buyer = credited().wait(29);
    expect(buyer.held).toMatchObject({ stage: 'closed', outcome: 'made_whole' });
    expect(buyer.said()).toContain('credit final');
    expect(buyer.wait(60).orders).toHaveLength(1);
    const unknown = new Buyer().tell().wait(17);
    unknown.result(unknown.credits()[0]!, 'unknown').wait(29);
    expect(unknown.held.stage).not.toBe('closed');
    expect(unknown.result(unknown.credits()[0]!, 'confirmed').held).toMatchObject({ outcome: 'made_whole' });
  });

  it.each([
    ['the goods came', {}],
    ['the refund arrived after all', { refundedMinor: 5_000, refundIds: ['theirs'], asOf: 3_000 }],
  ])('of what healed (%s) leaves the case to people, who hear why, and debits nobody', (_what, facts) => {
    const buyer = credited().tell(healed, [americanPayment(facts)]);
    expect(buyer.held.stage).not.toBe('closed');
    expect(toCaseFile(buyer.held).attention).toBe(REVERSE_BY_HAND);
    expect(buyer.lines.filter(({ what }) => what === 'credited and healed')).toMatchObject([
      { data: { reason: REVERSE_BY_HAND } },
    ]);
    buyer.tell(americanLoss({ status: 'cleared', eventIds: ['e-7'] })).wait(40);
    expect(buyer.said().filter((what) => what === 'credited and healed')).toHaveLength(1);
    expect(buyer.orders).toHaveLength(1);
    const closed = buyer.close('made_whole').tell(americanLoss({ status: 'cleared', eventIds: ['e-8'] }));
    expect(closed.held.stage).toBe('closed');
    expect(toCaseFile(closed.held).attention).toBeUndefined();
  });

  it('is told of by itself, where one of several heals after another', () => {
    const other = americanLoss({ findingId: 'us-2', paymentIds: ['pay-2'] });
    const second = [americanPayment({ paymentId: 'pay-2' })];
    const buyer = new Buyer().tell().tell(other, second).wait(17);
    expect(buyer.orders).toHaveLength(2);
    buyer.tell(healed).tell({ ...other, status: 'cleared' }, second);
    const told = buyer.lines.filter(({ what }) => what === 'credited and healed').flatMap(({ data }) => data['actionIds']);
    expect(told).toEqual(buyer.credits().map(({ actionId }) => actionId));
    expect(buyer.held.stage).not.toBe('closed');
  });

  it('opens its case again when the loss heals after that was closed for the buyer', () => {
    const buyer = credited().close('made_whole').tell(healed);
    expect(buyer.held).toMatchObject({ stage: 'open', outcome: null });
    expect(buyer.said()).toEqual(expect.arrayContaining(['credited and healed', 'case reopened']));
    expect(credited().close('rejected').tell(healed).held.stage).toBe('closed');
  });

  it('more than the rest of a loss is for people, too', () => {
    const buyer = credited().tell(americanLoss({ loss: { minor: 2_000, currency: 'USD' } }));
    expect(toCaseFile(buyer.held).attention).toBe(REVERSE_BY_HAND);
  });

  it('whose outcome is unknown when the loss heals keeps the case open until it is known', () => {
    const buyer = new Buyer().tell().wait(17);
    buyer.result(buyer.credits()[0]!, 'unknown').tell(healed);
    expect(buyer.held.stage).not.toBe('closed');
    buyer.result(buyer.credits()[0]!, 'refused');
    expect(buyer.held).toMatchObject({ stage: 'closed', outcome: 'healed' });
  });

  it('that the ledger shows as a refund is one: the case heals by it', () => {
    const buyer = credited();
    const [credit] = buyer.credits();
    buyer.tell(healed, [americanPayment({ refundedMinor: 5_000, refundIds: [credit!.key], asOf: 3_000 })]);
    expect(buyer.held).toMatchObject({ stage: 'closed', outcome: 'made_whole' });
  });

  it('is not tried again once it was refused or failed, and then a refund may go out', () => {
    for (const state of ['refused', 'failed'] as const) {
      const buyer = new Buyer().tell().wait(17);
      buyer.result(buyer.credits()[0]!, state).wait(20);
      expect(buyer.orders).toHaveLength(1);
      expect(buyer.approve(buyer.refunds()[0]!).order).toMatchObject({ kind: 'refund' });
    }
  });

  it('waits for what the log still holds about the buyer', () => {
    const behind = new Buyer({ isBehind: () => true }).tell().wait(17);
    expect(behind.orders).toEqual([]);
    expect(behind.credits()).toMatchObject([{ state: 'proposed', guard: 'stale-facts' }]);
  });

  it('in a replay stands approved, and heals with its loss', () => {
    const buyer = new Buyer({ sends: false }).tell().wait(17);
    expect(buyer.credits()).toMatchObject([{ state: 'approved' }]);
    expect(buyer.tell(healed).held).toMatchObject({ stage: 'closed', outcome: 'healed' });
    expect(buyer.credits()).toMatchObject([{ state: 'refused', guard: 'loss-healed' }]);
  });

  it.each([
    ['kill-switch', { killSwitch: ['compensate'] }],
    ['budget', { budgetPerHour: { minor: {}, otherwise: 4_999 } }],
    ['velocity', { velocity: [{ per: 'currency', minutes: 60, countMax: 0 }] }],
    ['dry-run', { dryRun: true }],
  ] as const)('is stopped by %s as any other money', (guard, patch) => {
    const buyer = new Buyer({ policy: crediting('act', patch) }).tell().wait(17);
    expect(buyer.credits()).toMatchObject([{ state: 'refused', guard }]);
  });

  it('guards hold credit and refund of a payment apart, whoever ordered them', () => {
    const input: GuardInput = {
      kind: 'compensate',
      accrual: 'provisional-credit',
      amount: { minor: 5_000, currency: 'EUR' },
      facts: factsOf('pay-1'),
      reservedMinor: 0,
      spentMinor: 0,
      policy: crediting('act'),
      now: 0,
    };
    const beside = { refund: false, credit: false, compensation: true };
    const { accrual: _, ...refund } = { ...input, kind: 'refund' as const };
    expect([
      firstGuard({ ...input, beside }),
      firstGuard({ ...input, beside: { ...beside, refund: true } }),
      firstGuard({ ...input, beside: { ...beside, credit: true } }),
      firstGuard({ ...refund, beside: { ...beside, refund: true } }),
      firstGuard({ ...refund, beside: { ...beside, credit: true } }),
      firstGuard({ ...refund, kind: 'void', beside: { ...beside, credit: true } }),
      firstGuard({ ...input, reservedMinor: 1 }),
      firstGuard({ ...input, facts: factsOf('pay-1', { chargebackOpen: true }) }),
    ]).toEqual([
      undefined,
      'already-refunded',
      'credited',
      undefined,
      'credited',
      'credited',
      'exceeds-captured',
      'open-chargeback',
    ]);
  });
});

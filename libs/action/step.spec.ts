import { NEVER } from '#kernel/time';
import { toOrder } from '#action/order';
import { nextStepAt, stepFinding, stepPayment, stepTime, type Step, type StepContext } from '#action/step';
import type { ActionView, Case } from '#case/case';
import { lossOf } from '#case/loss';
import type { Finding, PaymentFacts } from '#detection/finding';
import { bothPayments, contextOf, factsOf, findingOf } from '#test/money/examples';

/** Steps over one account, as a book keeps them. */
class Account {
  cases: readonly Case[] = [];
  orders: Step['orders'] = [];
  constructor(private readonly context: StepContext = contextOf()) {}

  tell(finding: Finding, payments: readonly PaymentFacts[] = bothPayments()): this {
    return this.keep(stepFinding(this.cases, finding, payments, this.context));
  }
  news(facts: PaymentFacts): this {
    return this.keep(stepPayment(this.cases, facts, this.context));
  }
  wait(now: number): this {
    return this.keep(stepTime(this.cases[0]!, { ...this.context, now }));
  }
  get actions(): readonly ActionView[] {
    return this.cases.flatMap(({ actions }) => actions);
  }
  brief(): readonly unknown[] {
    return this.actions.map(({ kind, paymentId, amount, state, guard }) => [kind, paymentId, amount?.minor, guard ?? state]);
  }
  private keep(step: Step): this {
    const changed = new Map(step.changes.map((one) => [one.case.caseId, one.case]));
    this.cases = [...this.cases.filter(({ caseId }) => !changed.has(caseId)), ...changed.values()];
    this.orders = [...this.orders, ...step.orders];
    return this;
  }
}

const eur = (minor: number) => ({ minor, currency: 'EUR' });

describe('from findings to actions', () => {
  it('a certain duplicate is refunded at once: the later payment, the whole surplus', () => {
    const account = new Account().tell(findingOf());
    expect(account.brief()).toEqual([['refund', 'pay-2', 5_000, 'approved']]);
    expect(account.orders).toMatchObject([
      { paymentId: 'pay-2', amount: eur(5_000), policyVersion: 'default-3', caseNumber: account.cases[0]!.number },
    ]);
    expect(account.cases[0]!.stage).toBe('resolving');
  });

  it('told again, with more facts or nothing new, it is refunded once', () => {
    const account = new Account()
      .tell(findingOf())
      .tell(findingOf())
      .tell(findingOf({ eventIds: ['a', 'b', 'c'] }));
    account.news(factsOf('pay-1', { orderId: 'order-1', asOf: 9_000 }));
    expect(account.orders).toHaveLength(1);
  });

  it('a likely one asks a person, and is refunded by itself once it is certain', () => {
    const account = new Account().tell(findingOf({ confidence: 'likely' }));
    expect(account.brief()).toEqual([['refund', 'pay-2', 5_000, 'awaiting_approval']]);
    expect(account.orders).toEqual([]);
    account.tell(findingOf());
    expect(account.brief()).toEqual([
      ['refund', 'pay-2', 5_000, 'decision-changed'],
      ['refund', 'pay-2', 5_000, 'approved'],
    ]);
    expect(new Set(account.actions.map(({ key }) => key)).size).toBe(2);
  });

  it('a finding in shadow opens no case and moves nothing until its kind is live, then it is acted on', () => {
    const account = new Account().tell(findingOf({ mode: 'shadow' }));
    expect([account.cases, account.orders]).toEqual([[], []]);
    account.tell(findingOf());
    expect(account.brief()).toEqual([['refund', 'pay-2', 5_000, 'approved']]);
  });

  it('a kind that is put into shadow is acted on no more: what was asked is withdrawn, and its loss counts no longer', () => {
    const account = new Account()
      .tell(findingOf({ confidence: 'likely' }))
      .tell(findingOf({ confidence: 'likely', mode: 'shadow' }));
    expect(account.brief()).toEqual([['refund', 'pay-2', 5_000, 'decision-changed']]);
    account.tell(findingOf({ mode: 'shadow' }));
    expect(account.orders).toEqual([]);
    expect(account.cases.map(({ stage, findings }) => [stage, lossOf(findings)])).toEqual([['open', []]]);
  });

  it('above the amount of four eyes a person is needed, however certain', () => {
    const large = bothPayments({ capturedMinor: 60_000, authorisedMinor: 60_000 });
    const account = new Account().tell(findingOf({ loss: eur(60_000) }), large);
    expect(account.actions).toMatchObject([{ state: 'awaiting_approval', approvalsNeeded: 1 }]);
  });

  it('a surplus of two payments goes back on both, the last one first', () => {
    const payments = [...bothPayments(), factsOf('pay-3', { orderId: 'order-1' })];
    const account = new Account().tell(findingOf({ paymentIds: ['pay-1', 'pay-2', 'pay-3'], loss: eur(10_000) }), payments);
    expect(account.brief()).toEqual([
      ['refund', 'pay-3', 5_000, 'approved'],
      ['refund', 'pay-2', 5_000, 'approved'],
    ]);
  });

  it('a payment that two cases name is refunded once for both', () => {
    const about = (findingId: string, orderId: string, paymentIds: readonly string[]) =>
      findingOf({ findingId, orderId, paymentIds });
    const payments = [factsOf('pay-1'), factsOf('pay-2')];
    const account = new Account()
      .tell(about('f-1', 'order-1', ['pay-1']), payments)
      .tell(about('f-2', 'order-2', ['pay-2']), payments);
    account.tell(about('f-3', 'order-3', ['pay-1', 'pay-2']), payments);
    expect(account.cases).toHaveLength(2);
    expect(account.orders.map(({ paymentId, amount }) => [paymentId, amount!.minor])).toEqual([
      ['pay-1', 5_000],
      ['pay-2', 5_000],
    ]);
  });

  it('what fits on no payment is stopped, what fits goes out', () => {
    const payments = [
      factsOf('pay-1', { orderId: 'order-1', refundedMinor: 5_000 }),
      factsOf('pay-2', { orderId: 'order-1', refundedMinor: 2_000 }),
    ];
    const account = new Account().tell(findingOf(), payments);
    expect(account.brief()).toEqual([
      ['refund', 'pay-2', 3_000, 'approved'],
      ['refund', 'pay-2', 2_000, 'exceeds-captured'],
    ]);
  });

  it('a loss that grows under the same finding is refunded by the difference', () => {
    const payments = [...bothPayments(), factsOf('pay-3', { orderId: 'order-1' })];
    const account = new Account().tell(findingOf());
    account.tell(findingOf({ paymentIds: ['pay-1', 'pay-2', 'pay-3'], loss: eur(10_000) }), payments);
    expect(account.orders.map(({ paymentId, amount }) => [paymentId, amount!.minor])).toEqual([
      ['pay-2', 5_000],
      ['pay-3', 5_000],
    ]);
  });

  it('two findings on the same money give it back once', () => {
    const overdue = findingOf({ findingId: 'f-2', kind: 'amount-differs-from-order', paymentIds: ['pay-2'] });
    const account = new Account().tell(findingOf()).tell(overdue);
    expect(account.cases).toHaveLength(1);
    expect(account.orders).toHaveLength(1);
  });

  it('what is captured and not settled is voided where the whole of it goes back, else it waits', () => {
    const whole = new Account().tell(findingOf(), bothPayments({ settled: 'no' }));
    expect(whole.brief()).toEqual([['void', 'pay-2', 5_000, 'approved']]);
    const part = new Account().tell(findingOf({ loss: eur(700) }), bothPayments({ settled: 'no' }));
    expect(part.brief()).toEqual([['refund', 'pay-2', 700, 'not-settled']]);
    part.news(factsOf('pay-2', { orderId: 'order-1', settled: 'yes', asOf: 2_000 }));
    expect(part.brief()).toEqual([
      ['refund', 'pay-2', 700, 'not-settled'],
      ['refund', 'pay-2', 700, 'approved'],
    ]);
  });

  it('an open chargeback stops the refund, and is not asked about for ever', () => {
    const account = new Account().tell(findingOf(), bothPayments({ chargebackOpen: true }));
    expect(account.brief()).toEqual([['refund', 'pay-2', 5_000, 'open-chargeback']]);
    for (let asOf = 2_000; asOf < 2_020; asOf++)
      account.news(factsOf('pay-2', { orderId: 'order-1', chargebackOpen: true, asOf }));
    expect(account.actions).toHaveLength(1);
  });

  it('where facts are unknown a person is asked', () => {
    expect(new Account().tell(findingOf(), []).actions).toMatchObject([{ state: 'awaiting_approval' }]);
  });

  it('an action that nobody sent is withdrawn when its loss heals; in a live system an approved one is on its way', () => {
    const cleared = findingOf({ status: 'cleared' });
    const asked = new Account().tell(findingOf({ confidence: 'likely' })).tell({ ...cleared, confidence: 'likely' });
    expect(asked.brief()).toEqual([['refund', 'pay-2', 5_000, 'loss-healed']]);
    expect(new Account().tell(findingOf()).tell(cleared).brief()).toEqual([['refund', 'pay-2', 5_000, 'approved']]);
    const replayed = new Account(contextOf({ sends: false })).tell(findingOf()).tell(cleared);
    expect(replayed.brief()).toEqual([['refund', 'pay-2', 5_000, 'loss-healed']]);
    expect(replayed.cases[0]).toMatchObject({ stage: 'closed', outcome: 'healed' });
  });

  it('a stuck hold is voided, a takeover frozen for a while, frozen funds and weak signs are asked about', () => {
    const about = { orderId: 'order-1', paymentIds: ['pay-1'] };
    const hold = bothPayments({ capturedMinor: 0 });
    expect(new Account().tell(findingOf({ ...about, kind: 'stuck-hold' }), hold).brief()).toEqual([
      ['void', 'pay-1', 5_000, 'approved'],
    ]);
    const takeover = new Account().tell(findingOf({ ...about, kind: 'account-takeover' }));
    expect(takeover.brief()).toEqual([
      ['freeze', undefined, undefined, 'approved'],
      ['notify', undefined, undefined, 'approved'],
    ]);
    expect(takeover.orders[0]!.until).toBe('2026-06-04T10:00:05.000Z');
    expect(new Account().tell(findingOf({ ...about, kind: 'account-takeover', confidence: 'likely' })).brief()).toEqual([
      ['step_up', undefined, undefined, 'awaiting_approval'],
      ['hold_payout', undefined, 5_000, 'awaiting_approval'],
    ]);
    expect(new Account().tell(findingOf({ kind: 'frozen-funds', paymentIds: [] }), []).brief()).toEqual([
      ['unfreeze', undefined, 5_000, 'awaiting_approval'],
    ]);
  });

  it('a freeze that stands is lifted before its end, once', () => {
    const account = new Account().tell(findingOf({ kind: 'account-takeover' }));
    account.cases = account.cases.map((held) => ({
      ...held,
      actions: held.actions.map((action) => ({ ...action, state: 'confirmed' as const })),
    }));
    const endsAt = account.actions[0]!.until!;
    const liftAt = endsAt - 300_000;
    account.cases = account.cases.map((held) => ({ ...held, clocks: [] }));
    expect(nextStepAt(account.cases[0]!)).toBe(liftAt);
    account.wait(liftAt - 1);
    expect(account.actions).toHaveLength(2);
    account.wait(liftAt).wait(liftAt + 1);
    expect(account.orders.map(({ kind }) => kind)).toEqual(['freeze', 'notify', 'unfreeze']);
  });

  it('a freeze that waits for approval is not lifted: nothing is frozen', () => {
    const { orderId: _order, ...about } = findingOf({
      kind: 'insider-abuse',
      accountId: null,
      scope: { kind: 'operator', key: 'clerk-4' },
      paymentIds: [],
    });
    const account = new Account().tell(about, []);
    account.cases = account.cases.map((held) => ({ ...held, clocks: [] }));
    expect(account.brief()).toEqual([['freeze', undefined, undefined, 'awaiting_approval']]);
    expect(nextStepAt(account.cases[0]!)).toBe(NEVER);
    account.wait(account.actions[0]!.until! + 1);
    expect(account.orders).toEqual([]);
    expect(account.actions).toHaveLength(1);
  });

  it('a freeze that stands is lifted at its end, though an unfreeze that somebody has to approve waits', () => {
    const account = new Account().tell(findingOf({ kind: 'account-takeover' }));
    account.cases = account.cases.map((held) => ({
      ...held,
      clocks: [],
      actions: held.actions.map((action) => ({ ...action, state: 'confirmed' as const })),
    }));
    account.tell(findingOf({ findingId: 'f-2', kind: 'frozen-funds', paymentIds: ['pay-2'] }));
    expect(account.brief().at(-1)).toEqual(['unfreeze', undefined, 5_000, 'awaiting_approval']);
    account.wait(account.actions[0]!.until!);
    expect(account.orders.map(({ kind }) => kind)).toEqual(['freeze', 'notify', 'unfreeze']);
  });

  it('a finding about no buyer opens a case and moves nothing', () => {
    const scope = { kind: 'merchant', key: 'shop-1' } as const;
    const account = new Account().tell(findingOf({ kind: 'refund-overdue', accountId: null, scope, paymentIds: [] }), []);
    expect(account.cases).toHaveLength(1);
    expect(account.actions).toEqual([]);
  });

  it.each([
    ['merchant-anomaly', { kind: 'merchant', key: 'shop-1' }, 'hold_payout'],
    ['compromised-merchant', { kind: 'merchant', key: 'shop-1' }, 'hold_payout'],
    ['credential-stuffing', { kind: 'network', key: '185.220.7.9' }, 'step_up'],
    ['card-testing', { kind: 'network', key: 'device-9' }, 'step_up'],
    ['insider-abuse', { kind: 'operator', key: 'clerk-4' }, 'freeze'],
  ] as const)('%s asks for what moves no money, and the order says whom it is about', (kind, scope, action) => {
    const { orderId: _order, ...about } = findingOf({
      kind,
      accountId: null,
      scope,
      confidence: 'likely',
      paymentIds: [],
      loss: null,
    });
    const asked = new Account().tell(about, []);
    expect(asked.brief()).toEqual([[action, undefined, undefined, 'awaiting_approval']]);
    expect(asked.tell({ ...about, eventIds: ['more'] }, []).actions).toHaveLength(1);
    const approved = { ...asked.actions[0]!, state: 'approved' as const };
    expect(toOrder(asked.cases[0]!, approved)).toMatchObject({
      kind: action,
      accountId: null,
      scope,
      ...(scope.kind === 'merchant' ? { merchantId: 'shop-1' } : {}),
    });
    expect(() => toOrder(asked.cases[0]!, { ...approved, kind: 'refund' })).toThrow('no account to act on');
  });

  it('what is asked of the whole account is asked once, though two findings of a case want it', () => {
    const orderless = ({ orderId: _order, ...rest }: Finding): Finding => rest;
    const about = { confidence: 'likely', loss: null, paymentIds: [], eventIds: ['log-in'] } as const;
    const travel = orderless(findingOf({ ...about, kind: 'impossible-travel' }));
    const takeover = orderless(
      findingOf({ ...about, findingId: 'f-2', kind: 'account-takeover', eventIds: ['log-in', 'payout'] }),
    );
    const account = new Account().tell(travel, []).tell(takeover, []);
    expect(account.actions.map(({ kind }) => kind)).toEqual(['step_up', 'hold_payout']);
    account.tell({ ...travel, status: 'cleared' }, []);
    expect(account.brief()).toEqual([
      ['step_up', undefined, undefined, 'loss-healed'],
      ['hold_payout', undefined, undefined, 'awaiting_approval'],
      ['step_up', undefined, undefined, 'awaiting_approval'],
    ]);
  });

  it('a takeover tells the contact of before it, and asks no more for what a freeze outgrew', () => {
    const about = { kind: 'account-takeover', paymentIds: ['pay-1'] } as const;
    const because = { rule: 'r', fields: [], figures: { since: '2026-06-01T09:00:00.000Z' } };
    const account = new Account()
      .tell(findingOf({ ...about, because, confidence: 'likely' }))
      .tell(findingOf({ ...about, because }));
    expect(account.brief()).toEqual([
      ['step_up', undefined, undefined, 'decision-changed'],
      ['hold_payout', undefined, 5_000, 'decision-changed'],
      ['freeze', undefined, undefined, 'approved'],
      ['notify', undefined, undefined, 'approved'],
    ]);
    expect(account.orders.map(({ kind, contactBefore }) => [kind, contactBefore])).toEqual([
      ['freeze', undefined],
      ['notify', '2026-06-01T09:00:00.000Z'],
    ]);
  });
});

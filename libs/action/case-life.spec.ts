import fc from 'fast-check';
import { approveAction, rejectAction } from '#action/approve';
import { CaseBook } from '#action/case-book';
import { defaultPolicy } from '#action/default-policy';
import { isFirm, mayReach } from '#action/life';
import { isOfLoss, movesMoney, type Policy } from '#action/policy';
import { type Step, stepAfter, type StepContext, stepMessage, stepTime } from '#action/step';
import { stepResult } from '#action/result';
import { appeal, hearBuyer } from '#case/buyer-acts';
import type { ActionState, Case, CaseChange, CaseStage } from '#case/case';
import { clockSettings } from '#case/clocks';
import { emptyChain, findChainFault, type SealedEntry, sealEntries } from '#case/evidence';
import type { HandedOver } from '#case/hand-over';
import { countRevision, escalate } from '#case/life';
import { mergeCases } from '#case/merge-cases';
import { reopenAsLinked } from '#case/reopen-case';
import { splitCase } from '#case/split-case';
import { mayMoveStage, moverOf, outcomes } from '#case/transitions';
import { assignCase, snoozeCase, tagCase } from '#case/work';
import { defaultsOf } from '#kernel/setting';
import { days } from '#kernel/time';
import { caseStages } from '#apps/casework/api/schemas';
import { decideCase } from '#apps/casework/api/person-steps';
import type { FindingMessage } from '#detection/finding';
import { anyMessages, noon } from '#test/casework/finding-messages';
import { lawful } from '#test/casework/lawful-messages';
import { runs } from '#test/laws/runs';

type Act =
  | { readonly do: 'tell'; readonly message: FindingMessage }
  | {
      readonly do: 'merge' | 'split' | 'reopen' | 'reject' | 'withdraw' | 'await' | 'open' | 'assign' | 'snooze' | 'tag' | 'wait';
    }
  | { readonly do: 'appeal' | 'write' | 'escalate' | 'approve' | 'refuse' | 'result' };
type Deed = readonly [Act, { readonly which: number; readonly other: number }];
const chances = fc.record({ which: fc.nat(), other: fc.nat() });
const deeds = [
  'merge',
  'split',
  'reopen',
  'merge',
  'split',
  'reopen',
  'merge',
  'split',
  'reopen',
  'reject',
  'withdraw',
  'await',
  'open',
  'assign',
  'snooze',
  'tag',
  'wait',
  'appeal',
  'write',
  'escalate',
  'approve',
  'approve',
  'refuse',
  'result',
  'result',
  'result',
  'result',
  'result',
  'result',
] as const;
/** What the actuator may say of an order, in whatever order it arrives: late, twice, after the end. */
const said: readonly ActionState[] = ['sent', 'pending', 'unknown', 'confirmed', 'failed', 'refused'];
const anyAct = fc.tuple(fc.constantFrom(...deeds), chances);
const anyLife = fc
  .tuple(anyMessages, anyMessages, anyMessages, fc.array(anyAct, { minLength: 20, maxLength: 80, size: 'max' }))
  .chain(([first, second, third, acts]) => {
    const told = [...first, ...second, ...third].map((message): Deed => [
      { do: 'tell', message: lawful(message) },
      { which: 0, other: 0 },
    ]);
    const deeds = [...told, ...acts.map(([deed, chance]): Deed => [{ do: deed }, chance])];
    return fc.shuffledSubarray(deeds, { minLength: deeds.length });
  });

/** Among the moves of actions: a person's word, a call without an answer, late success, failure after success. */
const lateMoves = [
  'awaiting_approval approved',
  'awaiting_approval refused',
  'sent unknown',
  'unknown confirmed',
  'confirmed failed',
];

const policy: Policy = {
  ...defaultPolicy,
  accruals: [
    { kind: 'daily-compensation', decision: 'act' },
    { kind: 'provisional-credit', decision: 'act' },
  ],
};

/** All cases, their chains and orders, as acts leave them. */
class World {
  readonly cases = new Map<string, Case>();
  readonly lines = new Map<string, SealedEntry[]>();
  readonly orders: Step['orders'][number][] = [];
  readonly said: FindingMessage[] = [];
  readonly moves: string[] = [];
  readonly paid: string[] = [];
  private readonly states = new Map<string, ActionState>();
  private now = noon;

  do(act: Act, { which, other }: { which: number; other: number }): void {
    this.now += 60_000;
    if (act.do === 'tell') {
      this.said.push(act.message);
      return this.keep(stepMessage([...this.cases.values()].filter(isOwnedBy(act.message)), act.message, this.context()));
    }
    const all = [...this.cases.values()];
    const held = all[which % all.length];
    if (held === undefined) return;
    const wish = { by: 'ines', now: this.now, reason: 'r' };
    switch (act.do) {
      case 'wait':
        this.now += days(which % 60);
        for (const due of this.cases.values()) this.keep(stepTime(due, this.context()));
        return;
      case 'merge': {
        const like = all.filter(({ accountId, stage }) => accountId === held.accountId && stage !== 'closed');
        const from = like[other % (like.length || 1)] ?? held;
        return this.regroup(held, mergeCases(from, held, this.head(from), wish));
      }
      case 'split': {
        const parts = held.findings.map(({ findingId }) => splitCase(held, [findingId], wish));
        return this.regroup(undefined, parts.find(({ ok }) => ok) ?? { ok: false });
      }
      case 'reopen':
        return this.regroup(undefined, reopenAsLinked(held, { ...wish, clocks: this.context().clocks }));
      case 'reject':
      case 'withdraw':
      case 'await':
      case 'open': {
        const decision =
          act.do === 'reject' || act.do === 'withdraw'
            ? { outcome: act.do === 'reject' ? ('rejected' as const) : ('withdrawn' as const), reason: 'r' }
            : { stage: act.do === 'await' ? ('awaiting_buyer' as const) : ('open' as const), reason: 'r' };
        const decided = decideCase(held, decision, { by: 'ines', context: this.context() });
        return decided.ok ? this.write(decided.value) : undefined;
      }
      case 'assign':
        return held.stage === 'closed' ? undefined : this.write(assignCase(held, other % 2 ? 'ines' : null, wish));
      case 'snooze':
        return held.stage === 'closed' ? undefined : this.write(snoozeCase(held, this.now + days(1), wish));
      case 'tag':
        return this.write(tagCase(held, ['vip'], wish));
      case 'appeal':
        return this.regroup(undefined, appeal(held, 'r', { now: this.now, clocks: this.context().clocks }));
      case 'write':
        return held.accountId === null ? undefined : this.write(hearBuyer(held, 'buyer wrote', 'r', this.now));
      case 'escalate': {
        const { clocks } = this.context();
        const step = escalate({ case: held, entries: [], notices: [] }, { now: this.now, clocks, by: 'ines' });
        const counted = held.stage === 'closed' ? undefined : countRevision(held, step);
        return counted && this.write(counted);
      }
      case 'approve':
      case 'refuse': {
        const waits = held.actions.find(({ state }) => state === 'awaiting_approval');
        // Of a payment that the case was told nothing of, the actuator sends nothing whatever people allow: `unknown-payment`.
        if (!held.payments.some(({ paymentId }) => paymentId === waits?.paymentId)) return;
        if (waits === undefined) return;
        const person = other % 2 ? 'anna' : 'bert';
        const decided =
          act.do === 'approve'
            ? approveAction(held, waits.actionId, person, this.context())
            : rejectAction(held, waits.actionId, person, 'r', this.context());
        if (!decided.ok) return;
        this.write(decided.value.change);
        if (decided.value.order) this.orders.push(decided.value.order);
        return;
      }
      case 'result': {
        const order = this.orders[which % this.orders.length];
        const owner = all.find(({ actions }) => actions.some(({ actionId }) => actionId === order?.actionId));
        const action = owner?.actions.find(({ actionId }) => actionId === order?.actionId);
        if (owner === undefined || action === undefined) return;
        const result = { ...action, caseId: owner.caseId, accountId: owner.accountId!, at: '2026-03-02T12:00:00.000Z' };
        const change = stepResult(owner, { ...result, state: said[other % said.length]! }, this.context());
        return change && this.write(change);
      }
    }
  }

  private regroup(into: Case | undefined, done: { ok: true; value: HandedOver } | { ok: false }): void {
    if (!done.ok) return;
    this.write(done.value.from);
    this.keep(stepAfter(into, done.value.to, this.context()));
  }

  private context(): StepContext {
    return { now: this.now, policy, clocks: defaultsOf(clockSettings), spentMinor: () => 0, sends: true };
  }

  private head(held: Case) {
    const last = this.lines.get(held.caseId)?.at(-1);
    return last === undefined ? emptyChain(held.caseId) : { caseId: held.caseId, sequence: last.sequence, hash: last.hash };
  }

  private keep({ changes, orders }: Step): void {
    for (const change of changes) this.write(change);
    this.orders.push(...orders);
  }

  private write({ case: next, entries }: CaseChange): void {
    const before = this.cases.get(next.caseId);
    expect(next.revision).toBe((before?.revision ?? 0) + 1);
    let stage = before?.stage ?? next.stage;
    for (const { what, by } of before === undefined ? [] : entries) {
      const to = stageSaid(what);
      if (to === undefined) continue;
      expect([stage, to, mayMoveStage(stage, to, moverOf(by))]).toEqual([stage, to, true]);
      stage = to;
    }
    expect(stage).toBe(next.stage);
    this.judgeMoves(next);
    const { sealed } = sealEntries(this.head(next), entries);
    this.lines.set(next.caseId, [...(this.lines.get(next.caseId) ?? []), ...sealed]);
    this.cases.set(next.caseId, next);
  }

  /** Each action walks as its life allows, whichever case holds it; what went past the approval had everybody's that it needed. */
  private judgeMoves({ actions }: Case): void {
    for (const { actionId, state, approvedBy, approvalsNeeded, proposedBy } of actions) {
      const last = this.states.get(actionId);
      if (last !== undefined && last !== state) {
        expect([last, state, mayReach(last, state)]).toEqual([last, state, true]);
        this.moves.push(`${last} ${state}`);
      }
      this.states.set(actionId, state);
      expect(new Set(approvedBy).size).toBe(approvedBy.length);
      expect(approvedBy).not.toContain(proposedBy);
      if (!['proposed', 'awaiting_approval', 'refused'].includes(state))
        expect(approvedBy.length).toBeGreaterThanOrEqual(approvalsNeeded);
    }
  }

  judge(): void {
    const all = [...this.cases.values()];
    for (const held of all) {
      expect(held.stage === 'closed').toBe(held.outcome !== null);
      expect(held.closedAt !== null).toBe(held.outcome !== null);
      if (held.outcome !== null) expect(Object.keys(outcomes)).toContain(held.outcome);
      const lines = this.lines.get(held.caseId)!;
      expect(findChainFault(lines, this.head(held))).toBeUndefined();
      for (const { to, findings } of held.handedOver ?? []) {
        expect(this.cases.has(to)).toBe(true);
        expect(findings.length).toBeGreaterThan(0);
      }
    }
    const findings = all.flatMap((held) => held.findings.map(({ findingId }) => findingId));
    expect(new Set(findings).size).toBe(findings.length);
    const keys = all.flatMap((held) => held.actions.map(({ key }) => key));
    expect(new Set(keys).size).toBe(keys.length);
    expect(new Set(this.orders.map(({ key }) => key)).size).toBe(this.orders.length);
    const book = new CaseBook({ policy });
    for (const message of this.said) book.feed(message, noon);
    expect(findings.sort()).toEqual(
      book
        .cases()
        .flatMap((held) => held.findings.map(({ findingId }) => findingId))
        .sort(),
    );
    this.judgeMoney(all);
  }

  /** What is live on a payment never exceeds what was captured of it, and each order stands in exactly one case. */
  private judgeMoney(all: readonly Case[]): void {
    const live = new Map<string, number>();
    for (const { actions } of all)
      for (const { kind, accrual, state, paymentId, amount } of actions)
        if (
          isOfLoss(accrual === undefined ? { kind } : { kind, accrual }) &&
          paymentId !== undefined &&
          !['refused', 'failed'].includes(state) &&
          state !== 'awaiting_approval'
        )
          live.set(paymentId, (live.get(paymentId) ?? 0) + amount!.minor);
    for (const [paymentId, minor] of live) {
      const captured = Math.max(
        ...this.said.flatMap((message) =>
          (message.type === 'finding' ? message.payments : [message.payment]).flatMap((facts) =>
            facts.paymentId === paymentId ? [facts.capturedMinor, facts.authorisedMinor] : [],
          ),
        ),
      );
      expect(minor).toBeLessThanOrEqual(captured);
    }
    const firm = all.flatMap(({ actions }) => actions.filter(({ kind, state }) => movesMoney(kind) && isFirm(state)));
    for (const { accrual, paymentId, findingId, kind } of firm) {
      const same = firm.filter((other) => other.accrual === accrual && other.paymentId === paymentId);
      if (accrual === 'daily-compensation') expect(same.filter((other) => other.findingId === findingId)).toHaveLength(1);
      if (accrual === 'provisional-credit') expect(same).toHaveLength(1);
      if (kind !== 'compensate')
        expect(firm.filter((other) => other.paymentId === paymentId && other.accrual === 'provisional-credit')).toEqual([]);
      this.paid.push(accrual ?? kind);
    }
    for (const { actionId } of this.orders)
      expect(all.filter(({ actions }) => actions.some((action) => action.actionId === actionId))).toHaveLength(1);
  }
}

/** The stage to which a line of the timeline says that the case went. */
const stageSaid = (what: string): CaseStage | undefined =>
  what === 'case reopened' ? 'open' : what === 'case merged' ? 'closed' : caseStages.find((stage) => what === `case ${stage}`);

const isOwnedBy =
  (message: FindingMessage) =>
  ({ accountId, findings }: Case): boolean => {
    if (message.type === 'payment') return accountId === message.payment.accountId;
    const { finding } = message;
    return accountId === finding.accountId && (accountId !== null || findings[0]?.scope?.key === finding.scope?.key);
  };

describe('a case, whatever the rules and people do to it, in any order', () => {
  it('keeps to the table, loses no finding and no action, uses no key twice, and its chain verifies', () => {
    const seen: Record<string, number> = { merged: 0, split: 0, reopened: 0 };
    const moves = new Map<string, number>();
    const paid = new Set<string>();
    fc.assert(
      fc.property(anyLife, (life) => {
        const world = new World();
        for (const [act, chance] of life) world.do(act, chance);
        world.judge();
        for (const { handedOver = [] } of world.cases.values()) for (const { how } of handedOver) seen[how]! += 1;
        for (const what of world.paid) paid.add(what);
        for (const move of world.moves) moves.set(move, (moves.get(move) ?? 0) + 1);
      }),
      runs(80),
    );
    for (const times of Object.values(seen)) expect(times).toBeGreaterThan(3);
    expect([...paid]).toEqual(expect.arrayContaining(['refund', 'daily-compensation', 'provisional-credit']));
    for (const move of lateMoves) expect([move, (moves.get(move) ?? 0) > 0]).toEqual([move, true]);
  });
});

import fc from 'fast-check';
import { CaseBook } from '#action/case-book';
import { defaultPolicy } from '#action/default-policy';
import { movesMoney } from '#action/policy';
import { type Step, stepAfter, type StepContext, stepMessage, stepTime } from '#action/step';
import { stepResult } from '#action/result';
import type { Case, CaseChange, CaseStage } from '#case/case';
import { clockSettings } from '#case/clocks';
import { emptyChain, findChainFault, type SealedEntry, sealEntries } from '#case/evidence';
import type { HandedOver } from '#case/hand-over';
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
import { runs } from '#test/laws/runs';

type Act =
  | { readonly do: 'tell'; readonly message: FindingMessage }
  | {
      readonly do: 'merge' | 'split' | 'reopen' | 'reject' | 'withdraw' | 'await' | 'open' | 'assign' | 'snooze' | 'tag' | 'wait';
    }
  | { readonly do: 'confirm' | 'fail' };
type Deed = readonly [Act, { readonly which: number; readonly other: number }];
const chances = fc.record({ which: fc.nat(), other: fc.nat() });
const deeds = [
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
  'confirm',
  'fail',
] as const;
const anyAct = fc.tuple(fc.constantFrom(...deeds), chances);
const anyLife = fc
  .tuple(anyMessages, anyMessages, anyMessages, fc.array(anyAct, { minLength: 10, maxLength: 40, size: 'max' }))
  .chain(([first, second, third, acts]) => {
    const told = [...first, ...second, ...third].map((message): Deed => [
      { do: 'tell', message },
      { which: 0, other: 0 },
    ]);
    const deeds = [...told, ...acts.map(([deed, chance]): Deed => [{ do: deed }, chance])];
    return fc.shuffledSubarray(deeds, { minLength: deeds.length });
  });

/** All cases, their chains and orders, as acts leave them. */
class World {
  readonly cases = new Map<string, Case>();
  readonly lines = new Map<string, SealedEntry[]>();
  readonly orders: Step['orders'][number][] = [];
  readonly said: FindingMessage[] = [];
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
      case 'confirm':
      case 'fail': {
        const action = held.actions.find(({ state }) => state === 'approved');
        if (action === undefined) return;
        const result = { ...action, caseId: held.caseId, accountId: held.accountId!, at: '2026-03-02T12:00:00.000Z' };
        const change = stepResult(held, { ...result, state: act.do === 'fail' ? 'failed' : 'confirmed' }, this.context());
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
    return { now: this.now, policy: defaultPolicy, clocks: defaultsOf(clockSettings), spentMinor: () => 0, sends: true };
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
    const { sealed } = sealEntries(this.head(next), entries);
    this.lines.set(next.caseId, [...(this.lines.get(next.caseId) ?? []), ...sealed]);
    this.cases.set(next.caseId, next);
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
    const book = new CaseBook({ policy: defaultPolicy });
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
      for (const { kind, state, paymentId, amount } of actions)
        if (
          movesMoney(kind) &&
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
    const seen = { merged: 0, split: 0, reopened: 0 };
    fc.assert(
      fc.property(anyLife, (life) => {
        const world = new World();
        for (const [act, chance] of life) world.do(act, chance);
        world.judge();
        for (const { handedOver = [] } of world.cases.values()) for (const { how } of handedOver) seen[how] += 1;
      }),
      runs(80),
    );
    for (const times of Object.values(seen)) expect(times).toBeGreaterThan(3);
  });
});

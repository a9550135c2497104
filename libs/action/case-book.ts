import { hours, type InstantMs } from '#kernel/time';
import { defaultsOf } from '#kernel/setting';
import { nextStepAt, stepMessage, stepTime, type Step, type StepContext } from '#action/step';
import { movesMoney, type Policy } from '#action/policy';
import type { Case } from '#case/case';
import { clockSettings, type ClockSettings } from '#case/clocks';
import type { FindingMessage } from '#detection/finding';

export interface CaseBookOptions {
  readonly policy: Policy;
  readonly clocks?: ClockSettings;
  /** What is approved is on its way, as in a live system: it is not taken back when its loss heals. Default false. */
  readonly sends?: boolean;
}

interface Spent {
  readonly at: InstantMs;
  readonly currency: string;
  readonly minor: number;
}

/**
 * The cases of a whole replay, in memory: findings in, cases with what policy and guards decide about them out. Nothing is sent, so
 * an action that would go out stays `approved`. The same steps run in casework over rows of Postgres.
 */
export class CaseBook {
  private readonly byOwner = new Map<string, Map<string, Case>>();
  private spent: Spent[] = [];

  constructor(private readonly options: CaseBookOptions) {}

  /** @param now the event time at which the message was said: the watermark of its partition. */
  feed(message: FindingMessage, now: InstantMs): void {
    const owner = ownerOf(message);
    const cases = [...(this.byOwner.get(owner)?.values() ?? [])];
    this.keep(owner, stepMessage(cases, message, this.context(now)), now);
  }

  /** Lets clocks run out up to an instant, each at its own time. */
  advance(now: InstantMs): void {
    for (const [owner, cases] of this.byOwner)
      for (const { caseId } of cases.values())
        for (let due = this.due(owner, caseId); due < now; due = this.due(owner, caseId))
          this.keep(owner, stepTime(cases.get(caseId)!, this.context(due + 1)), due + 1);
  }

  /** In the order in which they were opened. */
  cases(): readonly Case[] {
    const all = [...this.byOwner.values()].flatMap((cases) => [...cases.values()]);
    return all.sort((left, right) => left.openedAt - right.openedAt || (left.caseId < right.caseId ? -1 : 1));
  }

  private due(owner: string, caseId: string): InstantMs {
    return nextStepAt(this.byOwner.get(owner)!.get(caseId)!);
  }

  private context(now: InstantMs): StepContext {
    const { policy, clocks = defaultsOf(clockSettings), sends = false } = this.options;
    this.spent = this.spent.filter(({ at }) => at > now - hours(1));
    const spentMinor = (currency: string): number =>
      this.spent.reduce((sum, entry) => (entry.currency === currency ? sum + entry.minor : sum), 0);
    return { now, policy, clocks, spentMinor, sends };
  }

  private keep(owner: string, step: Step, now: InstantMs): void {
    const cases = this.byOwner.get(owner) ?? new Map<string, Case>();
    for (const { case: changed } of step.changes) cases.set(changed.caseId, changed);
    if (cases.size > 0) this.byOwner.set(owner, cases);
    for (const { kind, amount } of step.orders)
      if (movesMoney(kind) && amount !== undefined) this.spent.push({ at: now, currency: amount.currency, minor: amount.minor });
  }
}

/** Whose cases a message can touch: an account's, or those of a scope that is no account's. */
export function ownerOf(message: FindingMessage): string {
  if (message.type === 'payment') return `account ${message.payment.accountId}`;
  const { accountId, scope, findingId } = message.finding;
  if (accountId !== null) return `account ${accountId}`;
  return scope === undefined ? `finding ${findingId}` : `${scope.kind} ${scope.key}`;
}

/** The same of a case. One that gave all of its findings away keeps its buyer. */
export function ownerOfCase({ caseId, accountId, findings: [finding] }: Case): string {
  if (accountId !== null) return `account ${accountId}`;
  return finding === undefined ? `case ${caseId}` : ownerOf({ type: 'finding', finding, payments: [] });
}

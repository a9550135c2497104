import type { InstantMs } from '#kernel/time';
import { defaultsOf } from '#kernel/setting';
import { nextStepAt, stepMessage, stepTime, type Step, type StepContext } from '#action/step';
import { PaidBook, paymentsOf } from '#action/paid-book';
import type { Policy } from '#action/policy';
import { buyerStanding, countsForMerchant, historyOf, merchantOf, OPEN_FINDINGS_MAX, type Standing } from '#action/standing';
import type { Case } from '#case/case';
import { clockSettings, type ClockSettings } from '#case/clocks';
import type { Finding, FindingMessage } from '#detection/finding';

export interface CaseBookOptions {
  readonly policy: Policy;
  readonly clocks?: ClockSettings;
  /** What is approved is on its way, as in a live system: it is not taken back when its loss heals. Default false. */
  readonly sends?: boolean;
}

/**
 * The cases of a whole replay, in memory: findings in, cases with what policy and guards decide about them out. Nothing is sent, so
 * an action that would go out stays `approved`. The same steps run in casework over rows of Postgres.
 */
export class CaseBook {
  private readonly byOwner = new Map<string, Map<string, Case>>();
  private readonly openOfMerchant = new Map<string, Set<string>>();
  private readonly paid: PaidBook;

  constructor(private readonly options: CaseBookOptions) {
    this.paid = new PaidBook(options.policy);
  }

  /** @param now the event time at which the message was said: the watermark of its partition. */
  feed(message: FindingMessage, now: InstantMs): void {
    const owner = ownerOf(message);
    const cases = [...(this.byOwner.get(owner)?.values() ?? [])];
    this.run(owner, now, (context) => stepMessage(cases, message, context));
    if (message.type === 'finding') this.noteMerchant(message.finding);
  }

  /** Lets clocks run out up to an instant, each at its own time. */
  advance(now: InstantMs): void {
    for (const [owner, cases] of this.byOwner)
      for (const { caseId } of cases.values())
        for (let due = this.due(owner, caseId); due < now; due = this.due(owner, caseId))
          this.run(owner, due + 1, (context) => stepTime(cases.get(caseId)!, context));
  }

  /** In the order in which they were opened. */
  cases(): readonly Case[] {
    const all = [...this.byOwner.values()].flatMap((cases) => [...cases.values()]);
    return all.sort((left, right) => left.openedAt - right.openedAt || (left.caseId < right.caseId ? -1 : 1));
  }

  private due(owner: string, caseId: string): InstantMs {
    return nextStepAt(this.byOwner.get(owner)!.get(caseId)!);
  }

  /** Payments that leave what is usual are not made: the breaker opens, and the step is taken again under it. */
  private run(owner: string, now: InstantMs, make: (context: StepContext) => Step): void {
    let step = make(this.context(owner, now));
    if (this.paid.opensBreaker(paymentsOf(step), now)) step = make(this.context(owner, now));
    const cases = this.byOwner.get(owner) ?? new Map<string, Case>();
    for (const { case: changed } of step.changes) cases.set(changed.caseId, changed);
    if (cases.size > 0) this.byOwner.set(owner, cases);
    this.paid.add(paymentsOf(step), now);
  }

  private context(owner: string, now: InstantMs): StepContext {
    const { policy, clocks = defaultsOf(clockSettings), sends = false } = this.options;
    const standingOf = (subject: Case, finding: Finding): Standing => this.standingOf(owner, subject, finding, now);
    return { now, policy, clocks, sends, standingOf, ...this.paid.at(now) };
  }

  private standingOf(owner: string, subject: Case, finding: Finding, now: InstantMs): Standing {
    const others = [...(this.byOwner.get(owner)?.values() ?? [])].filter(({ caseId }) => caseId !== subject.caseId);
    const merchant = merchantOf(finding);
    const open = new Set(merchant === undefined ? [] : this.openOfMerchant.get(merchant));
    open.delete(finding.findingId);
    return {
      ...(subject.accountId === null ? {} : { buyer: buyerStanding(subject, historyOf(others), now) }),
      ...(merchant === undefined ? {} : { merchant: { openFindings: Math.min(open.size, OPEN_FINDINGS_MAX) } }),
    };
  }

  private noteMerchant(finding: Finding): void {
    const merchant = merchantOf(finding);
    if (merchant === undefined) return;
    const open = this.openOfMerchant.get(merchant) ?? new Set<string>();
    this.openOfMerchant.set(merchant, open);
    if (countsForMerchant(finding)) open.add(finding.findingId);
    else open.delete(finding.findingId);
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

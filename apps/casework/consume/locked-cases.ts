import { addMinor } from '#kernel/money';
import type { DecisionRecord } from '#action/decision';
import type { DecidedChange } from '#action/step';
import { ownerOfCase } from '#action/case-book';
import { outgoingOf } from '#action/hold';
import { movesMoney } from '#action/policy';
import type { Outgoing } from '#action/velocity';
import type { Case, CaseChange, CaseEntry } from '#case/case';
import { emptyChain, sealEntries } from '#case/evidence';
import type { CaseWrite, StoredCase } from '#apps/casework/store/case-rows';
import type { EntryWrite } from '#apps/casework/store/entry-rows';
import { commitLine } from '#apps/casework/vault/sealed-entry';

/** A decision, and the case as it became. */
export interface DecidedCase {
  readonly decision: DecisionRecord;
  readonly case: Case;
}

/** The cases that a transaction holds locked, what its steps made of them so far, and what is to be told. */
export class LockedCases {
  private readonly now = new Map<string, Case>();
  private readonly owners = new Map<string, Set<string>>();
  private readonly holders = new Map<string, string>();
  private readonly entries = new Map<string, CaseEntry[]>();
  private readonly approved = new Map<string, number>();
  private readonly outgoing: Outgoing[] = [];
  readonly changes: CaseChange[] = [];
  readonly decisions: DecidedCase[] = [];
  private readonly stored: ReadonlyMap<string, StoredCase>;

  constructor(stored: readonly StoredCase[]) {
    this.stored = new Map(stored.map((held) => [held.case.caseId, held]));
    for (const held of stored) this.put(held.case);
  }

  /** Those of one buyer or scope, as the steps before left them. */
  of(owner: string): readonly Case[] {
    return [...(this.owners.get(owner) ?? [])].map((caseId) => this.now.get(caseId)!);
  }

  get(caseId: string): Case | undefined {
    return this.now.get(caseId);
  }

  /** Money that this transaction has approved so far, in one currency. */
  approvedMinor(currency: string): number {
    return this.approved.get(currency) ?? 0;
  }

  /** The same, one by one. */
  approvedNow(): readonly Outgoing[] {
    return this.outgoing;
  }

  /** The case that names a finding. */
  holderOf(findingId: string): string | null {
    return this.holders.get(findingId) ?? null;
  }

  /** The case that ordered an action, or the one that took it over. */
  holderOfAction({ caseId, actionId }: { readonly caseId: string; readonly actionId: string }): Case | undefined {
    const held = this.now.get(caseId);
    const given = held?.handedOver?.findLast(({ actions }) => actions.some((action) => action.actionId === actionId));
    if (given === undefined || held?.actions.some((action) => action.actionId === actionId)) return held;
    return this.holderOfAction({ caseId: given.to, actionId });
  }

  apply({ decision, ...change }: DecidedChange): void {
    this.countApproved(change.case);
    this.put(change.case);
    this.changes.push(change);
    if (decision !== undefined) this.decisions.push({ decision, case: change.case });
    const { caseId } = change.case;
    this.entries.set(caseId, [...(this.entries.get(caseId) ?? []), ...change.entries]);
  }

  /** Every changed case once, as it was when it was locked and as it is. */
  changed(): readonly { readonly before: Case | undefined; readonly case: Case }[] {
    return [...this.entries.keys()].map((caseId) => ({ before: this.stored.get(caseId)?.case, case: this.now.get(caseId)! }));
  }

  /** Every changed case once, with its new lines sealed to the end of its chain. */
  writes(): { readonly cases: readonly CaseWrite[]; readonly entries: readonly EntryWrite[] } {
    const cases: CaseWrite[] = [];
    const entries: EntryWrite[] = [];
    for (const [caseId, told] of this.entries) {
      const stored = this.stored.get(caseId);
      const held = this.now.get(caseId)!;
      const { accountId } = held;
      const lines = told.map((line) => (accountId === null ? { line, secrets: {} } : commitLine(line)));
      const { sealed, head } = sealEntries(
        stored?.head ?? emptyChain(caseId),
        lines.map(({ line }) => line),
      );
      cases.push({ case: held, before: stored?.case, head });
      entries.push(...sealed.map((line, at) => ({ line, accountId, secrets: lines[at]!.secrets })));
    }
    return { cases, entries };
  }

  private countApproved(next: Case): void {
    const before = this.now.get(next.caseId)?.actions;
    if (before === next.actions) return;
    for (const action of next.actions) {
      const { actionId, kind, state, amount } = action;
      if (state !== 'approved' || amount === undefined || !movesMoney(kind)) continue;
      if (before?.some((held) => held.actionId === actionId && held.state === 'approved')) continue;
      this.approved.set(amount.currency, addMinor(this.approvedMinor(amount.currency), amount.minor));
      const out = outgoingOf(next, action);
      if (out !== undefined) this.outgoing.push(out);
    }
  }

  private put(held: Case): void {
    this.now.set(held.caseId, held);
    const owner = ownerOfCase(held);
    this.owners.set(owner, (this.owners.get(owner) ?? new Set()).add(held.caseId));
    for (const { findingId } of held.findings) this.holders.set(findingId, held.caseId);
  }
}

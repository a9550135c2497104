import type { Money } from '#kernel/money';
import { hours, type InstantMs } from '#kernel/time';
import type { ActionOrder } from '#action/action';
import { limitOf, movesMoney, type Policy } from '#action/policy';
import type { StepContext } from '#action/step';
import type { Case, CaseChange } from '#case/case';
import type { ClockSettings } from '#case/clocks';
import type { Transaction } from '#stream/store';
import { changedActions, writeActions, type ActionWrite } from '#apps/casework/store/action-rows';
import { addApproved, approvedSince, lockBudget, type Sums } from '#apps/casework/store/budget-rows';
import { writeCases, type CaseWrite, type StoredCase } from '#apps/casework/store/case-rows';
import { writeEntries } from '#apps/casework/store/entry-rows';
import { type IsBehind, readBehind } from '#apps/casework/store/source-rows';
import { LockedCases } from '#apps/casework/consume/locked-cases';
import { caseMessage, orderMessage, topics } from '#apps/casework/consume/messages';

export interface CaseworkRules {
  readonly policy: Policy;
  readonly clocks: ClockSettings;
}

/** What a transaction did, for metrics and logs once it has committed. */
export interface Effects {
  readonly changes: readonly CaseChange[];
  readonly cases: readonly CaseWrite[];
  readonly actions: readonly ActionWrite[];
}

/** Runs pure steps over locked cases. It may be run again from the start: it must keep nothing outside `cases` and its result. */
export type Steps = (cases: LockedCases, context: StepContext) => readonly ActionOrder[];

/**
 * The one way in which cases change: pure steps over the locked cases, then everything written in a few statements, with orders and
 * news in the outbox of the same transaction. What may go out in an hour is one budget for all: when money was approved and
 * others approved so much in the meantime that it matters, the steps run again with the new sum, while the others wait.
 */
export async function changeCases(
  transaction: Transaction,
  rules: CaseworkRules,
  now: InstantMs,
  stored: readonly StoredCase[],
  steps: Steps,
): Promise<{ readonly effects: Effects; readonly cases: LockedCases }> {
  const since = now - hours(1);
  const isBehind = await readBehind(transaction);
  const spent = await approvedSince(transaction, since);
  let run = runSteps(rules, now, stored, steps, spent, isBehind);
  if (run.orders.some(({ kind }) => movesMoney(kind))) {
    await lockBudget(transaction);
    const newest = await approvedSince(transaction, since);
    if (!sameSums(spent, newest) && !hasRoom(rules.policy, newest, run.cases))
      run = runSteps(rules, now, stored, steps, newest, isBehind);
  }
  return { effects: await write(transaction, run.cases, run.orders, now), cases: run.cases };
}

/** With so much spent, would all that these steps wanted still fit? Then no guard looks at it otherwise, and what was decided stands. */
function hasRoom(policy: Policy, spent: Sums, cases: LockedCases): boolean {
  const wanted = new Map<string, number>();
  for (const { action } of changedActions(cases.changed())) {
    const { amount, kind } = action;
    if (amount !== undefined && movesMoney(kind)) wanted.set(amount.currency, (wanted.get(amount.currency) ?? 0) + amount.minor);
  }
  return [...wanted].every(([currency, minor]) => (spent.get(currency) ?? 0) + minor <= limitOf(policy.budgetPerHour, currency));
}

function runSteps(
  { policy, clocks }: CaseworkRules,
  now: InstantMs,
  stored: readonly StoredCase[],
  steps: Steps,
  spent: Sums,
  isBehind: IsBehind,
): { readonly cases: LockedCases; readonly orders: readonly ActionOrder[] } {
  const cases = new LockedCases(stored);
  const spentMinor = (currency: string): number => (spent.get(currency) ?? 0) + cases.approvedMinor(currency);
  const context = { now, policy, clocks, spentMinor, sends: true, isBehind: ({ source }: Case) => isBehind(source) };
  return { cases, orders: steps(cases, context) };
}

async function write(
  transaction: Transaction,
  cases: LockedCases,
  orders: readonly ActionOrder[],
  now: InstantMs,
): Promise<Effects> {
  const writes = cases.writes();
  const actions = changedActions(writes.cases);
  if (writes.cases.length > 0) {
    await writeCases(transaction, writes.cases);
    await writeEntries(transaction, writes.entries);
    await writeActions(transaction, actions, now);
  }
  await addApproved(transaction, orders.flatMap(moneyOf), now);
  for (const order of orders) transaction.emit(topics.actions, orderMessage(order, now));
  const heads = new Map(writes.cases.map(({ case: { caseId }, head }) => [caseId, head]));
  for (const change of cases.changes) {
    if (change.notices.length > 0) transaction.emit(topics.cases, caseMessage(change, heads.get(change.case.caseId)!, now));
  }
  return { changes: cases.changes, cases: writes.cases, actions };
}

const moneyOf = ({ kind, amount }: ActionOrder): readonly Money[] => (amount !== undefined && movesMoney(kind) ? [amount] : []);

const sameSums = (left: Sums, right: Sums): boolean =>
  left.size === right.size && [...left].every(([currency, minor]) => right.get(currency) === minor);

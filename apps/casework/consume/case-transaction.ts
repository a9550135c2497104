import { hours, type InstantMs } from '#kernel/time';
import type { ActionOrder } from '#action/action';
import { movesMoney, type Policy } from '#action/policy';
import type { StepContext } from '#action/step';
import type { CaseChange } from '#case/case';
import type { ClockSettings } from '#case/clocks';
import type { Transaction } from '#stream/store';
import { changedActions, lockBudget, spentSince, writeActions, type ActionWrite } from '#apps/casework/store/action-rows';
import { writeCases, type CaseWrite, type StoredCase } from '#apps/casework/store/case-rows';
import { writeEntries } from '#apps/casework/store/entry-rows';
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
 * others approved some in the meantime, the steps run again with the new sum, while the others wait.
 */
export async function changeCases(
  transaction: Transaction,
  rules: CaseworkRules,
  now: InstantMs,
  stored: readonly StoredCase[],
  steps: Steps,
): Promise<{ readonly effects: Effects; readonly cases: LockedCases }> {
  const since = now - hours(1);
  let spent = await spentSince(transaction, since);
  let run = runSteps(rules, now, stored, steps, spent);
  if (run.orders.some(({ kind }) => movesMoney(kind))) {
    await lockBudget(transaction);
    const newest = await spentSince(transaction, since);
    if (!sameSums(spent, newest)) {
      spent = newest;
      run = runSteps(rules, now, stored, steps, spent);
    }
  }
  return { effects: await write(transaction, run.cases, run.orders, now), cases: run.cases };
}

function runSteps(
  { policy, clocks }: CaseworkRules,
  now: InstantMs,
  stored: readonly StoredCase[],
  steps: Steps,
  spent: ReadonlyMap<string, number>,
): { readonly cases: LockedCases; readonly orders: readonly ActionOrder[] } {
  const cases = new LockedCases(stored);
  const spentMinor = (currency: string): number => (spent.get(currency) ?? 0) + cases.approvedMinor(currency);
  return { cases, orders: steps(cases, { now, policy, clocks, spentMinor, sends: true }) };
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
  for (const order of orders) transaction.emit(topics.actions, orderMessage(order, now));
  for (const change of cases.changes) {
    if (change.notices.length > 0) transaction.emit(topics.cases, caseMessage(change, now));
  }
  return { changes: cases.changes, cases: writes.cases, actions };
}

const sameSums = (left: ReadonlyMap<string, number>, right: ReadonlyMap<string, number>): boolean =>
  left.size === right.size && [...left].every(([currency, minor]) => right.get(currency) === minor);

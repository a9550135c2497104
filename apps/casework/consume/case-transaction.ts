import type { Money } from '#kernel/money';
import { hours, type InstantMs } from '#kernel/time';
import type { ActionOrder } from '#action/action';
import { limitOf, movesMoney, type Policy } from '#action/policy';
import type { StepContext } from '#action/step';
import type { Case, CaseChange } from '#case/case';
import type { ClockSettings } from '#case/clocks';
import { changedActions, writeActions, type ActionWrite } from '#apps/casework/store/action-rows';
import { addApproved, approvedSince, lockBudget, type Sums } from '#apps/casework/store/budget-rows';
import { writeCases, type CaseWrite, type StoredCase } from '#apps/casework/store/case-rows';
import { writeEntries } from '#apps/casework/store/entry-rows';
import { type IsBehind, readBehind } from '#apps/casework/store/source-rows';
import type { StoreTransaction } from '#apps/casework/store/store';
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

export interface CaseWork {
  readonly steps: Steps;
  /** Rows beside the cases that follow from what became of them. It may be taken back and run again, as the steps may. */
  readonly writeAlso?: (transaction: StoreTransaction, cases: LockedCases) => Promise<void>;
}

/**
 * The one way in which cases change: pure steps over the locked cases, then everything written in a few statements, with orders and
 * news in the outbox of the same transaction. What may go out in an hour is one budget for all: when others approved so much in the
 * meantime that it matters, what was written is taken back and the steps run again with the new sum, while the others wait. The budget
 * is locked after all else is written, since who approves money waits for the others from there to their commits: locked before, it
 * was held for 500 ms a batch of 400 findings.
 */
export async function changeCases(
  transaction: StoreTransaction,
  rules: CaseworkRules,
  now: InstantMs,
  stored: readonly StoredCase[],
  { steps, writeAlso = () => Promise.resolve() }: CaseWork,
): Promise<{ readonly effects: Effects; readonly cases: LockedCases }> {
  const isBehind = await readBehind(transaction);
  const spent = await approvedSince(transaction, now - hours(1));
  let run = runSteps(rules, now, stored, steps, spent, isBehind);
  // Keys that are made behind the savepoint would go with it, and what was sealed under them.
  await transaction.keysOf(
    run.cases.changed().map(({ case: { accountId } }) => accountId),
    'sealing',
  );
  const write = async (): Promise<Written> => {
    const written = await writeRun(transaction, run.cases, now);
    await writeAlso(transaction, run.cases);
    return written;
  };
  if (!run.orders.some(({ kind }) => movesMoney(kind))) return tell(transaction, run, await write(), now);
  await transaction.query('SAVEPOINT before_budget');
  let written = await write();
  let newest = await lockBudget(transaction, now - hours(1));
  if (!sameSums(spent, newest) && !hasRoom(rules.policy, newest, run.cases)) {
    await transaction.query('ROLLBACK TO SAVEPOINT before_budget');
    // The lock went with what was taken back.
    newest = await lockBudget(transaction, now - hours(1));
    run = runSteps(rules, now, stored, steps, newest, isBehind);
    written = await write();
  }
  await addApproved(transaction, run.orders.flatMap(moneyOf), now);
  return tell(transaction, run, written, now);
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

interface Run {
  readonly cases: LockedCases;
  readonly orders: readonly ActionOrder[];
}

function runSteps(
  { policy, clocks }: CaseworkRules,
  now: InstantMs,
  stored: readonly StoredCase[],
  steps: Steps,
  spent: Sums,
  isBehind: IsBehind,
): Run {
  const cases = new LockedCases(stored);
  const spentMinor = (currency: string): number => (spent.get(currency) ?? 0) + cases.approvedMinor(currency);
  const context = { now, policy, clocks, spentMinor, sends: true, isBehind: ({ source }: Case) => isBehind(source) };
  return { cases, orders: steps(cases, context) };
}

type Written = Pick<Effects, 'cases' | 'actions'>;

async function writeRun(transaction: StoreTransaction, run: LockedCases, now: InstantMs): Promise<Written> {
  const { cases, entries } = run.writes();
  const actions = changedActions(cases);
  if (cases.length > 0) {
    await writeCases(transaction, cases);
    await writeEntries(transaction, entries);
    await writeActions(transaction, actions, now);
  }
  return { cases, actions };
}

function tell(transaction: StoreTransaction, { cases, orders }: Run, written: Written, now: InstantMs) {
  for (const order of orders) transaction.emit(topics.actions, orderMessage(order, now));
  const heads = new Map(written.cases.map(({ case: { caseId }, head }) => [caseId, head]));
  for (const change of cases.changes) {
    if (change.notices.length > 0) transaction.emit(topics.cases, caseMessage(change, heads.get(change.case.caseId)!, now));
  }
  return { effects: { changes: cases.changes, ...written }, cases };
}

const moneyOf = ({ kind, amount }: ActionOrder): readonly Money[] => (amount !== undefined && movesMoney(kind) ? [amount] : []);

const sameSums = (left: Sums, right: Sums): boolean =>
  left.size === right.size && [...left].every(([currency, minor]) => right.get(currency) === minor);

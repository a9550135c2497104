import type { Money } from '#kernel/money';
import type { Finding } from '#detection/finding';
import { hours, type InstantMs } from '#kernel/time';
import type { ActionOrder } from '#action/action';
import { paymentsOf } from '#action/paid-book';
import { limitOf, movesMoney, type Policy } from '#action/policy';
import { allFit, alsoCounting, nothingSpent, type VelocityCount } from '#action/velocity';
import type { StepContext } from '#action/step';
import type { Case, CaseChange } from '#case/case';
import type { ClockSettings } from '#case/clocks';
import { changedActions, writeActions, type ActionWrite } from '#apps/casework/store/action-rows';
import { addApproved, approvedSince, lockBudget, type Sums } from '#apps/casework/store/budget-rows';
import { writeCases, type CaseWrite, type StoredCase } from '#apps/casework/store/case-rows';
import { isBreakerOpen } from '#apps/casework/store/breaker-rows';
import { addOutgoing, readVelocity } from '#apps/casework/store/limit-rows';
import { type InForce, readInForce } from '#apps/casework/store/policy-rows';
import { readStandings, type StandingOf } from '#apps/casework/store/standing-rows';
import { openForUnusual, unusualFigures } from '#apps/casework/consume/leaves-usual';
import { writeDecisions } from '#apps/casework/store/decision-rows';
import { writeEntries } from '#apps/casework/store/entry-rows';
import { type IsBehind, readBehind } from '#apps/casework/store/source-rows';
import type { StoreTransaction } from '#apps/casework/store/store';
import { LockedCases } from '#apps/casework/consume/locked-cases';
import { caseMessage, orderMessage, topics } from '#apps/casework/consume/messages';

export interface CaseworkRules {
  /** The configuration's: it holds while none is stored. */
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
  /** Findings that are just being told: whose standing is asked for. */
  readonly findings?: readonly Finding[];
  /** Rows beside the cases that follow from what became of them. It may be taken back and run again, as the steps may. */
  readonly writeAlso?: (transaction: StoreTransaction, cases: LockedCases, policy: Policy) => Promise<void>;
}

/** What the steps of a transaction know. */
interface Known extends InForce {
  readonly spent: Sums;
  readonly spentOn: VelocityCount;
  readonly isBehind: IsBehind;
  readonly standingOf: StandingOf;
}

/**
 * The one way in which cases change: pure steps over the locked cases, then everything written in a few statements, with orders and
 * news in the outbox of the same transaction. All of it is decided under the policy that is live, and stays so until the commit. What may
 * go out in a time is one for all: when others approved so much in the meantime that it matters, what was written is taken back and the
 * steps run again with the new sums, while the others wait; so it is when these payments leave what is usual and open the breaker. The
 * budget is locked after all else is written, since who approves money waits for the others from there to their commits: locked before,
 * it was held for 500 ms a batch of 400 findings.
 */
export async function changeCases(
  transaction: StoreTransaction,
  { policy: configured, clocks }: CaseworkRules,
  now: InstantMs,
  stored: readonly StoredCase[],
  { steps, findings = [], writeAlso = () => Promise.resolve() }: CaseWork,
): Promise<{ readonly effects: Effects; readonly cases: LockedCases }> {
  const inForce = await readInForce(transaction, configured, now);
  const { policy } = inForce;
  let known: Known = {
    ...inForce,
    isBehind: await readBehind(transaction),
    spent: await approvedSince(transaction, now - hours(1)),
    spentOn: () => nothingSpent,
    standingOf: await readStandings(
      transaction,
      stored.map((one) => one.case),
      findings,
      now,
    ),
  };
  let run = runSteps(known, clocks, now, stored, steps);
  // Keys that are made behind the savepoint would go with it, and what was sealed under them.
  await transaction.keysOf(
    run.cases.changed().map(({ case: { accountId } }) => accountId),
    'sealing',
  );
  const write = async (): Promise<Written> => {
    const written = await writeRun(transaction, run.cases, now);
    await writeAlso(transaction, run.cases, policy);
    return written;
  };
  if (paymentsOf(run).length === 0) return tell(transaction, run, await write(), now);
  await transaction.query('SAVEPOINT before_budget');
  let written = await write();
  const again = async (patch: Partial<Known>): Promise<void> => {
    await transaction.query('ROLLBACK TO SAVEPOINT before_budget');
    // The lock went with what was taken back.
    known = { ...known, ...(await learn(transaction, policy, run, now)), ...patch };
    run = runSteps(known, clocks, now, stored, steps);
    written = await write();
  };
  const newest = await learn(transaction, policy, run, now);
  if (matters(known, newest, run)) await again({});
  const figures = known.breakerOpen ? undefined : await unusualFigures(transaction, policy, paymentsOf(run), now);
  if (figures !== undefined) {
    await again({ breakerOpen: true });
    await openForUnusual(transaction, policy, figures, now);
  }
  await addApproved(transaction, run.orders.flatMap(moneyOf), now);
  await addOutgoing(transaction, paymentsOf(run), now);
  return tell(transaction, run, written, now);
}

/** What others have let out by now; they wait from here on. */
async function learn(
  transaction: StoreTransaction,
  { velocity }: Policy,
  run: Run,
  now: InstantMs,
): Promise<Pick<Known, 'spent' | 'spentOn' | 'breakerOpen'>> {
  const spent = await lockBudget(transaction, now - hours(1));
  const spentOn = await readVelocity(transaction, velocity, paymentsOf(run), now);
  return { spent, spentOn, breakerOpen: await isBreakerOpen(transaction, now) };
}

/** Whether a guard would look at what was decided otherwise, knowing this. */
const matters = (known: Known, newest: Pick<Known, 'spent' | 'spentOn' | 'breakerOpen'>, run: Run): boolean =>
  newest.breakerOpen !== known.breakerOpen ||
  !allFit(known.policy.velocity, paymentsOf(run), newest.spentOn) ||
  (!sameSums(known.spent, newest.spent) && !hasRoom(known.policy, newest.spent, run.cases));

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
  { policy, breakerOpen, spent, spentOn, isBehind, standingOf }: Known,
  clocks: ClockSettings,
  now: InstantMs,
  stored: readonly StoredCase[],
  steps: Steps,
): Run {
  const cases = new LockedCases(stored);
  const context: StepContext = {
    ...{ now, policy, clocks, breakerOpen, standingOf, sends: true },
    spentMinor: (currency) => (spent.get(currency) ?? 0) + cases.approvedMinor(currency),
    spentOn: (limit, key) => alsoCounting(spentOn, cases.approvedNow())(limit, key),
    isBehind: ({ source }: Case) => isBehind(source),
  };
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
    await writeDecisions(transaction, run.decisions);
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

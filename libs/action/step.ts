import { type InstantMs, NEVER } from '#kernel/time';
import type { ActionOrder } from '#action/action';
import { decideActions } from '#action/decide';
import { type DecisionRecord, decisionInput } from '#action/decision';
import { expireFreezes, nextFreezeEnd } from '#action/freeze';
import type { DecideContext } from '#action/hold';
import { endCredited } from '#action/provisional-credit';
import { toOrder } from '#action/order';
import { after, releaseHeld, withActions } from '#action/release';
import { withdrawActions } from '#action/withdraw';
import type { ActionView, Case, CaseChange } from '#case/case';
import { meetClocks, nextClockAt } from '#case/clocks';
import { applyFacts, applyFinding, countRevision, entry, missClocks, moveStage, type CaseContext } from '#case/life';
import { nothingSuppressed } from '#case/suppression';
import { wakeInTime } from '#case/work';
import type { Finding, FindingMessage, PaymentFacts } from '#detection/finding';

export interface StepContext extends CaseContext, DecideContext {
  /** `false` in a replay: nothing leaves, so an approved action may still be withdrawn when its loss heals. */
  readonly sends: boolean;
}

/** A change, and what was decided with it. */
export interface DecidedChange extends CaseChange {
  readonly decision?: DecisionRecord;
}

/** What one message or instant did: at most one change a case, and the actions that may go out now. */
export interface Step {
  readonly changes: readonly DecidedChange[];
  readonly orders: readonly ActionOrder[];
}

/**
 * A message of the `findings` topic.
 * @param cases all cases of the message's account (of its scope, where it has no account), closed ones too
 */
export const stepMessage = (cases: readonly Case[], message: FindingMessage, context: StepContext): Step =>
  message.type === 'payment'
    ? stepPayment(cases, message.payment, context)
    : stepFinding(cases, message.finding, message.payments, context);

export function stepFinding(
  cases: readonly Case[],
  finding: Finding,
  payments: readonly PaymentFacts[],
  context: StepContext,
): Step {
  const written = applyFinding(cases, finding, payments, withPolicy(context));
  const others = cases.filter(({ caseId }) => caseId !== written?.case.caseId).map((other) => applyFacts(other, payments));
  return decideAll(cases, [written, ...others], context);
}

/** What policy snoozes, beside what people do. */
function withPolicy(context: StepContext): StepContext {
  const { snoozes } = context.policy;
  if (snoozes.length === 0) return context;
  const { marks, snoozes: others } = context.suppressions ?? nothingSuppressed;
  return { ...context, suppressions: { marks, snoozes: [...snoozes, ...others] } };
}

/** Newer facts of a payment: a guard that stood in the way may let an action pass now. */
export const stepPayment = (cases: readonly Case[], facts: PaymentFacts, context: StepContext): Step =>
  decideAll(
    cases,
    cases.map((subject) => applyFacts(subject, [facts])),
    context,
  );

/** Time has passed: clocks are missed, freezes and snoozes end, what had to wait is decided. Due at `nextStepAt` of the case. */
export function stepTime(subject: Case, context: StepContext): Step {
  const missed = missClocks(subject, context) ?? { case: subject, entries: [], notices: [] };
  return decideAll([subject], [wakeInTime(endCredited(missed, context), context.now)], context);
}

/** What a person's regrouping left to be decided about a case. */
export const stepAfter = (before: Case | undefined, step: CaseChange, context: StepContext): Step => {
  const uncounted = { ...step, case: { ...step.case, revision: before?.revision ?? 0 } };
  return decideAll(before === undefined ? [] : [before], [uncounted], context);
};

/** The next instant at which silence changes the case. */
export const nextStepAt = (subject: Case): InstantMs =>
  Math.min(nextClockAt(subject), nextFreezeEnd(subject), subject.snooze?.until ?? NEVER);

function decideAll(before: readonly Case[], steps: readonly (CaseChange | undefined)[], context: StepContext): Step {
  const changes: DecidedChange[] = [];
  let cases = before;
  const orders: ActionOrder[] = [];
  for (const step of steps) {
    if (step === undefined) continue;
    const others = cases.filter(({ caseId }) => caseId !== step.case.caseId);
    const elsewhere = others.flatMap(({ actions }) => actions);
    const { added, decision, step: decided } = decide(step, { ...context, elsewhere });
    const old = before.find(({ caseId }) => caseId === step.case.caseId);
    const counted = countRevision(old, decided);
    if (counted !== undefined) changes.push({ ...counted, ...(decision === undefined ? {} : { decision }) });
    cases = [...others, decided.case];
    for (const action of added) if (action.state === 'approved') orders.push(toOrder(decided.case, action));
  }
  return { changes, orders };
}

interface Decided {
  readonly step: CaseChange;
  readonly added: readonly ActionView[];
  /** Absent where nothing new was to be decided. */
  readonly decision?: DecisionRecord;
}

function decide(before: CaseChange, context: StepContext): Decided {
  const withdrawn = withdrawActions(before, context);
  const released = releaseHeld(withdrawn.case, context);
  const subject = withActions(withdrawn.case, released);
  const expired = expireFreezes(subject, context.now);
  // Counted in: an unfreeze that a finding asks for in the same step has a key of its own.
  const counted = { ...subject, actions: [...subject.actions, ...expired] };
  const known = after(subject, released, context);
  const wanted = decideActions(counted, known);
  const fresh = [...expired, ...wanted];
  const added = [...released, ...fresh];
  const decision =
    wanted.length > 0 || before.entries.some(({ what }) => brings.includes(what))
      ? { decision: { policyVersion: context.policy.version, input: decisionInput(counted, known), actions: wanted } }
      : {};
  if (added.length === 0) return { step: withdrawn, added, ...decision };
  const step: CaseChange = {
    ...withdrawn,
    case: { ...subject, actions: [...subject.actions, ...fresh] },
    entries: [...withdrawn.entries, ...added.map((action) => actionEntry(action, context.now, 'makewhole'))],
  };
  const isUnderWay = added.some(({ state, accrual }) => state === 'approved' && accrual === undefined);
  return { step: isUnderWay ? afterApproval(step, context.now) : step, added, ...decision };
}

/** Lines after which a decision is on record though nothing is done: it was to watch. */
const brings: readonly string[] = ['case opened', 'finding joined', 'case reopened'];

/** Something is being done about it: the buyer has an answer. */
export function afterApproval(step: CaseChange, now: InstantMs): CaseChange {
  const moved = step.case.stage === 'closed' ? step : moveStage(step, 'resolving', now);
  return { ...moved, case: { ...moved.case, clocks: meetClocks(moved.case.clocks, ['acknowledge', 'answer'], now) } };
}

export const actionEntry = (action: ActionView, at: InstantMs, by: string) =>
  entry(
    at,
    `action ${action.state}`,
    {
      actionId: action.actionId,
      kind: action.kind,
      ...(action.accrual === undefined ? {} : { accrual: action.accrual }),
      ...(action.amount === undefined ? {} : { amount: action.amount }),
      ...(action.guard === undefined ? {} : { guard: action.guard }),
      ...(action.reference === undefined ? {} : { reference: action.reference }),
      policyVersion: action.policyVersion,
    },
    by,
  );

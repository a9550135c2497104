import type { Money } from '#kernel/money';
import type { ActionKind, ActionView, Case } from '#case/case';
import { lossOfCase } from '#case/loss';
import { besideOf, standingBeside } from '#action/beside';
import { compensationsFor } from '#action/daily-compensation';
import { freezeEnd } from '#action/freeze';
import { firstGuard } from '#action/guards';
import { accruedFor, type DecideContext, mustHold, outgoingOf, situationOf, STALE_FACTS, whomOf } from '#action/hold';
import { actionId, actionKey, nextSequence } from '#action/key';
import { isLive } from '#action/life';
import { reservedMinor } from '#action/payment-money';
import { accrualDecisionFor, decisionFor, exceeds, isOfLoss, movesMoney, type Decision, type Policy } from '#action/policy';
import { credit, creditsFor, isRefusedCredit } from '#action/provisional-credit';
import { remediesFor, type Remedy } from '#action/remedy';
import { alsoCounting, nothingSpent, type Outgoing } from '#action/velocity';
import { creditDueAt } from '#case/accruals';
import { isInLedger } from '#case/in-ledger';
import { isDismissed, standingFindings, wasDismissed } from '#case/suppression';
import type { Finding, PaymentFacts } from '#detection/finding';

/** A guard that stands in the way for good would be asked for ever. */
const triesMax = 5;

/**
 * The actions that a case still lacks, each with the state in which it begins: `approved` (it may go out), `awaiting_approval`
 * (people are asked), `proposed` (held: action/hold) or `refused` with the guard that stopped it. Asking again when nothing changed
 * gives nothing: money under way counts, a person's refusal stands, and what a guard stopped is proposed again only once the guard
 * lets it pass. A finding that a person took out of the case is left alone; one that came back with a further payment asks. No
 * money moves for a case about no buyer.
 */
export function decideActions(subject: Case, context: DecideContext): readonly ActionView[] {
  const proposed = subject.stage === 'closed' ? [] : decideRemedies(subject, context);
  const credits = subject.stage === 'closed' ? [] : decideCredits(subject, proposed, context);
  return [...proposed, ...credits, ...decideCompensations(subject, [...proposed, ...credits], context)];
}

function decideRemedies(subject: Case, context: DecideContext): readonly ActionView[] {
  const proposed: ActionView[] = [];
  for (const finding of subject.findings) {
    if (finding.status !== 'open' || isDismissed(subject, finding)) continue;
    const { decision: wanted, actions: kinds } = decisionFor(context.policy, finding, situationOf(subject, finding, context));
    const decision = askedFirst(wanted, subject, finding);
    for (const action of kinds) {
      if (subject.accountId === null && movesMoney(action)) continue;
      const actions = standingBeside([...subject.actions, ...proposed], {});
      const missing = movesMoney(action) ? missingFor(finding, subject, actions) : null;
      if (missing === null && (movesMoney(action) || hasAnswer(finding, action, actions))) continue;
      for (const remedy of remediesFor(finding, action, missing ?? finding.loss, subject.payments, [
        ...actions,
        ...standingBeside(context.elsewhere ?? [], {}),
      ]))
        proposed.push(...propose(remedy, finding, decision, subject, [...subject.actions, ...proposed], context));
    }
  }
  return proposed;
}

function decideCredits(subject: Case, before: readonly ActionView[], context: DecideContext): readonly ActionView[] {
  if (subject.accountId === null || context.policy.accruals.length === 0 || creditDueAt(subject) === undefined) return [];
  const proposed: ActionView[] = [];
  for (const finding of subject.findings) {
    if (finding.status !== 'open' || isDismissed(subject, finding)) continue;
    const wanted = accrualDecisionFor(context.policy, 'provisional-credit', finding, situationOf(subject, finding, context));
    if (wanted === 'watch') continue;
    const actions = [...subject.actions, ...before, ...proposed];
    const missing = isRefusedCredit(finding, actions) ? null : missingFor(finding, subject, standingBeside(actions, credit));
    if (missing === null) continue;
    const decision = askedFirst(wanted, subject, finding);
    for (const remedy of creditsFor(finding, missing, subject.payments, [...actions, ...(context.elsewhere ?? [])]))
      proposed.push(...propose(remedy, finding, decision, subject, [...subject.actions, ...before, ...proposed], context));
  }
  return proposed;
}

function decideCompensations(subject: Case, before: readonly ActionView[], context: DecideContext): readonly ActionView[] {
  if (subject.accountId === null || context.policy.accruals.length === 0) return [];
  const proposed: ActionView[] = [];
  for (const [finding, remedy] of compensationsFor(subject, subject.actions)) {
    const situation = situationOf(subject, finding, context);
    const wanted = accrualDecisionFor(context.policy, 'daily-compensation', finding, situation);
    if (wanted === 'watch') continue;
    const actions = [...subject.actions, ...before, ...proposed];
    proposed.push(...propose(remedy, finding, askedFirst(wanted, subject, finding), subject, actions, context));
  }
  return proposed;
}

const askedFirst = (wanted: Decision, subject: Case, finding: Finding): Decision =>
  wanted === 'act' && (wasDismissed(subject, finding) || wasReopened(subject)) ? 'ask' : wanted;

/** People closed it before: what comes next is theirs to say, too. */
const wasReopened = ({ cameFrom = [] }: Case): boolean => cameFrom.some(({ how }) => how === 'reopened');

/** What nobody is giving back yet: never more than the finding's loss, nor than the case's, whose findings may be about the same money. */
function missingFor(finding: Finding, subject: Case, actions: readonly ActionView[]): Money | null {
  if (finding.loss === null || isRejected(finding, actions)) return null;
  const { currency } = finding.loss;
  const open = new Set(
    standingFindings(subject)
      .filter(({ status }) => status === 'open')
      .map(({ findingId }) => findingId),
  );
  const underWay = actions.filter(
    (action) => action.amount?.currency === currency && isUnderWay(action, subject.payments) && open.has(action.findingId),
  );
  const caseLoss = lossOfCase(subject).find((loss) => loss.currency === currency)?.minor ?? 0;
  const own = underWay.filter((action) => action.findingId === finding.findingId);
  const minor = Math.min(finding.loss.minor - sum(own), caseLoss - sum(underWay));
  return minor > 0 ? { minor, currency } : null;
}

const sum = (actions: readonly ActionView[]): number => actions.reduce((total, { amount }) => total + amount!.minor, 0);

/** Live money that the ledger, and so the finding's loss, does not know of yet. */
function isUnderWay(action: ActionView, payments: readonly PaymentFacts[]): boolean {
  const facts = payments.find(({ paymentId }) => paymentId === action.paymentId);
  return isOfLoss(action) && isLive(action.state) && (facts === undefined || !isInLedger(action, facts));
}

/** A person, or the platform for good, said no; or it was tried and failed: people propose what comes next. */
const isRejected = (finding: Finding, actions: readonly ActionView[]): boolean =>
  actions.some(
    ({ findingId, state, guard, accrual }) =>
      accrual === undefined &&
      findingId === finding.findingId &&
      (state === 'failed' || (state === 'refused' && guard === undefined)),
  );

/** Of the whole account: one that waits or is under way answers every finding of the case. */
const ofTheWhole: readonly ActionKind[] = ['freeze', 'step_up', 'notify'];

const hasAnswer = (finding: Finding, wanted: ActionKind, actions: readonly ActionView[]): boolean =>
  isRejected(finding, actions) ||
  actions.some(
    ({ findingId, kind, state }) =>
      kind === wanted &&
      isLive(state) &&
      (findingId === finding.findingId || (ofTheWhole.includes(wanted) && state !== 'confirmed')),
  );

function propose(
  remedy: Remedy,
  finding: Finding,
  decision: Decision,
  subject: Case,
  actions: readonly ActionView[],
  context: DecideContext,
): readonly ActionView[] {
  const { policy, now, spentMinor, spentOn = () => nothingSpent } = context;
  const { rule = finding.because.rule, ...what } = remedy;
  const { kind, paymentId, amount, accrual } = what;
  const earlier = actions.filter(
    (action) => action.kind === kind && (accrual === undefined ? action.paymentId === paymentId : isSame(action, what, finding)),
  );
  if (earlier.length >= triesMax) return [];
  const facts = subject.payments.find((candidate) => candidate.paymentId === paymentId);
  const others = standingBeside([...actions, ...(context.elsewhere ?? [])], what);
  const people = approvalsNeeded(remedy, decision, facts, policy);
  const held = people === 0 && mustHold(subject, kind, context);
  const guard = held
    ? STALE_FACTS
    : firstGuard({
        ...what,
        ...accruedFor(what, finding, subject.actions),
        beside: besideOf({ ...what, findingId: finding.findingId }, others),
        findingKind: finding.kind,
        ...(facts === undefined ? {} : { facts }),
        reservedMinor: facts === undefined ? 0 : reservedMinor(facts, others),
        spentMinor: amount === undefined ? 0 : spentMinor(amount.currency) + approvedNow(actions, subject, amount.currency),
        whom: whomOf(subject, finding),
        spentOn: alsoCounting(spentOn, outgoingNow(actions, subject)),
        policy,
        now,
      });
  if (guard !== undefined && !held && earlier.some((action) => action.findingId === finding.findingId && action.guard === guard))
    return [];
  const sequence = accrual === undefined ? nextSequence(subject, actions, kind, paymentId) : 1 + earlier.length;
  const { caseId } = subject;
  const { findingId } = finding;
  const identity =
    accrual === undefined
      ? { caseId, ...(paymentId === undefined ? {} : { paymentId }), kind, sequence }
      : { accrual, findingId, rule, sequence };
  return [
    {
      ...what,
      actionId: actionId(identity),
      key: actionKey(identity),
      findingId,
      confidence: finding.confidence,
      sequence,
      state: held ? 'proposed' : guard !== undefined ? 'refused' : people > 0 ? 'awaiting_approval' : 'approved',
      ...(guard === undefined ? {} : { guard }),
      reason: rule,
      policyVersion: policy.version,
      proposedBy: 'policy',
      approvedBy: [],
      approvalsNeeded: people,
      ...freezeEnd(kind, now, policy),
    },
  ];
}

const isSame = (action: ActionView, { accrual }: Remedy, { findingId }: Finding): boolean =>
  action.accrual === accrual && action.findingId === findingId;

/** What this very step approved is not yet in anybody's count of the hour. */
const approvedNow = (actions: readonly ActionView[], subject: Case, currency: string): number =>
  sum(
    actions.filter(
      (action) => action.state === 'approved' && action.amount?.currency === currency && !subject.actions.includes(action),
    ),
  );

const outgoingNow = (actions: readonly ActionView[], subject: Case): readonly Outgoing[] =>
  actions
    .filter((action) => action.state === 'approved' && !subject.actions.includes(action))
    .flatMap((action) => outgoingOf(subject, action) ?? []);

/** How many people the amount alone needs, whatever is decided. */
export const peopleFor = (kind: ActionKind, amount: Money | undefined, { fourEyes }: Policy): number =>
  movesMoney(kind) && amount !== undefined && exceeds(fourEyes.above, amount) ? fourEyes.people : 0;

function approvalsNeeded(
  { kind, amount, paymentId }: Remedy,
  decision: Decision,
  facts: PaymentFacts | undefined,
  policy: Policy,
): number {
  const unknown = movesMoney(kind) && (paymentId === undefined || facts === undefined);
  return Math.max(peopleFor(kind, amount, policy), decision === 'ask' || unknown ? 1 : 0);
}

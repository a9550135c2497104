import type { InstantMs } from '#kernel/time';
import { besideOf, standingBeside } from '#action/beside';
import { compensationOf } from '#action/daily-compensation';
import { firstGuard, type GuardInput, type GuardName } from '#action/guards';
import { listingOf, type Whom } from '#action/listing';
import { reservedMinor } from '#action/payment-money';
import { isOfLoss, movesMoney, type Policy, type Situation } from '#action/policy';
import { merchantOf, type Standing } from '#action/standing';
import type { Outgoing, VelocityCount } from '#action/velocity';
import type { ActionView, Case } from '#case/case';
import type { Finding } from '#detection/finding';

export interface DecideContext {
  readonly now: InstantMs;
  readonly policy: Policy;
  /** What went out within the hour before `now`, by currency, outside this case's own proposals. */
  readonly spentMinor: (currency: string) => number;
  /** What went out under each limit, outside this case's own proposals. Absent: nothing. */
  readonly spentOn?: VelocityCount;
  /** What is known of the buyer and the merchant. Absent: nothing, and no condition on them is met. */
  readonly standingOf?: (subject: Case, finding: Finding) => Standing;
  /** Refunds left their usual range: everything asks. */
  readonly breakerOpen?: boolean;
  /** Actions of the account's other cases: a payment may be named in two. */
  readonly elsewhere?: readonly ActionView[];
  /**
   * Whether the log holds more about a case's account than was read: money is then held, for what comes next may be its refund.
   * Without it everything is known.
   */
  readonly isBehind?: (subject: Case) => boolean;
}

/** What a held action shows as its reason. */
export const STALE_FACTS: GuardName = 'stale-facts';

/** Whether money must wait for the rest of what the log holds about a case. */
export const mustHold = (subject: Case, kind: ActionView['kind'], { isBehind }: Pick<DecideContext, 'isBehind'>): boolean =>
  movesMoney(kind) && isBehind?.(subject) === true;

/** Nobody has to agree any more: it waits only for what the log still holds about its account. */
export const isHeld = ({ kind, state, guard }: ActionView): boolean =>
  movesMoney(kind) && guard === STALE_FACTS && (state === 'proposed' || state === 'awaiting_approval');

/** Whom an action about a finding is about, as far as lists can name it. */
export const whomOf = ({ accountId, payments }: Case, finding: Finding | undefined): Whom => ({
  accountId,
  merchantId: finding && merchantOf(finding),
  instruments: payments
    .filter(({ paymentId }) => finding?.paymentIds.includes(paymentId))
    .flatMap(({ instrument }) => instrument?.fingerprint ?? []),
});

export function situationOf(
  subject: Case,
  finding: Finding,
  { policy, now, standingOf, breakerOpen }: Pick<DecideContext, 'policy' | 'now' | 'standingOf' | 'breakerOpen'>,
): Situation {
  return {
    ...(standingOf === undefined ? {} : { standing: standingOf(subject, finding) }),
    isAllowed: listingOf(policy.allow, whomOf(subject, finding), now) !== undefined,
    ...(breakerOpen === undefined ? {} : { breakerOpen }),
  };
}

/** What an action lets out, for the count of limits; undefined where that is no money. */
export function outgoingOf(subject: Case, { kind, amount, findingId, approvedBy }: ActionView): Outgoing | undefined {
  if (amount === undefined || !movesMoney(kind)) return undefined;
  const finding = subject.findings.find((candidate) => candidate.findingId === findingId);
  return { amount, merchantId: finding && merchantOf(finding), operators: approvedBy };
}

/** What guards ask about a compensation. */
export const accruedFor = (
  { accrual }: Pick<ActionView, 'accrual'>,
  finding: Finding | undefined,
  actions: readonly ActionView[],
): Pick<GuardInput, 'accrual' | 'owedMinor'> => {
  if (accrual === undefined) return {};
  return { accrual, owedMinor: finding === undefined ? 0 : (compensationOf(finding, actions)?.minor ?? 0) };
};

/** The guard that stops an action of a case with the facts of now. */
export function guardOf(subject: Case, action: ActionView, context: DecideContext): GuardName | undefined {
  const facts = subject.payments.find(({ paymentId }) => paymentId === action.paymentId);
  const finding = subject.findings.find(({ findingId }) => findingId === action.findingId);
  if (finding?.status === 'cleared' && isOfLoss(action)) return 'loss-healed';
  const own = subject.actions.filter(({ actionId }) => actionId !== action.actionId);
  const others = standingBeside([...own, ...(context.elsewhere ?? [])], action);
  return firstGuard({
    kind: action.kind,
    ...accruedFor(action, finding, own),
    beside: besideOf(action, others),
    ...(action.amount === undefined ? {} : { amount: action.amount }),
    ...(finding === undefined ? {} : { findingKind: finding.kind }),
    ...(facts === undefined ? {} : { facts }),
    whom: whomOf(subject, finding),
    operators: action.approvedBy,
    ...(context.spentOn === undefined ? {} : { spentOn: context.spentOn }),
    reservedMinor: facts === undefined ? 0 : reservedMinor(facts, others),
    spentMinor: action.amount === undefined ? 0 : context.spentMinor(action.amount.currency),
    policy: context.policy,
    now: context.now,
  });
}

import type { InstantMs } from '#kernel/time';
import { firstGuard, type GuardName } from '#action/guards';
import { reservedMinor } from '#action/payment-money';
import { movesMoney, type Policy } from '#action/policy';
import type { ActionView, Case } from '#case/case';

export interface DecideContext {
  readonly now: InstantMs;
  readonly policy: Policy;
  /** What went out within the hour before `now`, by currency, outside this case's own proposals. */
  readonly spentMinor: (currency: string) => number;
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

/** The guard that stops an action of a case with the facts of now. */
export function guardOf(subject: Case, action: ActionView, context: DecideContext): GuardName | undefined {
  const facts = subject.payments.find(({ paymentId }) => paymentId === action.paymentId);
  const finding = subject.findings.find(({ findingId }) => findingId === action.findingId);
  if (finding?.status === 'cleared') return 'loss-healed';
  const others = subject.actions.filter(({ actionId }) => actionId !== action.actionId);
  return firstGuard({
    kind: action.kind,
    ...(action.amount === undefined ? {} : { amount: action.amount }),
    ...(finding === undefined ? {} : { findingKind: finding.kind }),
    ...(facts === undefined ? {} : { facts }),
    reservedMinor: facts === undefined ? 0 : reservedMinor(facts, [...others, ...(context.elsewhere ?? [])]),
    spentMinor: action.amount === undefined ? 0 : context.spentMinor(action.amount.currency),
    policy: context.policy,
    now: context.now,
  });
}

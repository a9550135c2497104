import type { ActionState, ActionView, Case, CaseEntry } from '#case/case';
import { isInLedger } from '#case/in-ledger';

/**
 * What people are told of a credit whose loss healed by itself. Nobody is debited by us: the buyer hears of date and amount five business
 * days before it. Source: Reg E, 12 CFR 1005.11(d)(2) and its comment 1.
 */
export const REVERSE_BY_HAND = 'credited and healed: reverse by hand, tell the buyer five business days before';

const notOut: readonly ActionState[] = ['proposed', 'awaiting_approval', 'refused', 'failed'];

/**
 * Provisional credits that went out or may have, but for those that the ledger shows as refunds.
 * @param sends false in a replay: what is approved there stays
 */
export const creditsOut = ({ actions, payments }: Pick<Case, 'actions' | 'payments'>, sends = true): readonly ActionView[] =>
  actions.filter((action) => {
    if (action.accrual !== 'provisional-credit' || notOut.includes(action.state)) return false;
    const facts = payments.find(({ paymentId }) => paymentId === action.paymentId);
    return (sends || action.state !== 'approved') && (facts === undefined || !isInLedger(action, facts));
  });

/** Those of them that are more than their finding still claims. */
export function creditsToReverse(subject: Case, sends?: boolean): readonly ActionView[] {
  const out = creditsOut(subject, sends);
  return out.filter(({ findingId }) => {
    const finding = subject.findings.find((candidate) => candidate.findingId === findingId);
    const credited = out.filter((credit) => credit.findingId === findingId).reduce((sum, { amount }) => sum + amount!.minor, 0);
    return credited > (finding?.status === 'open' ? (finding.loss?.minor ?? 0) : 0);
  });
}

/** What the end of a case makes of its credits, for its timeline: final where it was decided for the buyer. */
export function creditLine(subject: Case, at: number, by: string): CaseEntry | undefined {
  const actionIds = creditsOut(subject).map(({ actionId }) => actionId);
  if (actionIds.length === 0 || creditsToReverse(subject).length > 0) return undefined;
  const isFinal = subject.outcome === 'made_whole';
  return isFinal
    ? { at, by, what: 'credit final', data: { actionIds } }
    : { at, by, what: 'credit to reverse', data: { actionIds, reason: REVERSE_BY_HAND } };
}

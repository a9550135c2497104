import { formatInstant } from '#kernel/time';
import type { ActionView, Case } from '#case/case';
import type { ActionOrder } from '#action/action';

/** What goes on the `actions` topic for an approved action. Throws for one that nobody approved: that is a fault of ours. */
export function toOrder(subject: Case, action: ActionView): ActionOrder {
  if (action.state !== 'approved') throw new Error(`action ${action.actionId} is ${action.state}: only an approved one goes out`);
  if (subject.accountId === null) throw new Error(`action ${action.actionId} of ${subject.caseId} has no account to act on`);
  const finding = subject.findings.find(({ findingId }) => findingId === action.findingId);
  const payment = subject.payments.find(({ paymentId }) => paymentId === action.paymentId);
  return {
    actionId: action.actionId,
    key: action.key,
    kind: action.kind,
    caseId: subject.caseId,
    caseNumber: subject.number,
    accountId: subject.accountId,
    ...(finding?.merchantId === undefined ? {} : { merchantId: finding.merchantId }),
    ...(finding === undefined ? {} : { findingKind: finding.kind }),
    ...(action.paymentId === undefined ? {} : { paymentId: action.paymentId }),
    ...(action.amount === undefined ? {} : { amount: action.amount }),
    reason: action.reason ?? finding?.because.rule ?? action.kind,
    evidence: finding?.eventIds ?? [],
    policyVersion: action.policyVersion,
    proposedBy: action.proposedBy,
    approvedBy: action.approvedBy,
    ...(payment === undefined ? {} : { payment }),
    ...(action.until === undefined ? {} : { until: formatInstant(action.until) }),
  };
}

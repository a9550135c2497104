import { formatInstant } from '#kernel/time';
import type { ActionView, Case } from '#case/case';
import type { ActionOrder } from '#action/action';
import { compensationOf } from '#action/daily-compensation';
import { movesMoney } from '#action/policy';

/** What goes on the `actions` topic for an approved action. Throws for one that nobody approved: that is a fault of ours. */
export function toOrder(subject: Case, action: ActionView): ActionOrder {
  if (action.state !== 'approved') throw new Error(`action ${action.actionId} is ${action.state}: only an approved one goes out`);
  const finding = subject.findings.find(({ findingId }) => findingId === action.findingId);
  const scope = finding?.scope ?? subject.findings.find((one) => one.scope !== undefined)?.scope;
  if (subject.accountId === null && (scope === undefined || movesMoney(action.kind)))
    throw new Error(`action ${action.actionId} of ${subject.caseId} has no account to act on`);
  const merchantId = finding?.merchantId ?? (subject.accountId === null && scope?.kind === 'merchant' ? scope.key : undefined);
  const contactBefore = action.kind === 'notify' ? finding?.because.figures['since'] : undefined;
  const payment = subject.payments.find(({ paymentId }) => paymentId === action.paymentId);
  const owed = action.accrual === 'daily-compensation' && finding !== undefined ? compensationOf(finding, subject.actions) : null;
  return {
    actionId: action.actionId,
    key: action.key,
    kind: action.kind,
    caseId: subject.caseId,
    caseNumber: subject.number,
    accountId: subject.accountId,
    ...(subject.accountId === null && scope !== undefined ? { scope } : {}),
    ...(merchantId === undefined ? {} : { merchantId }),
    ...(finding === undefined ? {} : { findingKind: finding.kind }),
    ...(action.paymentId === undefined ? {} : { paymentId: action.paymentId }),
    ...(action.amount === undefined ? {} : { amount: action.amount }),
    ...(action.accrual === undefined ? {} : { accrual: action.accrual, findingId: action.findingId }),
    ...(owed === null ? {} : { owed }),
    reason: action.reason ?? finding?.because.rule ?? action.kind,
    evidence: finding?.eventIds ?? [],
    policyVersion: action.policyVersion,
    proposedBy: action.proposedBy,
    approvedBy: action.approvedBy,
    ...(payment === undefined ? {} : { payment }),
    ...(action.until === undefined ? {} : { until: formatInstant(action.until) }),
    ...(typeof contactBefore === 'string' ? { contactBefore } : {}),
  };
}

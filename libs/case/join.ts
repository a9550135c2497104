import type { Case } from '#case/case';
import type { Finding, FindingKind, PaymentFacts } from '#detection/finding';

/** About what was done with the account rather than about money: what rests on one act of it is one story. */
const kindsOfTheAccount: readonly FindingKind[] = ['account-takeover', 'impossible-travel'];

/**
 * The money that a finding is about, as keys: its payments, its order and the orders of its payments, its freeze or refund, the
 * scope or statement line it concerns, the acts that a takeover is made of. Findings of one account that share a key are about the
 * same money. A finding that names none of them is about itself alone.
 */
export function moneyKeys(finding: Finding, payments: readonly PaymentFacts[]): readonly string[] {
  const keys = new Set<string>();
  for (const paymentId of finding.paymentIds) keys.add(`payment ${paymentId}`);
  if (finding.orderId !== undefined) keys.add(`order ${finding.orderId}`);
  for (const payment of payments)
    if (payment.orderId !== undefined && finding.paymentIds.includes(payment.paymentId)) keys.add(`order ${payment.orderId}`);
  for (const figure of ['freezeId', 'refundId', 'entryId', 'lineId'] as const) {
    const value = finding.because.figures[figure];
    if (typeof value === 'string') keys.add(`${figure} ${value}`);
  }
  if (kindsOfTheAccount.includes(finding.kind)) for (const eventId of finding.eventIds) keys.add(`act ${eventId}`);
  if (finding.scope !== undefined) keys.add(`${finding.scope.kind} ${finding.scope.key}`);
  return keys.size > 0 ? [...keys] : [`finding ${finding.findingId}`];
}

/** Every key of the money that a case is about. */
export const moneyKeysOf = (subject: Case): ReadonlySet<string> =>
  new Set(subject.findings.flatMap((finding) => moneyKeys(finding, subject.payments)));

/**
 * The case that a new finding joins: one of the same account on the same money, an open one before a closed one, then the oldest. Where
 * people split a case, the one that names its payments comes first: of findings about one payment none may stand apart.
 */
export function findCaseOf(cases: readonly Case[], finding: Finding, payments: readonly PaymentFacts[]): Case | undefined {
  const keys = moneyKeys(finding, payments);
  const candidates = cases.filter((candidate) => {
    if (candidate.accountId !== finding.accountId) return false;
    const held = moneyKeysOf(candidate);
    return keys.some((key) => held.has(key));
  });
  const wasSplit = candidates.some(({ cameFrom, handedOver }) => cameFrom !== undefined || handedOver !== undefined);
  return candidates.toSorted((left, right) => (wasSplit ? byPayments(finding, left, right) : 0) || byPreference(left, right))[0];
}

const byPayments = ({ paymentIds }: Finding, left: Case, right: Case): number =>
  namedBy(right, paymentIds) - namedBy(left, paymentIds);
const namedBy = ({ findings }: Case, paymentIds: readonly string[]): number =>
  Number(findings.some((held) => held.paymentIds.some((paymentId) => paymentIds.includes(paymentId))));

const byPreference = (left: Case, right: Case): number =>
  Number(left.stage === 'closed') - Number(right.stage === 'closed') ||
  left.openedAt - right.openedAt ||
  (left.caseId < right.caseId ? -1 : 1);

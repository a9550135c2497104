import type { Case } from '#case/case';
import { standingFindings } from '#case/suppression';
import type { FindingKind } from '#detection/finding';

/** Where a case waits for someone: by what has to be known to work on it. The first that fits a finding of the case is its queue. */
export const queueNames = [
  'security',
  'charges',
  'refunds',
  'holds',
  'deliveries',
  'statements',
  'complaints',
  'merchants',
] as const;
export type QueueName = (typeof queueNames)[number];

const queueOfKind: Readonly<Record<FindingKind, QueueName>> = {
  'account-takeover': 'security',
  'impossible-travel': 'security',
  'credential-stuffing': 'security',
  'card-testing': 'security',
  'insider-abuse': 'security',
  'spend-outlier': 'security',
  'duplicate-charge': 'charges',
  'paid-by-other-means': 'charges',
  'amount-differs-from-order': 'charges',
  'undisclosed-fee': 'charges',
  'limit-exceeded': 'charges',
  'refund-overdue': 'refunds',
  'refund-amount-wrong': 'refunds',
  'refund-wrong-instrument': 'refunds',
  'refund-failed': 'refunds',
  'stuck-hold': 'holds',
  'payment-unconfirmed': 'holds',
  'frozen-funds': 'holds',
  'not-delivered': 'deliveries',
  'paid-out-before-delivery': 'deliveries',
  'balance-differs': 'statements',
  'statement-without-order': 'statements',
  'order-without-statement': 'statements',
  'statement-amount-differs': 'statements',
  'buyer-complaint': 'complaints',
  'compromised-merchant': 'merchants',
  'merchant-anomaly': 'merchants',
  'payment-outage': 'merchants',
};

/** The queue in which a case waits; null while it is closed or set aside. */
export function queueOf(subject: Case): QueueName | null {
  if (subject.stage === 'closed' || subject.snooze !== undefined) return null;
  const standing = standingFindings(subject).map(({ kind }) => queueOfKind[kind]);
  return queueNames.find((name) => standing.includes(name)) ?? queueOfKind[subject.findings[0]?.kind ?? 'buyer-complaint'];
}

import type { InstantMs } from '#kernel/time';
import type { Finding, FindingKind } from '#detection/finding';
import type { Case } from '#case/case';

/** A person's word that payments are no duplicate of each other. It has no end. */
export interface Mark {
  readonly findingId: string;
  readonly kind: FindingKind;
  readonly accountId: string | null;
  /** The pair (or more) that it is about: a payment that comes later is not covered. */
  readonly paymentIds: readonly string[];
  readonly reason: string;
  readonly by: string;
  readonly at: InstantMs;
}

/** Findings of a kind about one buyer or one merchant are expected: those that become true before `until` open no case. */
export interface Snooze {
  readonly snoozeId: string;
  readonly kind: FindingKind;
  readonly accountId?: string;
  readonly merchantId?: string;
  readonly until: InstantMs;
  readonly reason: string;
  /** `policy`, or the person. */
  readonly by: string;
}

/** What keeps findings from becoming cases. */
export interface Suppressions {
  readonly marks: readonly Mark[];
  readonly snoozes: readonly Snooze[];
}

export const nothingSuppressed: Suppressions = { marks: [], snoozes: [] };

/** A finding of a case that a person took out of it: it stays to be read, and counts no more. */
export interface Dismissal {
  readonly how: 'not-a-duplicate' | 'snooze';
  readonly findingId: string;
  readonly paymentIds: readonly string[];
  readonly reason: string;
  readonly by: string;
  readonly at: InstantMs;
}

export const duplicateKinds: readonly FindingKind[] = ['duplicate-charge', 'paid-by-other-means'];

/** Why a finding that is in no case opens none and joins none, or undefined. */
export function suppressionOf(finding: Finding, { marks, snoozes }: Suppressions): Mark | Snooze | undefined {
  return marks.find((mark) => isMarked(finding, mark)) ?? snoozes.find((snooze) => isSnoozed(finding, snooze));
}

const isMarked = (finding: Finding, mark: Mark): boolean =>
  mark.accountId === finding.accountId &&
  (mark.findingId === finding.findingId || duplicateKinds.includes(finding.kind)) &&
  areAmong(finding.paymentIds, mark.paymentIds);

function isSnoozed(finding: Finding, { kind, accountId, merchantId, until }: Snooze): boolean {
  if (finding.kind !== kind || Date.parse(finding.at) >= until) return false;
  if (accountId !== undefined) return finding.accountId === accountId;
  const merchant = finding.scope?.kind === 'merchant' ? finding.scope.key : finding.merchantId;
  return merchantId !== undefined && merchant === merchantId;
}

/** Whether a person took this finding out of its case. One that came to name a further payment is back in it. */
export const isDismissed = ({ dismissed = [] }: Pick<Case, 'dismissed'>, finding: Finding): boolean =>
  dismissed.some(({ findingId, paymentIds }) => findingId === finding.findingId && areAmong(finding.paymentIds, paymentIds));

/** Whether a person ever did: what it grew by is for people to decide, too. */
export const wasDismissed = ({ dismissed = [] }: Pick<Case, 'dismissed'>, finding: Finding): boolean =>
  dismissed.some(({ findingId }) => findingId === finding.findingId);

/** The findings of a case that still count. */
export const standingFindings = (subject: Case): readonly Finding[] =>
  subject.dismissed === undefined ? subject.findings : subject.findings.filter((finding) => !isDismissed(subject, finding));

const areAmong = (some: readonly string[], all: readonly string[]): boolean => some.every((one) => all.includes(one));

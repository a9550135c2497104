import type { Money } from '#kernel/money';
import type { Remedy } from '#action/remedy';
import type { ActionView, Case } from '#case/case';
import { daysBegun, daysOverOf, perDayOf } from '#case/accruals';
import { isDismissed } from '#case/suppression';
import type { Finding } from '#detection/finding';

/**
 * What the law gives for a delay that is over: each day begun, as the finding counted them when it cleared, or up to the confirmation of
 * our own refund of all of it. null while it is not over, and where the law gives nothing.
 */
export function compensationOf(finding: Finding, actions: readonly ActionView[]): Money | null {
  const perDay = perDayOf(finding);
  if (perDay === undefined) return null;
  const count = daysOverOf(finding) ?? daysUntilRefund(finding, actions);
  const minor = perDay.amount.minor * count;
  return count > 0 && Number.isSafeInteger(minor) ? { minor, currency: perDay.amount.currency } : null;
}

function daysUntilRefund({ findingId, at, status, loss }: Finding, actions: readonly ActionView[]): number {
  if (status === 'cleared' || loss === null) return 0;
  const returned = actions.filter(
    (action) =>
      action.findingId === findingId &&
      (action.kind === 'refund' || action.kind === 'void') &&
      action.state === 'confirmed' &&
      action.amount?.currency === loss.currency,
  );
  const minor = returned.reduce((sum, { amount }) => sum + amount!.minor, 0);
  const confirmed = returned.flatMap(({ confirmedAt }) => confirmedAt ?? []);
  return minor >= loss.minor && confirmed.length === returned.length ? daysBegun(Date.parse(at), Math.max(...confirmed)) : 0;
}

/**
 * Each compensation that a case owes and has not ordered yet: once a finding, whatever becomes of it later. A case that healed or was made whole
 * owes it still, one that people rejected does not. After a person's or the platform's no, or a failure, it is people's to propose.
 */
export function compensationsFor(subject: Case, actions: readonly ActionView[]): readonly (readonly [Finding, Remedy])[] {
  if (!mayOwe(subject)) return [];
  return subject.findings.flatMap((finding): readonly (readonly [Finding, Remedy])[] => {
    const amount = isDismissed(subject, finding) ? null : compensationOf(finding, actions);
    const paymentId = finding.paymentIds.at(-1);
    if (amount === null || paymentId === undefined || actions.some((action) => isAnswer(action, finding))) return [];
    const { rule } = perDayOf(finding)!;
    return [[finding, { kind: 'compensate', accrual: 'daily-compensation', paymentId, amount, rule }]];
  });
}

const mayOwe = ({ outcome }: Case): boolean => outcome === null || outcome === 'healed' || outcome === 'made_whole';

const isAnswer = ({ findingId, accrual, state, guard }: ActionView, finding: Finding): boolean =>
  findingId === finding.findingId && accrual === 'daily-compensation' && (state !== 'refused' || guard === undefined);

/** Why a compensation that nobody has sent yet is taken back, or undefined: its sum is another by now, or people decided otherwise. */
export function whyNotOwed(action: ActionView, subject: Case): 'loss-changed' | 'decision-changed' | undefined {
  const finding = subject.findings.find(({ findingId }) => findingId === action.findingId);
  if (!mayOwe(subject) || finding === undefined || isDismissed(subject, finding)) return 'decision-changed';
  if (finding.mode === 'shadow' && action.proposedBy === 'policy') return 'decision-changed';
  const owed = compensationOf(finding, subject.actions);
  return owed?.minor === action.amount?.minor && owed?.currency === action.amount?.currency ? undefined : 'loss-changed';
}

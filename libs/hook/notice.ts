import { buyerNotice } from '#case/buyer-notice';
import type { CaseNotice, NoticeKind } from '#case/case';
import type { CaseMessage } from '#case/case-message';
import { formatInstant, type InstantMs } from '#kernel/time';

/** What is sent to an endpoint: the body of a Standard Webhooks message. `id` is its `webhook-id`, the same at every try. */
export interface Notice {
  readonly id: string;
  readonly type: NoticeKind;
  /** RFC 3339. */
  readonly timestamp: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export const noticeKinds: readonly NoticeKind[] = [
  'case.opened',
  'case.updated',
  'case.closed',
  'finding.opened',
  'finding.cleared',
  'action.confirmed',
  'action.failed',
];

/** The notices that a change of a case asks for. Their ids derive from the case's revision: told twice, they are dropped as known. */
export const noticesOf = (message: CaseMessage, at: InstantMs): readonly Notice[] =>
  message.notices.map((notice, index) => ({
    id: `msg_${message.case.caseId}_${message.revision}_${index}`,
    type: notice.kind,
    timestamp: formatInstant(at),
    data: dataOf(message, notice, at),
  }));

function dataOf(message: CaseMessage, notice: CaseNotice, at: InstantMs): Readonly<Record<string, unknown>> {
  const { caseId, number, accountId } = message.case;
  const about = { caseId, caseNumber: number, accountId };
  if (notice.kind.startsWith('finding.'))
    return { ...about, finding: message.findings.find(({ findingId }) => findingId === notice.findingId) ?? null };
  if (notice.kind.startsWith('action.'))
    return { ...about, action: message.case.actions.find(({ actionId }) => actionId === notice.actionId) ?? null };
  const told = accountId === null ? {} : { buyerNotice: buyerNotice(message.case, at) };
  return { ...about, case: message.case, ...told };
}

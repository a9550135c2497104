import { toCaseFile } from '#case/case-file';
import { stepFinding } from '#action/step';
import { noticesOf } from '#hook/notice';
import { bothPayments, contextOf, findingOf } from '#test/money/examples';

describe('notices', () => {
  const change = stepFinding([], findingOf(), bothPayments(), contextOf()).changes[0]!;
  const message = {
    case: toCaseFile(change.case),
    revision: change.case.revision,
    notices: change.notices,
    findings: [findingOf()],
    evidence: { sequence: 1, hash: 'a'.repeat(64) },
  };

  it('say what happened to which case, with the finding or action that it is about', () => {
    const notices = noticesOf(message, Date.parse('2026-06-01T10:00:00Z'));
    expect(notices.map(({ type }) => type)).toEqual(['case.opened', 'finding.opened']);
    expect(notices[0]!.data).toMatchObject({
      caseNumber: change.case.number,
      case: { status: 'open', loss: [{ minor: 5_000, currency: 'EUR' }] },
    });
    expect(notices[1]!.data).toMatchObject({ caseId: change.case.caseId, finding: { findingId: 'finding-1' } });
    const { actionId } = change.case.actions[0]!;
    const [confirmed] = noticesOf({ ...message, notices: [{ kind: 'action.confirmed', actionId }] }, 0);
    expect(confirmed!.data).toMatchObject({ action: { actionId, kind: 'refund' } });
  });

  it('have ids of their own that the same change derives again', () => {
    const ids = noticesOf(message, 1).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(noticesOf(message, 2).map(({ id }) => id)).toEqual(ids);
    expect(noticesOf({ ...message, revision: 2 }, 1).map(({ id }) => id)).not.toEqual(ids);
  });
});

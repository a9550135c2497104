import { CaseBook } from '#action/case-book';
import type { Policy } from '#action/policy';
import type { Case } from '#case/case';
import { lossOf } from '#case/loss';
import type { Finding, FindingMessage } from '#detection/finding';
import type { Stage } from '#stream/stage';

import { PlainPartition } from '#apps/makewhole/verify/plain-partition';
import type { AuditEngine, PeoplesWord } from '#apps/makewhole/verify/sources';

/** The pure rooms of detection, case and action, as the auditor runs them. `futureMs`: later events are quarantined. */
export function makeEngine<State, Event, Shared, ScopeState, ScopeEvent, ScopeShared>(
  stage: Stage<State, Event, Shared>,
  scopes: Stage<ScopeState, ScopeEvent, ScopeShared>,
  policy: Policy,
  futureMs: number,
): AuditEngine {
  return {
    run: (records, time, until) => new PlainPartition(stage, futureMs).run(records, time, until),
    runScopes: (records, time, until) => new PlainPartition(scopes, futureMs).run(records, time, until),
    cases: (messages, word) => {
      const { suppressed, dismissed } = word;
      // What a policy snoozed while it was live stands in the database.
      const book = new CaseBook({ policy: { ...policy, snoozes: [] } });
      for (const { value, at } of messages) {
        const { type, data } = JSON.parse(value) as { type: string; data: object };
        if (type === 'makewhole.caught-up') continue;
        const message = { type: type.replace('makewhole.', ''), ...data } as FindingMessage;
        if (message.type === 'finding' && suppressed.has(message.finding.findingId)) continue;
        book.feed(message, at);
      }
      return regroup(book.cases(), word).map(({ caseId, findings, isClosed }) => ({
        caseId,
        findingIds: findings.map(({ findingId }) => findingId),
        loss: lossOf(findings.filter(({ findingId }) => !dismissed.has(findingId))),
        isClosed,
      }));
    },
  };
}

/** The findings of cases that people regrouped, where they put them; a case that is left with none is gone. */
function regroup(cases: readonly Case[], { placed }: PeoplesWord) {
  const groups = new Map<string, { caseId: string; findings: Finding[]; isClosed: boolean }>();
  for (const { caseId, findings, stage } of cases)
    for (const finding of findings) {
      const place = placed.get(finding.findingId) ?? caseId;
      const group = groups.get(place) ?? { caseId: place, findings: [], isClosed: stage === 'closed' };
      groups.set(place, group);
      group.findings.push(finding);
    }
  return [...groups.values()];
}

import { CaseBook } from '#action/case-book';
import type { Policy } from '#action/policy';
import { lossOf } from '#case/loss';
import type { FindingMessage } from '#detection/finding';
import type { Stage } from '#stream/stage';

import { PlainPartition } from '#apps/makewhole/verify/plain-partition';
import type { AuditEngine } from '#apps/makewhole/verify/sources';

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
    cases: (messages, { suppressed, dismissed }) => {
      const book = new CaseBook({ policy });
      for (const { value, at } of messages) {
        const { type, data } = JSON.parse(value) as { type: string; data: object };
        if (type === 'makewhole.caught-up') continue;
        const message = { type: type.replace('makewhole.', ''), ...data } as FindingMessage;
        if (message.type === 'finding' && suppressed.has(message.finding.findingId)) continue;
        book.feed(message, at);
      }
      return book.cases().map(({ caseId, findings, stage: where }) => ({
        caseId,
        findingIds: findings.map(({ findingId }) => findingId),
        loss: lossOf(findings.filter(({ findingId }) => !dismissed.has(findingId))),
        isClosed: where === 'closed',
      }));
    },
  };
}

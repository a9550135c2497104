import type { Logger } from '#telemetry/logger';
import type { Metrics } from '#telemetry/metrics';
import type { Clock } from '#case/case';
import type { CaseWrite } from '#apps/casework/store/case-rows';
import type { MessageFault } from '#apps/casework/consume/decode-message';
import type { Effects } from '#apps/casework/consume/case-transaction';

/**
 * Counts and logs what a transaction did, once it has committed. What the actuator did with an action is counted there, not again when its
 * report is written down.
 */
export function reportEffects({ changes, cases, actions }: Effects, metrics: Metrics, logger: Logger): void {
  for (const { case: held, notices } of changes) {
    if (notices.some(({ kind }) => kind === 'case.opened')) {
      metrics.casesOpened.inc({ kind: held.findings[0]!.kind });
      logger.debug({ caseId: held.caseId, number: held.number, kind: held.findings[0]!.kind }, 'case opened');
    }
    if (notices.some(({ kind }) => kind === 'case.closed')) {
      logger.debug({ caseId: held.caseId, outcome: held.outcome }, 'case closed');
    }
  }
  for (const { name } of cases.flatMap(missedNow)) metrics.clockBreaches.inc({ clock: name });
  for (const { action, before, case: held } of actions) {
    if (action.state === before?.state) continue;
    const { actionId, kind, state, guard, amount, policyVersion } = action;
    metrics.actions.inc({ kind, state });
    if (guard !== undefined && state === 'refused' && before?.guard !== guard) metrics.guardRefusals.inc({ guard });
    logger.info({ actionId, caseId: held.caseId, kind, state, guard, amount, policyVersion }, `action ${state}`);
  }
}

/** Clocks that this change shows as missed and the case before did not. */
const missedNow = ({ before, case: held }: CaseWrite): readonly Clock[] =>
  held.clocks.filter(
    ({ name, state }) => state === 'missed' && !before?.clocks.some((clock) => clock.name === name && clock.state === 'missed'),
  );

export function reportDeadLetters(faults: readonly MessageFault[], metrics: Metrics, logger: Logger): void {
  for (const { reason, pointer, expected } of faults) {
    metrics.deadLetters.inc({ reason });
    logger.error({ reason, pointer, expected }, 'a message of ours could not be read: it went to dead-letters');
  }
}

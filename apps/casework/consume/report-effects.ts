import type { Logger } from '#telemetry/logger';
import type { Metrics } from '#telemetry/metrics';
import { movesMoney } from '#action/policy';
import type { Clock } from '#case/case';
import type { CaseWrite } from '../store/case-rows';
import type { MessageFault } from './decode-message';
import type { Effects } from './case-transaction';

/** Counts and logs what a transaction did, once it has committed. */
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
    if (state === 'confirmed' && amount !== undefined && movesMoney(kind))
      metrics.moneyReturned.inc({ currency: amount.currency }, amount.minor);
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

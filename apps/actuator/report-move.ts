import type { InstantMs } from '#kernel/time';
import { isOfLoss } from '#action/policy';
import type { Logger } from '#telemetry/logger';
import type { Metrics } from '#telemetry/metrics';
import type { ActionMove, ClaimedAction } from '#apps/actuator/action-rows';

/** One line and the counters for each change of state that was stored. */
export const reportMove =
  (metrics: Metrics, logger: Logger, now: () => InstantMs) =>
  ({ order, receivedMs }: ClaimedAction, move: Pick<ActionMove, 'state' | 'guard' | 'reason'>): void => {
    const { kind, actionId, caseId, amount } = order;
    metrics.actions.inc({ kind, state: move.state });
    if (move.guard !== undefined) metrics.guardRefusals.inc({ guard: move.guard });
    if (move.state === 'confirmed') {
      metrics.actionDuration.observe({ kind }, (now() - receivedMs) / 1_000);
      if (isOfLoss(order) && amount !== undefined) metrics.moneyReturned.inc({ currency: amount.currency }, amount.minor);
    }
    const line = {
      actionId,
      caseId,
      kind,
      lossMinor: amount?.minor,
      currency: amount?.currency,
      guard: move.guard,
      reason: move.reason,
    };
    logger.info(line, `action ${move.state}`);
  };

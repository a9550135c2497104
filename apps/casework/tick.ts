import type { InstantMs } from '#kernel/time';
import type { ActionOrder } from '#action/action';
import { stepTime } from '#action/step';
import { changeCases, type CaseworkRules, type Effects, type Steps } from '#apps/casework/consume/case-transaction';
import { lockDueCases, lockReleasable, type StoredCase } from '#apps/casework/store/case-rows';
import type { StoreTransaction } from '#apps/casework/store/store';
import { type Database, transact } from '#apps/casework/store/transact';

export interface TickEffects extends Effects {
  /** Cases that were due; as many as the limit means that there may be more. */
  readonly due: number;
}

/**
 * Time has passed: clocks of cases are missed, freezes end, what had to wait is decided. One transaction over at most `limit` cases, those of
 * the longest overdue first, so that a burst after an outage is spread over many short ones. Several processes may tick at once:
 * each takes cases that no other holds.
 */
export const tick = (database: Database, rules: CaseworkRules, now: InstantMs, limit: number): Promise<TickEffects> =>
  stepAll(database, rules, now, 'letting clocks of cases run', (transaction) => lockDueCases(transaction, now, limit));

/**
 * Money that waited for the end of a backlog: its cases are decided again, now that everything is known.
 * @param findings partitions of `findings` that this process has read to their ends
 */
export const release = (
  database: Database,
  rules: CaseworkRules,
  now: InstantMs,
  findings: readonly number[],
  limit: number,
): Promise<TickEffects> =>
  stepAll(database, rules, now, 'releasing what waited for the end of a backlog', (transaction) =>
    lockReleasable(transaction, findings, limit),
  );

function stepAll(
  database: Database,
  rules: CaseworkRules,
  now: InstantMs,
  doing: string,
  lock: (transaction: StoreTransaction) => Promise<readonly StoredCase[]>,
): Promise<TickEffects> {
  return transact(database, doing, async (transaction) => {
    const stored = await lock(transaction);
    const steps: Steps = (locked, context) => {
      const orders: ActionOrder[] = [];
      for (const { case: due } of stored) {
        const step = stepTime(due, context);
        for (const change of step.changes) locked.apply(change);
        orders.push(...step.orders);
      }
      return orders;
    };
    const { effects } = await changeCases(transaction, rules, now, stored, { steps });
    return { ...effects, due: stored.length };
  });
}

import type { InstantMs } from '#kernel/time';
import type { ActionResult } from '#action/action';
import { stepResult } from '#action/result';
import { lockCasesOfOrders } from '#apps/casework/store/case-rows';
import type { StoreTransaction } from '#apps/casework/store/store';
import { changeCases, type CaseworkRules, type Effects, type Steps } from '#apps/casework/consume/case-transaction';

/** What the actuator did, in the order of the log, into the cases that ordered it. */
export async function applyResults(
  transaction: StoreTransaction,
  rules: CaseworkRules,
  results: readonly ActionResult[],
  now: InstantMs,
): Promise<Effects> {
  const stored = await lockCasesOfOrders(transaction, [...new Set(results.map(({ caseId }) => caseId))]);
  const steps: Steps = (locked, context) => {
    for (const result of results) {
      const held = locked.holderOfAction(result);
      const change = held && stepResult(held, result, context);
      if (change) locked.apply(change);
    }
    return [];
  };
  return (await changeCases(transaction, rules, now, stored, { steps })).effects;
}

import type { InstantMs } from '#kernel/time';
import type { ActionOrder, ActionResult } from '#action/action';
import { stepResult } from '#action/result';
import { stepAfter, type StepContext } from '#action/step';
import { lockCasesOfOrders } from '#apps/casework/store/case-rows';
import type { StoreTransaction } from '#apps/casework/store/store';
import { changeCases, type CaseworkRules, type Effects, type Steps } from '#apps/casework/consume/case-transaction';

/**
 * What the actuator did, in the order of the log, into the cases that ordered it. Money that did not arrive is missing again: other
 * findings about it may now ask for it. Money that did ends the delay that a policy may pay for.
 */
export async function applyResults(
  transaction: StoreTransaction,
  rules: CaseworkRules,
  results: readonly ActionResult[],
  now: InstantMs,
): Promise<Effects> {
  const stored = await lockCasesOfOrders(transaction, [...new Set(results.map(({ caseId }) => caseId))]);
  const steps: Steps = (locked, context) => {
    const orders: ActionOrder[] = [];
    for (const result of results) {
      const held = locked.holderOfAction(result);
      const change = held && stepResult(held, result, context);
      if (!change) continue;
      const step = mayOwe(result, context) ? stepAfter(held, change, context) : { changes: [change], orders: [] };
      for (const one of step.changes) locked.apply(one);
      orders.push(...step.orders);
    }
    return orders;
  };
  return (await changeCases(transaction, rules, now, stored, { steps })).effects;
}

const mayOwe = ({ state }: ActionResult, { policy }: StepContext): boolean =>
  state === 'failed' || (state === 'confirmed' && policy.accruals.length > 0);

import type { ActionView } from '#case/case';
import type { PaymentFacts } from '#detection/finding';

/** Whether the ledger's own sums already contain our refund: it is recognised by its reference, or by our key or id as its name. */
export function isInLedger(action: Pick<ActionView, 'actionId' | 'key' | 'reference'>, facts: PaymentFacts): boolean {
  const shown = facts.refundIds ?? [];
  return [action.reference, action.key, action.actionId].some((name) => name !== undefined && shown.includes(name));
}

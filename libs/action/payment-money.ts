import { addMinor, type MinorUnits } from '#kernel/money';
import type { ActionView } from '#case/case';
import { isInLedger } from '#case/in-ledger';
import { isLive } from '#action/life';
import { isOfLoss } from '#action/policy';
import type { PaymentFacts } from '#detection/finding';

type MoneyAction = Pick<ActionView, 'actionId' | 'key' | 'kind' | 'state' | 'paymentId' | 'amount' | 'reference' | 'accrual'>;

/**
 * What our own actions hold of a captured payment and the ledger does not show yet. Unknown and merely approved ones count: each may
 * still pay. A refund that the ledger shows under another name counts twice; that refuses too much, never too little.
 */
export function reservedMinor(facts: PaymentFacts, actions: readonly MoneyAction[]): MinorUnits {
  return actions
    .filter((action) => action.paymentId === facts.paymentId && isOfLoss(action) && isLive(action.state))
    .filter((action) => action.amount?.currency === facts.currency && !isInLedger(action, facts))
    .reduce((sum, action) => addMinor(sum, action.amount!.minor), 0);
}

/** What may still go back to the buyer: captured − refunded − pending − charged back − reserved; never below zero. */
export const roomMinor = (facts: PaymentFacts, reserved: MinorUnits): MinorUnits =>
  Math.max(0, facts.capturedMinor - facts.refundedMinor - facts.refundPendingMinor - facts.chargedBackMinor - reserved);

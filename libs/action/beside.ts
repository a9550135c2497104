import { isFirm, isWaiting } from '#action/life';
import type { ActionView } from '#case/case';

/** Our other money on the same payment, or for the same finding, that went out or may. */
export interface Beside {
  readonly refund: boolean;
  readonly credit: boolean;
  readonly compensation: boolean;
}

export const nothingBeside: Beside = { refund: false, credit: false, compensation: false };

export function besideOf(
  { paymentId, findingId }: Pick<ActionView, 'paymentId' | 'findingId'>,
  others: readonly ActionView[],
): Beside {
  const firm = others.filter(({ state }) => isFirm(state));
  const ofPayment = firm.filter((action) => paymentId !== undefined && action.paymentId === paymentId);
  return {
    refund: ofPayment.some(({ kind }) => kind === 'refund' || kind === 'void'),
    credit: ofPayment.some(({ accrual }) => accrual === 'provisional-credit'),
    compensation: firm.some((action) => action.accrual === 'daily-compensation' && action.findingId === findingId),
  };
}

/** What counts beside an action: a refund that waits does not hold up a credit, nor a credit that waits a refund. */
export const standingBeside = (actions: readonly ActionView[], { accrual }: Pick<ActionView, 'accrual'>): readonly ActionView[] =>
  actions.filter((other) => !isWaiting(other.state) || (other.accrual === undefined) === (accrual === undefined));

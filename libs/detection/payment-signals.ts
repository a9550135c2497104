import type { AnyEvent } from '#event/event';
import type { AccountState } from '#detection/account-state';

const NONE: readonly number[] = [];

/** What the buyer's own past says of a payment, from what was known before its event. Goes over the wire: few, short numbers. */
export function paymentSignals(_state: AccountState, _event: AnyEvent): readonly number[] {
  return NONE;
}

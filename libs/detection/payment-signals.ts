import type { AnyEvent } from '#event/event';
import { findById } from '#ledger/ledger';
import type { AccountState } from '#detection/account-state';
import { newSpend, noteLabel, noteSpend } from '#detection/spend';
import { isScoredBefore, spendSignals, TOLD_BEFORE } from '#detection/spend-signals';

const NONE: readonly number[] = [];

/**
 * What the buyer's own past says of a payment, or of one that was charged back, from what was known before the event: spend-signals.ts.
 * Nothing for an event that neither moves nor reserves money. `isShort`: of a payment that was told before only that is asked for.
 */
export function paymentSignals(state: AccountState, event: AnyEvent, isShort: boolean): readonly number[] {
  switch (event.type) {
    case 'payment.authorised':
    case 'payment.captured': {
      const isRepeat = isToldBefore(state, event.data.paymentId);
      if (isShort && isRepeat) return TOLD_BEFORE;
      state.spend ??= newSpend();
      return spendSignals(state.spend, event.data.amount.currency, event.at, isRepeat);
    }
    case 'chargeback.opened':
      state.spend ??= newSpend();
      return spendSignals(state.spend, event.data.amount.currency, event.at, false);
    default:
      return NONE;
  }
}

/** Learns the event after its signals were taken. Each payment counts once, by its first event that reserves or moves money. */
export function notePayment({ spend }: AccountState, event: AnyEvent, signals: readonly number[]): void {
  if (spend === null) return;
  if (event.type === 'chargeback.opened') noteLabel(spend, event.data.amount.minor, event.data.amount.currency, event.at);
  else if ((event.type === 'payment.authorised' || event.type === 'payment.captured') && !isScoredBefore(signals))
    noteSpend(spend, event.data.amount.minor, event.data.amount.currency, event.at);
}

/** Whether money of the payment was reserved or moved before. */
function isToldBefore({ ledger }: AccountState, paymentId: string): boolean {
  const payment = findById(ledger.payments, paymentId);
  return payment !== undefined && (payment.authorisedMinor > 0 || payment.captures.length > 0);
}

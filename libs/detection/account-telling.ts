import type { AnyEvent } from '#event/event';
import type { Touched } from '#ledger/ledger';
import type { AccountState } from '#detection/account-state';
import type { Outgoing } from '#detection/emission';
import type { OnTold } from '#detection/engine';
import { notePayment, paymentSignals } from '#detection/payment-signals';
import { packSlimEvent, SUM_FROM, summedTypes, type SlimEvent, type SlimType } from '#detection/scope-event';
import { groupOf, stateKeyOf } from '#detection/scope-state';
import type { DetectionSettings } from '#detection/settings';
import { createTellers, isKnown, type Tell } from '#detection/scope-teller';

export const SCOPE_EVENTS = 'scope-events';

/** What the account stage tells the other scopes. */
export interface AccountTelling {
  /** Before the fold: the signals of a payment; undefined when the event tells nothing. */
  before(state: AccountState, event: AnyEvent): readonly number[] | undefined;
  after(state: AccountState, event: AnyEvent, touched: Touched, signals: readonly number[], out: Outgoing[]): void;
  readonly onTold: OnTold | undefined;
}

const NONE: readonly number[] = [];

/** `wanted`: what somebody listens to. One object serves all accounts of a thread. */
export function createAccountTelling(wanted: ReadonlySet<SlimType>, settings: DetectionSettings): AccountTelling {
  const tellers = createTellers(wanted, settings);
  const scores = wanted.has('payment');
  const isShort = wanted.has('recapture');
  let out = undefined as unknown as Outgoing[];
  let eventId = '';
  let accountId = '';

  const tell: Tell = (scope, key, type, at, data) => {
    if (key === '' || !wanted.has(type)) return;
    const isSum = summedTypes.has(type);
    const event = { scope, key, type, at, data, eventId: isSum ? '' : eventId, accountId: isSum ? '' : accountId };
    const cells = packSlimEvent(event as SlimEvent);
    const group = groupOf(stateKeyOf(scope, key));
    out.push({ kind: 'slim', topic: SCOPE_EVENTS, group, cells, sumFrom: isSum ? SUM_FROM : undefined });
  };

  return {
    before(state, event) {
      if (tellers.byEvent[event.type] === undefined || isKnown(state.ledger, event)) return undefined;
      return scores ? paymentSignals(state, event, isShort) : NONE;
    },
    after(state, event, touched, signals, emissions) {
      out = emissions;
      eventId = event.id;
      accountId = event.accountId;
      for (const teller of tellers.byEvent[event.type] ?? []) teller.onEvent(event, { touched, state, signals }, tell);
      if (scores) notePayment(state, event, signals);
    },
    onTold:
      tellers.onFinding.length === 0
        ? undefined
        : ({ finding, at }, ofAccount, emissions) => {
            out = emissions;
            eventId = '';
            accountId = ofAccount;
            for (const teller of tellers.onFinding) teller.onFinding?.(finding, at, tell);
          },
  };
}

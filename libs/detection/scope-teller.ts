import type { AnyEvent } from '#event/event';
import type { EventType } from '#event/types';
import type { InstantMs } from '#kernel/time';
import { findById, type Ledger, type Touched } from '#ledger/ledger';
import type { AccountState } from '#detection/account-state';
import type { Finding } from '#detection/finding';
import { merchantTeller } from '#detection/merchant-teller';
import { networkTeller } from '#detection/network-teller';
import { operatorTeller } from '#detection/operator-teller';
import type { DetectionSettings } from '#detection/settings';
import { routeTeller } from '#detection/route-teller';
import type { Scope, SlimData, SlimType } from '#detection/scope-event';

/** Says a slim event; whose account and which event made it so is added. An empty key is nobody: nothing is said. */
export type Tell = <Type extends SlimType>(scope: Scope, key: string, type: Type, at: InstantMs, data: SlimData[Type]) => void;

/** What a teller may look at: the account after the fold. It changes none of it. */
export interface Telling {
  readonly touched: Touched;
  readonly state: AccountState;
  /** What payment-signals.ts said before the fold. */
  readonly signals: readonly number[];
}

/** Turns events of accounts into slim events of one scope. */
export interface Teller {
  readonly types: readonly SlimType[];
  readonly events: readonly EventType[];
  onEvent(event: AnyEvent, telling: Telling, tell: Tell): void;
  /** A finding about an account, as it was just told. */
  onFinding?(finding: Finding, at: InstantMs, tell: Tell): void;
}

/** The tellers that somebody listens to, by event. */
export interface Tellers {
  readonly byEvent: Readonly<Partial<Record<EventType, readonly Teller[]>>>;
  readonly onFinding: readonly Teller[];
}

export function createTellers(wanted: ReadonlySet<SlimType>, settings: DetectionSettings): Tellers {
  const tellers = [merchantTeller(wanted.has('recapture')), networkTeller(settings['card-testing']), operatorTeller, routeTeller];
  const byEvent: Partial<Record<EventType, Teller[]>> = {};
  const live = tellers.filter(({ types }) => types.some((type) => wanted.has(type)));
  for (const teller of live) for (const type of teller.events) (byEvent[type] ??= []).push(teller);
  return { byEvent, onFinding: live.filter(({ onFinding }) => onFinding !== undefined) };
}

/**
 * Whether the ledger holds already what the event says, told under another event id, or so long ago that its id was forgotten: it is
 * not told to other scopes again. To be asked before the fold.
 */
export function isKnown(ledger: Ledger, event: AnyEvent): boolean {
  switch (event.type) {
    case 'payment.authorised':
      return findById(ledger.payments, event.data.paymentId)?.authorisedAt === event.at;
    case 'payment.captured': {
      const { paymentId, captureId = '' } = event.data;
      const captures = findById(ledger.payments, paymentId)?.captures;
      return captures?.some(({ id, at }) => id === captureId && (id !== '' || at === event.at)) === true;
    }
    case 'payment.failed':
      return findById(ledger.payments, event.data.paymentId)?.ends.failedAt === event.at;
    case 'chargeback.opened': {
      const { paymentId, chargebackId } = event.data;
      const chargebacks = findById(ledger.payments, paymentId)?.chargebacks;
      return chargebacks?.some(({ id, openedAt }) => id === chargebackId && Number.isFinite(openedAt)) === true;
    }
    case 'refund.requested':
    case 'refund.approved':
    case 'refund.rejected':
    case 'refund.submitted':
    case 'refund.succeeded':
    case 'refund.failed':
    case 'refund.posted': {
      const steps = findById(ledger.refunds, event.data.refundId)?.steps;
      return steps?.some(({ step, at }) => at === event.at && event.type.endsWith(step)) === true;
    }
    case 'complaint.filed':
      return ledger.side?.complaints.some(({ id }) => id === event.data.complaintId) === true;
    default:
      return false;
  }
}

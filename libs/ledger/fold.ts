import type { AnyEvent } from '#event/event';
import { foldAccountAct } from '#ledger/fold-account';
import { foldDelivery, foldOrderCancelled, foldOrderConfirmed, foldOrderPlaced } from '#ledger/fold-order';
import { foldAuthorised, foldCaptured, foldChargeback, foldCreated, foldEnded } from '#ledger/fold-payment';
import { foldFreeze, foldRefund } from '#ledger/fold-refund';
import { foldSide } from '#ledger/fold-side';
import type { Ledger, Touched } from '#ledger/ledger';

/** Applies one event to the ledger in place and notes in `touched` what it changed. An event told again changes nothing. */
export function fold(ledger: Ledger, event: AnyEvent, touched: Touched): void {
  touched.payment = touched.order = touched.refund = touched.freeze = undefined;
  touched.sideKey = '';
  switch (event.type) {
    case 'order.placed':
      return foldOrderPlaced(ledger, event, touched);
    case 'order.confirmed':
      return foldOrderConfirmed(ledger, event, touched);
    case 'order.cancelled':
      return foldOrderCancelled(ledger, event, touched);
    case 'payment.created':
      return foldCreated(ledger, event, touched);
    case 'payment.authorised':
      return foldAuthorised(ledger, event, touched);
    case 'payment.captured':
      return foldCaptured(ledger, event, touched);
    case 'payment.failed':
    case 'payment.voided':
    case 'payment.expired':
    case 'payment.settled':
      return foldEnded(ledger, event, touched);
    case 'refund.requested':
    case 'refund.approved':
    case 'refund.rejected':
    case 'refund.submitted':
    case 'refund.succeeded':
    case 'refund.failed':
    case 'refund.posted':
      return foldRefund(ledger, event, touched);
    case 'chargeback.opened':
    case 'chargeback.closed':
      return foldChargeback(ledger, event, touched);
    case 'delivery.shipped':
    case 'delivery.delivered':
    case 'delivery.returned':
      return foldDelivery(ledger, event, touched);
    case 'funds.frozen':
    case 'funds.unfrozen':
      return foldFreeze(ledger, event, touched);
    case 'account.created':
    case 'account.logged_in':
    case 'account.login_failed':
    case 'account.step_up_passed':
    case 'account.password_changed':
    case 'account.second_factor_changed':
    case 'account.contact_changed':
    case 'account.address_changed':
    case 'account.payout_changed':
    case 'account.instrument_added':
    case 'account.travel_announced':
    case 'account.phishing_reported':
      return foldAccountAct(ledger, event);
    case 'account.limit_set':
    case 'payout.held':
    case 'payout.released':
    case 'payout.paid':
    case 'wallet.credited':
    case 'wallet.debited':
    case 'wallet.balance_reported':
    case 'fee.charged':
    case 'statement.line':
    case 'complaint.filed':
      return foldSide(ledger, event, touched);
    case 'merchant.vetted':
    case 'merchant.reported':
      return;
  }
}

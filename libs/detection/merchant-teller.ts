import type { AnyEvent } from '#event/event';
import { NEVER } from '#kernel/time';
import { findById } from '#ledger/ledger';
import type { Payment } from '#ledger/payment';
import type { Teller, Tell, Telling } from '#detection/scope-teller';

/** What a merchant is judged by, and what teaches the score. */
export const merchantTeller: Teller = {
  types: ['payment', 'chargeback', 'refund', 'complaint', 'undelivered', 'delivered', 'vetting', 'reported'],
  events: [
    'payment.authorised',
    'payment.captured',
    'payment.failed',
    'chargeback.opened',
    'refund.succeeded',
    'complaint.filed',
    'merchant.vetted',
    'merchant.reported',
  ],

  onEvent(event: AnyEvent, { touched: { payment }, state: { ledger }, signals }: Telling, tell: Tell) {
    switch (event.type) {
      case 'payment.authorised':
      case 'payment.captured':
      case 'payment.failed': {
        if (payment === undefined) return;
        const { paymentId, amount, instrument } = event.data;
        const step =
          event.type === 'payment.authorised' ? 'authorised' : event.type === 'payment.captured' ? 'captured' : 'failed';
        tell('merchant', payment.merchantId, 'payment', event.at, [
          step,
          paymentId,
          amount?.minor ?? payment.startedMinor,
          amount?.currency ?? payment.currency,
          (instrument ?? payment.instrument)?.fingerprint ?? '',
          payment.orderId,
          signals,
        ]);
        return;
      }
      case 'chargeback.opened': {
        const { paymentId, amount } = event.data;
        return tell('merchant', payment?.merchantId ?? '', 'chargeback', event.at, [
          paymentId,
          amount.minor,
          amount.currency,
          payment === undefined ? event.at : paidAt(payment),
          signals,
        ]);
      }
      case 'refund.succeeded': {
        const { paymentId, refundId, amount, reason = '' } = event.data;
        const data = [paymentId, refundId, amount.minor, amount.currency, reason.slice(0, 40)] as const;
        return tell('merchant', payment?.merchantId ?? '', 'refund', event.at, data);
      }
      case 'complaint.filed': {
        const { complaintId, about = 'other', orderId = '', paymentId = '' } = event.data;
        const order = findById(ledger.orders, orderId);
        const merchantId = order?.merchantId || findById(ledger.payments, paymentId)?.merchantId;
        return tell('merchant', merchantId ?? '', 'complaint', event.at, [complaintId, about]);
      }
      case 'merchant.vetted':
      case 'merchant.reported': {
        const { merchantId, outcome = '', reason = '' } = event.data;
        const type = event.type === 'merchant.vetted' ? 'vetting' : 'reported';
        return tell('merchant', merchantId, type, event.at, [outcome, reason.slice(0, 40)]);
      }
      default:
    }
  },

  onFinding({ kind, status, merchantId = '', orderId = '' }, at, tell) {
    if (kind === 'not-delivered') tell('merchant', merchantId, status === 'open' ? 'undelivered' : 'delivered', at, [orderId]);
  },
};

/** When the payment's money was first reserved or moved. */
const paidAt = ({ authorisedAt, captures, startedAt }: Payment): number =>
  Math.min(
    authorisedAt,
    captures[0]?.at ?? authorisedAt,
    Number.isFinite(authorisedAt) || captures.length > 0 ? NEVER : startedAt,
  );

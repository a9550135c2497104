import type { AnyEvent } from '#event/event';
import { NEVER } from '#kernel/time';
import { findById } from '#ledger/ledger';
import type { Payment } from '#ledger/payment';
import { isFraudReason } from '#detection/fraud-reason';
import { isScoredBefore } from '#detection/spend-signals';
import type { Teller, Tell, Telling } from '#detection/scope-teller';

/** What a merchant is judged by, and what teaches the score. `isShort`: the capture of a payment that was told before takes few words. */
export const merchantTeller = (isShort: boolean): Teller => ({
  types: ['payment', 'recapture', 'chargeback', 'refund', 'complaint', 'undelivered', 'delivered', 'vetting', 'reported'],
  events: [
    'payment.authorised',
    'payment.captured',
    'chargeback.opened',
    'refund.succeeded',
    'complaint.filed',
    'merchant.vetted',
    'merchant.reported',
  ],

  onEvent(event: AnyEvent, { touched: { payment }, state: { ledger }, signals }: Telling, tell: Tell) {
    switch (event.type) {
      case 'payment.authorised':
      case 'payment.captured': {
        if (payment === undefined) return;
        const { paymentId, amount } = event.data;
        const { merchantId, orderId } = payment;
        const step = event.type === 'payment.captured' ? 'captured' : 'authorised';
        if (isShort && step === 'captured' && isScoredBefore(signals))
          return tell('merchant', merchantId, 'recapture', event.at, [amount.minor, amount.currency]);
        const data = [step, paymentId, amount.minor, amount.currency, orderId, signals] as const;
        return tell('merchant', merchantId, 'payment', event.at, data);
      }
      case 'chargeback.opened': {
        const { paymentId, amount, reasonCode } = event.data;
        if (!isFraudReason(reasonCode)) return;
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
});

/** When the payment's money was first reserved or moved. */
const paidAt = ({ authorisedAt, captures, startedAt }: Payment): number =>
  Math.min(
    authorisedAt,
    captures[0]?.at ?? authorisedAt,
    Number.isFinite(authorisedAt) || captures.length > 0 ? NEVER : startedAt,
  );

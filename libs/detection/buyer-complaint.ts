import { NEVER } from '#kernel/time';
import { wonAt } from '#ledger/money-back';
import { merchantOf } from '#ledger/order';
import { findById, paymentsOfOrder } from '#ledger/ledger';
import type { Complaint } from '#ledger/side-facts';
import type { Detector } from '#detection/detector';

/**
 * The buyer complained: a person has to answer. `likely`, at the complaint, loss null, naming what it is about, so that it joins
 * findings on the same money.
 *
 * Subject: a complaint. Cleared by a later chargeback decided for the buyer. Source: facts, "Clocks of complaint".
 */
export const buyerComplaint: Detector<Complaint> = {
  name: 'buyer-complaint',
  subject: 'complaint',
  assess(complaint, { ledger }, claims) {
    const named = findById(ledger.payments, complaint.paymentId);
    const payments = named === undefined ? paymentsOfOrder(ledger, complaint.orderId) : [named];
    const orderId = complaint.orderId === '' ? (named?.orderId ?? '') : complaint.orderId;
    const order = findById(ledger.orders, orderId);
    const paid = payments.filter(({ captures }) => captures.length > 0);
    const wonAllAt = Math.max(-NEVER, ...(paid.length > 0 ? paid : payments).map(wonAt));
    claims.push({
      kind: 'buyer-complaint',
      confidence: 'likely',
      money: `complaint/${complaint.id}`,
      at: complaint.at,
      clearedAt: wonAllAt > complaint.at ? wonAllAt : NEVER,
      merchantId: merchantOf(order, payments),
      orderId,
      paymentIds: payments.length === 0 && complaint.paymentId !== '' ? [complaint.paymentId] : payments.map(({ id }) => id),
      loss: null,
      because: { rule: 'buyer-complained', fields: [], figures: { complaintId: complaint.id, about: complaint.about || null } },
      eventIds: [complaint.eventId],
    });
    return NEVER;
  },
};

import { formatInstant } from '#kernel/time';
import type { EventType } from '#event/types';
import type { Invoice, OnlineRetail, RefundLine } from '#test/online-retail/invoices';

export interface CloudEvent {
  readonly specversion: '1.0';
  readonly id: string;
  readonly source: string;
  readonly type: EventType;
  readonly time: string;
  readonly data: Readonly<Record<string, unknown>>;
}

const SOURCE = '/online-retail';
const MERCHANT = 'online-retail';
const CURRENCY = 'GBP';

/**
 * The shop's year as events, by time. Each charge of a known customer is one captured payment with a key of its own, and nothing
 * that would tell two equal purchases apart: the hardest reading of the data. With `orders`, each is also an order of its own that was
 * placed and confirmed, as the shop's invoices were. Charges without a customer, adjustments and refunds whose purchase is unknown are
 * left out.
 */
export function toEvents({ invoices, refundLines }: OnlineRetail, options: { readonly orders: boolean }): CloudEvent[] {
  const charges = invoices.filter(({ kind, customer_id }) => kind === 'charge' && customer_id !== '');
  const captured = new Set(charges.map(({ payment_id }) => payment_id));
  const events = [
    ...charges.flatMap((charge) => (options.orders ? withOrder(charge) : [capturedEvent(charge)])),
    ...toRefundEvents(refundLines.filter(({ orig_invoice }) => captured.has(orig_invoice))),
  ];
  return events.sort((left, right) => Date.parse(left.time) - Date.parse(right.time));
}

const withOrder = (charge: Invoice): CloudEvent[] => {
  const order = { accountId: charge.customer_id, orderId: `order-${charge.payment_id}` };
  const total = { minor: Number(charge.amount_minor), currency: charge.currency };
  return [
    cloudEvent('order.placed', charge.payment_id, charge.ts, { ...order, merchantId: MERCHANT, total }),
    capturedEvent(charge, order.orderId),
    cloudEvent('order.confirmed', charge.payment_id, charge.ts, order),
  ];
};

const capturedEvent = (charge: Invoice, orderId?: string): CloudEvent =>
  cloudEvent('payment.captured', charge.payment_id, charge.ts, {
    accountId: charge.customer_id,
    paymentId: charge.payment_id,
    ...(orderId === undefined ? {} : { orderId }),
    merchantId: MERCHANT,
    amount: { minor: Number(charge.amount_minor), currency: charge.currency },
    instrument: { kind: 'other', fingerprint: `customer-${charge.customer_id}` },
    idempotencyKey: `key-${charge.payment_id}`,
  });

/** One refund for each purchase that a refund invoice takes lines back from. */
function toRefundEvents(lines: readonly RefundLine[]): CloudEvent[] {
  const refunds = new Map<string, { line: RefundLine; minor: number }>();
  for (const line of lines) {
    const refundId = `${line.refund_invoice}/${line.orig_invoice}`;
    const minor = Math.round(-Number(line.quantity) * Number(line.unit_price) * 100);
    refunds.set(refundId, { line, minor: minor + (refunds.get(refundId)?.minor ?? 0) });
  }
  return [...refunds].map(([refundId, { line, minor }]) =>
    cloudEvent('refund.succeeded', refundId, `${line.refund_ts.replace(' ', 'T')}Z`, {
      accountId: line.customer_id,
      refundId,
      paymentId: line.orig_invoice,
      amount: { minor, currency: CURRENCY },
    }),
  );
}

const cloudEvent = (type: EventType, of: string, ts: string, data: CloudEvent['data']): CloudEvent => ({
  specversion: '1.0',
  id: `${type}/${of}`,
  source: SOURCE,
  type,
  time: formatInstant(Date.parse(ts)),
  data,
});

import { createHmac } from 'node:crypto';

export const adyenHmacKey = '0f'.repeat(32);

type Patch = Readonly<Record<string, unknown>>;

/** Stripe's event envelope (docs.stripe.com/api/events/object). */
export const stripeEvent = (type: string, object: Patch, patch: Patch = {}) => ({
  id: 'evt_1',
  object: 'event',
  api_version: '2024-06-20',
  created: 1_780_000_000,
  data: { object },
  livemode: false,
  type,
  ...patch,
});

/** docs.stripe.com/api/charges/object */
export const stripeCharge = (patch: Patch = {}) => ({
  id: 'ch_1',
  object: 'charge',
  amount: 5_000,
  amount_captured: 5_000,
  captured: true,
  currency: 'eur',
  customer: 'cus_1',
  metadata: { orderId: 'order-1' },
  payment_intent: 'pi_1',
  payment_method: 'pm_1',
  payment_method_details: { type: 'card', card: { brand: 'visa', country: 'DE', fingerprint: 'fp_1', last4: '4242' } },
  status: 'succeeded',
  ...patch,
});

/** docs.stripe.com/api/refunds/object */
export const stripeRefundObject = (patch: Patch = {}) => ({
  id: 're_1',
  object: 'refund',
  amount: 2_000,
  charge: 'ch_1',
  currency: 'eur',
  metadata: { accountId: 'cus_1' },
  payment_intent: 'pi_1',
  status: 'succeeded',
  ...patch,
});

/** docs.stripe.com/api/disputes/object */
export const stripeDispute = (patch: Patch = {}) => ({
  id: 'dp_1',
  object: 'dispute',
  amount: 5_000,
  charge: 'ch_1',
  currency: 'eur',
  metadata: { accountId: 'cus_1' },
  payment_intent: 'pi_1',
  payment_method_details: { type: 'card', card: { brand: 'visa', network_reason_code: '10.4' } },
  reason: 'fraudulent',
  status: 'needs_response',
  ...patch,
});

/** A standard webhook's item (docs.adyen.com/development-resources/webhooks/webhook-types). */
export const adyenItem = (eventCode: string, patch: Patch = {}) => ({
  amount: { currency: 'EUR', value: 5_000 },
  eventCode,
  eventDate: '2026-06-01T12:00:00+02:00',
  merchantAccountCode: 'Shop',
  merchantReference: 'order-1',
  originalReference: 'PSPPAYMENT000001',
  paymentMethod: 'visa',
  pspReference: 'PSPMODIFIED00001',
  reason: '',
  success: 'true',
  ...patch,
  additionalData: { shopperReference: 'buyer-1', ...((patch['additionalData'] as Patch | undefined) ?? {}) },
});

export const signedAdyenItem = (item: ReturnType<typeof adyenItem>, key = adyenHmacKey) => {
  const { pspReference, originalReference, merchantAccountCode, merchantReference, amount, eventCode, success } = item;
  const fields = [
    pspReference,
    originalReference,
    merchantAccountCode,
    merchantReference,
    amount.value,
    amount.currency,
    eventCode,
    success,
  ];
  const hmacSignature = createHmac('sha256', Buffer.from(key, 'hex')).update(fields.join(':')).digest('base64');
  return { ...item, additionalData: { ...item.additionalData, hmacSignature } };
};

export const adyenWebhook = (...items: readonly object[]) => ({
  live: 'false',
  notificationItems: items.map((item) => ({ NotificationRequestItem: item })),
});

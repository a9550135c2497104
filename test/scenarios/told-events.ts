/** Events as data for tests: the shapes of the interface with what does not matter filled in. Times are text, ids count up. */
let count = 0;

export interface ToldEvent {
  readonly specversion: '1.0';
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly time: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export const eur = (minor: number) => ({ minor, currency: 'EUR' });
export const card = { kind: 'card', fingerprint: 'card-1', scheme: 'visa', last4: '4242' };
export const otherCard = { ...card, fingerprint: 'card-2' };
export const HOME = { ip: '81.2.69.10', deviceId: 'phone-home', country: 'DE', lat: 52.52, lon: 13.405 };
export const AWAY = { ip: '197.210.8.8', deviceId: 'unknown-pc', country: 'NG', lat: 6.5, lon: 3.4 };

export const told = (type: string, time: string, data: object, id = `e${++count}`): ToldEvent => ({
  specversion: '1.0',
  id,
  source: '/platform',
  type,
  time: time.length === 16 ? `${time}:00Z` : time,
  data: { accountId: 'buyer', ...data },
});

export const placed = (time: string, total: object, more: object = {}) =>
  told('order.placed', time, { orderId: 'order-1', merchantId: 'shop', total, ...more });
export const confirmed = (time: string, orderId = 'order-1') => told('order.confirmed', time, { orderId });
export const cancelled = (time: string, orderId = 'order-1') => told('order.cancelled', time, { orderId });

const payment =
  (type: string) =>
  (time: string, paymentId: string, amount: object, more: object = {}) =>
    told(type, time, {
      paymentId,
      merchantId: 'shop',
      amount,
      instrument: card,
      provider: 'psp',
      idempotencyKey: `key-${paymentId}`,
      ...more,
    });
export const created = payment('payment.created');
export const authorised = payment('payment.authorised');
export const captured = payment('payment.captured');
export const ended = (how: 'failed' | 'voided' | 'expired' | 'settled', time: string, paymentId: string, more: object = {}) =>
  told(`payment.${how}`, time, { paymentId, ...more });

export const refund = (step: string, time: string, amount: object, more: object = {}) =>
  told(`refund.${step}`, time, { refundId: 'refund-1', paymentId: 'pay-1', amount, ...more });
export const account = (act: string, time: string, context: object | undefined, more: object = {}) =>
  told(`account.${act}`, time, { ...(context === undefined ? {} : { context }), ...more });

/** For an order: fields that a payment needs to belong to it. */
export const forOrder = { orderId: 'order-1' };

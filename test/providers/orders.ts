import type { ActionOrder } from '#action/action';
import { factsOf } from '#test/money/examples';
import { orderOf } from '#test/actuator/scene';

/** A refund of 20.00 of a captured payment of 50.00 at a provider; `paymentId` is the provider's own id. */
export const refundOrder = (provider: string, paymentId: string, patch: Partial<ActionOrder> = {}): ActionOrder =>
  orderOf(paymentId, { paymentId, payment: factsOf(paymentId, { provider }), ...patch });

/** The release of a hold of 50.00. */
export const voidOrder = (provider: string, paymentId: string, patch: Partial<ActionOrder> = {}): ActionOrder =>
  refundOrder(provider, paymentId, {
    kind: 'void',
    amount: { minor: 5_000, currency: 'EUR' },
    payment: factsOf(paymentId, { provider, capturedMinor: 0 }),
    ...patch,
  });

import { defaultPolicy } from '#action/default-policy';
import type { Policy } from '#action/policy';
import type { Finding, PaymentFacts } from '#detection/finding';
import { factsOf, findingOf } from '#test/money/examples';

/** Goods for 50 dollars that did not come: a refund waits for a person. */
export const americanLoss = (patch: Partial<Finding> = {}): Finding =>
  findingOf({
    findingId: 'us-1',
    kind: 'not-delivered',
    paymentIds: ['pay-1'],
    loss: { minor: 5_000, currency: 'USD' },
    because: { rule: 'not-delivered', fields: ['delivered'], figures: {} },
    ...patch,
  });

export const americanPayment = (patch: Partial<PaymentFacts> = {}): PaymentFacts =>
  factsOf('pay-1', {
    orderId: 'order-1',
    currency: 'USD',
    instrument: { kind: 'card', fingerprint: 'tok-us', country: 'US' },
    ...patch,
  });

export const crediting = (decision: Policy['accruals'][number]['decision'], patch: Partial<Policy> = {}): Policy => ({
  ...defaultPolicy,
  accruals: [{ kind: 'provisional-credit', decision }],
  ...patch,
});

import { defaultPolicy } from '#action/default-policy';
import type { StepContext } from '#action/step';
import { clockSettings } from '#case/clocks';
import type { Finding, PaymentFacts } from '#detection/finding';
import { defaultsOf } from '#kernel/setting';

/** A payment of 50.00, captured. */
export const factsOf = (paymentId: string, patch: Partial<PaymentFacts> = {}): PaymentFacts => ({
  paymentId,
  accountId: 'buyer-1',
  currency: 'EUR',
  authorisedMinor: 5_000,
  capturedMinor: 5_000,
  refundedMinor: 0,
  refundPendingMinor: 0,
  chargebackOpen: false,
  chargedBackMinor: 0,
  settled: 'unknown',
  voided: false,
  asOf: 1_000,
  ...patch,
});

/** A certain duplicate of 50.00: order-1 was paid by pay-1 and again by pay-2. */
export const findingOf = (patch: Partial<Finding> = {}): Finding => ({
  findingId: 'finding-1',
  kind: 'duplicate-charge',
  confidence: 'certain',
  status: 'open',
  at: '2026-06-01T10:00:00.000Z',
  accountId: 'buyer-1',
  orderId: 'order-1',
  paymentIds: ['pay-1', 'pay-2'],
  loss: { minor: 5_000, currency: 'EUR' },
  because: { rule: 'order-charged-more-than-once', fields: ['captured'], figures: {} },
  eventIds: ['event-1', 'event-2'],
  ...patch,
});

export const bothPayments = (patch: Partial<PaymentFacts> = {}): readonly PaymentFacts[] => [
  factsOf('pay-1', { orderId: 'order-1', ...patch }),
  factsOf('pay-2', { orderId: 'order-1', ...patch }),
];

export const contextOf = (patch: Partial<StepContext> = {}): StepContext => ({
  now: Date.parse('2026-06-01T10:00:05.000Z'),
  policy: defaultPolicy,
  clocks: defaultsOf(clockSettings),
  spentMinor: () => 0,
  sends: true,
  ...patch,
});

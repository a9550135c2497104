import type { Policy } from '#action/policy';
import { defaultPolicy } from '#action/default-policy';
import type { Finding, PaymentFacts } from '#detection/finding';
import { factsOf, findingOf } from '#test/money/examples';

/** 900 rupees that were debited and not confirmed in five days: 100 rupees a day from then on. */
export const lateFinding = (patch: Partial<Finding> = {}, figures: Finding['because']['figures'] = {}): Finding =>
  findingOf({
    findingId: 'late-1',
    kind: 'payment-unconfirmed',
    paymentIds: ['pay-1'],
    loss: { minor: 90_000, currency: 'INR' },
    because: {
      rule: 'debited-without-confirmation',
      fields: ['order.confirmed'],
      figures: { clock: 'RBI T+5', compensationPerDayMinor: 10_000, compensationCurrency: 'INR', ...figures },
    },
    ...patch,
  });

/** Confirmed three days too late after all. */
export const lateAndOver = (days = 3, patch: Partial<Finding> = {}): Finding =>
  lateFinding({ status: 'cleared', ...patch }, { daysLate: days, compensationMinor: days * 10_000 });

export const latePayment = (patch: Partial<PaymentFacts> = {}): PaymentFacts =>
  factsOf('pay-1', { orderId: 'order-1', currency: 'INR', capturedMinor: 90_000, authorisedMinor: 90_000, ...patch });

export const paying = (decision: Policy['accruals'][number]['decision'], patch: Partial<Policy> = {}): Policy => ({
  ...defaultPolicy,
  accruals: [{ kind: 'daily-compensation', decision }],
  ...patch,
});

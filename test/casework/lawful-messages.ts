import type { FindingMessage, PaymentFacts } from '#detection/finding';

/** The same message where a delay is paid for by the day and a loss is credited after ten. */
export function lawful(message: FindingMessage): FindingMessage {
  if (message.type === 'payment') return { ...message, payment: american(message.payment) };
  const { finding, payments } = message;
  const figures = {
    compensationPerDayMinor: 100,
    compensationCurrency: 'EUR',
    ...(finding.status === 'cleared' ? { daysLate: 2 } : {}),
  };
  return { ...message, finding: { ...finding, because: { ...finding.because, figures } }, payments: payments.map(american) };
}
const american = (facts: PaymentFacts): PaymentFacts => ({
  ...facts,
  instrument: { kind: 'card', fingerprint: 'tok', country: 'US' },
});

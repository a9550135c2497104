import { days, formatInstant, type DurationMs, type InstantMs } from '#kernel/time';

/** A payment of a data set with its label. */
export interface FraudPayment {
  readonly id: string;
  readonly at: InstantMs;
  readonly accountId: string;
  readonly merchantId: string;
  readonly minor: number;
  readonly isFraud: boolean;
}

export const LABEL_LAG = days(7);

/** Each payment as a capture, each fraud as a chargeback some time after it, in the order of time; labels up to `until` only. */
export function* fraudEvents(payments: readonly FraudPayment[], lag: DurationMs, until: InstantMs): Generator<unknown> {
  const frauds = payments.filter(({ isFraud }) => isFraud);
  let told = 0;
  for (const payment of payments) {
    for (; told < frauds.length && (frauds[told] as FraudPayment).at + lag <= payment.at; told++) {
      const fraud = frauds[told] as FraudPayment;
      if (fraud.at + lag < until) yield labelEvent(fraud, fraud.at + lag);
    }
    yield paymentEvent(payment);
  }
}

const paymentEvent = ({ id, at, accountId, merchantId, minor }: FraudPayment): unknown => ({
  specversion: '1.0',
  source: 'evaluate/payments',
  id: `e-${id}`,
  type: 'payment.captured',
  time: formatInstant(at),
  data: {
    accountId,
    paymentId: id,
    merchantId,
    amount: { minor, currency: 'EUR' },
    instrument: { kind: 'card', fingerprint: `card-${accountId}` },
  },
});

const labelEvent = ({ id, accountId, minor }: FraudPayment, at: InstantMs): unknown => ({
  specversion: '1.0',
  source: 'evaluate/bank',
  id: `cb-${id}`,
  type: 'chargeback.opened',
  time: formatInstant(at),
  data: { accountId, chargebackId: `cb-${id}`, paymentId: id, amount: { minor, currency: 'EUR' } },
});

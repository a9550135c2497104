import type { AuditLog, LoggedRecord } from '#apps/makewhole/verify/sources';

/** What the log says of one payment's money, in one currency, worked out by adding up and nothing else. */
export interface PaymentMoney {
  readonly paymentId: string;
  readonly accountId: string;
  readonly currency: string;
  readonly authorisedMinor: number;
  readonly capturedMinor: number;
  /** Refunds that succeeded, by the platform's own name for them; those that failed afterwards are gone. */
  readonly refunds: ReadonlyMap<string, number>;
}

interface PaymentEvent {
  readonly identity: string;
  readonly type: string;
  readonly at: number;
  readonly data: {
    readonly accountId: string;
    readonly paymentId: string;
    readonly captureId?: string;
    readonly refundId?: string;
    readonly amount?: { readonly minor: number; readonly currency: string };
  };
}

export const paymentKey = (accountId: string, paymentId: string, currency: string): string =>
  JSON.stringify([accountId, paymentId, currency]);

/** Adds up `payment-events`: the first record of an identity counts, whatever cannot be read does not. */
export async function readPaymentMoney(log: AuditLog): Promise<ReadonlyMap<string, PaymentMoney>> {
  const events = new Map<string, PaymentEvent>();
  await log.scan('payment-events', (record) => {
    const event = parse(record);
    if (event && !events.has(event.identity)) events.set(event.identity, event);
  });
  const captures = new Map<string, Map<string, number>>();
  const authorised = new Map<string, number>();
  const refunds = new Map<string, Map<string, { minor: number; at: number; succeeded: boolean }>>();
  const names = new Map<string, { accountId: string; paymentId: string; currency: string }>();
  for (const { type, at, data } of events.values()) {
    if (!data.amount) continue;
    const { accountId, paymentId, amount } = data;
    const key = paymentKey(accountId, paymentId, amount.currency);
    names.set(key, { accountId, paymentId, currency: amount.currency });
    if (type === 'payment.authorised') authorised.set(key, Math.max(authorised.get(key) ?? 0, amount.minor));
    if (type === 'payment.captured') entry(captures, key).set(data.captureId ?? '', amount.minor);
    if (type !== 'refund.succeeded' && type !== 'refund.failed') continue;
    const refundId = data.refundId ?? '';
    const before = entry(refunds, key).get(refundId);
    if (!before || at >= before.at)
      entry(refunds, key).set(refundId, { minor: amount.minor, at, succeeded: type === 'refund.succeeded' });
  }
  return new Map(
    [...names].map(([key, name]) => [
      key,
      {
        ...name,
        authorisedMinor: authorised.get(key) ?? 0,
        capturedMinor: [...entry(captures, key).values()].reduce((sum, minor) => sum + minor, 0),
        refunds: new Map(
          [...entry(refunds, key)].filter(([, refund]) => refund.succeeded).map(([refundId, { minor }]) => [refundId, minor]),
        ),
      },
    ]),
  );
}

function parse(record: LoggedRecord): PaymentEvent | undefined {
  try {
    const { source, id, type, time, data } = JSON.parse(String(record.value)) as Record<string, unknown>;
    if (!/^(payment|refund)\./.test(String(type)) || typeof data !== 'object' || data === null) return undefined;
    if (typeof (data as PaymentEvent['data']).paymentId !== 'string') return undefined;
    return {
      identity: JSON.stringify([source, id]),
      type: String(type),
      at: Date.parse(String(time)),
      data: data as PaymentEvent['data'],
    };
  } catch {
    return undefined;
  }
}

function entry<Value>(groups: Map<string, Map<string, Value>>, key: string): Map<string, Value> {
  const known = groups.get(key);
  if (known) return known;
  const fresh = new Map<string, Value>();
  groups.set(key, fresh);
  return fresh;
}

import type { Money } from '#kernel/money';

import type { ModelEvent } from './read';

/** One payment with everything that was ever said about it, in order of event time. */
export interface PaymentBook {
  readonly paymentId: string;
  readonly events: readonly ModelEvent[];
  readonly orderId: string | undefined;
  readonly merchantId: string;
  readonly fingerprint: string;
  readonly scheme: string;
  readonly idempotencyKey: string | undefined;
  readonly currency: string;
  readonly capturedMinor: number;
  readonly captureCount: number;
  /** When the newest capture happened. */
  readonly capturedAt: number | undefined;
  /** Refunds that succeeded and did not fail later; all that was captured, when the payment was voided. */
  readonly refundedMinor: number;
  /** When the last of it went back. */
  readonly refundedAt: number | undefined;
  readonly isVoided: boolean;
}

export interface OrderBook {
  readonly orderId: string;
  readonly total: Money | undefined;
  readonly confirmedAt: number | undefined;
  readonly cancelledAt: number | undefined;
}

/** All that one buyer's events say, as plain lists. */
export interface AccountBook {
  readonly accountId: string;
  readonly events: readonly ModelEvent[];
  readonly payments: readonly PaymentBook[];
  readonly orders: ReadonlyMap<string, OrderBook>;
}

export const textOf = (event: ModelEvent | undefined, field: string): string | undefined => {
  const value = event?.data[field];
  return typeof value === 'string' ? value : undefined;
};
export const moneyOf = (event: ModelEvent | undefined, field = 'amount'): Money | undefined =>
  event?.data[field] as Money | undefined;
export const timeOf = (event: ModelEvent | undefined, field: string): number | undefined => {
  const text = textOf(event, field);
  return text === undefined ? undefined : Date.parse(text);
};
export const firstOf = (events: readonly ModelEvent[], ...types: readonly string[]): ModelEvent | undefined =>
  events.find((event) => types.includes(event.type));
export const allOf = (events: readonly ModelEvent[], ...types: readonly string[]): readonly ModelEvent[] =>
  events.filter((event) => types.includes(event.type));

export function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string | undefined): ReadonlyMap<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    if (key === undefined || key === '') continue;
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

/** Groups events by buyer and, within, by payment and order. An event of another time order gives the same books. */
export function openBooks(events: readonly ModelEvent[]): readonly AccountBook[] {
  const sorted = [...events].sort((a, b) => a.at - b.at || compareText(a.type, b.type) || compareText(a.id, b.id));
  return [...groupBy(sorted, (event) => event.accountId)].map(([accountId, own]) => ({
    accountId,
    events: own,
    payments: [...groupBy(own, (event) => textOf(event, 'paymentId'))].map(([paymentId, told]) => openPayment(paymentId, told)),
    orders: new Map([...groupBy(own, (event) => textOf(event, 'orderId'))].map(([id, told]) => [id, openOrder(id, told)])),
  }));
}

function openPayment(paymentId: string, events: readonly ModelEvent[]): PaymentBook {
  const started = allOf(events, 'payment.created', 'payment.authorised', 'payment.captured');
  const known = (field: string): string | undefined => started.map((event) => textOf(event, field)).find(Boolean);
  const instrument = started.map((event) => event.data['instrument'] as Record<string, string> | undefined).find(Boolean);
  const captures = [...groupBy(allOf(events, 'payment.captured'), (event) => textOf(event, 'captureId') ?? 'only')].map(
    ([, told]) => told[0] as ModelEvent,
  );
  const refunds = [...groupBy(allOf(events, 'refund.succeeded', 'refund.failed'), (event) => textOf(event, 'refundId'))]
    .map(([, told]) => told.at(-1))
    .filter((event) => event?.type === 'refund.succeeded');
  const capturedMinor = sumOf(captures);
  const voided = firstOf(events, 'payment.voided');
  return {
    paymentId,
    events,
    orderId: known('orderId'),
    merchantId: known('merchantId') ?? '',
    fingerprint: instrument?.['fingerprint'] ?? '',
    scheme: instrument?.['scheme'] ?? '',
    idempotencyKey: known('idempotencyKey'),
    currency: moneyOf(started[0])?.currency ?? '',
    capturedMinor,
    captureCount: captures.length,
    capturedAt: captures.at(-1)?.at,
    refundedMinor: voided ? capturedMinor : sumOf(refunds),
    refundedAt: voided?.at ?? refunds.at(-1)?.at,
    isVoided: voided !== undefined,
  };
}

const sumOf = (events: readonly (ModelEvent | undefined)[]): number =>
  events.reduce((sum, event) => sum + (moneyOf(event)?.minor ?? 0), 0);

function openOrder(orderId: string, events: readonly ModelEvent[]): OrderBook {
  return {
    orderId,
    total: moneyOf(firstOf(events, 'order.placed'), 'total'),
    confirmedAt: firstOf(events, 'order.confirmed')?.at,
    cancelledAt: firstOf(events, 'order.cancelled')?.at,
  };
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

import type { Context, Instrument } from '#event/types';
import type { Money } from '#kernel/money';
import { days, type DurationMs, formatInstant, hours, type InstantMs, minutes, seconds } from '#kernel/time';
import { inCurrencyOf, merchants, tellsSettlement } from '#simulator/buyer';
import { after, type Scene } from '#simulator/story';

export interface Purchase {
  readonly orderId: string;
  readonly paymentId: string;
  readonly merchantId: string;
  readonly total: Money;
  readonly payment: PaymentData;
  readonly capturedAt: InstantMs;
}

export interface PaymentData {
  readonly paymentId: string;
  readonly orderId?: string;
  readonly merchantId: string;
  readonly amount: Money;
  readonly instrument: Instrument;
  readonly provider: string;
  readonly idempotencyKey: string;
  readonly context: Context;
}

export interface Wishes {
  readonly total?: Money;
  readonly merchantId?: string;
  readonly context?: Context;
  /** Of the first step; the scene's start when absent. */
  readonly waitMs?: DurationMs;
  /** A cancelled order never leaves. Default true. */
  readonly delivered?: boolean;
  /** On the statement of a buyer whose bank tells. Default true. */
  readonly booked?: boolean;
}

/** A payment's data for `orderId`, with names and a key of its own. */
export function paymentFor(
  scene: Scene,
  wishes: { orderId?: string; merchantId: string; amount: Money; context?: Context },
): PaymentData {
  const { buyer, teller } = scene;
  const paymentId = teller.name('pay');
  return {
    paymentId,
    ...(wishes.orderId === undefined ? {} : { orderId: wishes.orderId }),
    merchantId: wishes.merchantId,
    amount: wishes.amount,
    instrument: buyer.card,
    provider: buyer.provider,
    idempotencyKey: `key-${paymentId}`,
    context: wishes.context ?? buyer.home,
  };
}

/** Log-in and order, without a payment yet. */
export function placeOrder(scene: Scene, wishes: Wishes = {}): { orderId: string; merchantId: string; total: Money } {
  const { buyer, teller, random } = scene;
  const context = wishes.context ?? buyer.home;
  const wait = wishes.waitMs ?? 0;
  const order = {
    orderId: teller.name('order'),
    merchantId: wishes.merchantId ?? random.pick(merchants),
    total: wishes.total ?? inCurrencyOf(buyer, random.price(buyer.usualMinor)),
  };
  if (random.chance(0.4)) teller.tell('account.logged_in', after(scene, wait), { context, method: 'password' });
  teller.tell('order.placed', after(scene, wait + seconds(40)), { ...order, context });
  return order;
}

/** An order paid, confirmed and delivered: what nearly all traffic is. */
export function buy(scene: Scene, wishes: Wishes = {}): Purchase {
  const { teller, random } = scene;
  const wait = wishes.waitMs ?? 0;
  const order = placeOrder(scene, wishes);
  const payment = paymentFor(scene, {
    orderId: order.orderId,
    merchantId: order.merchantId,
    amount: order.total,
    ...(wishes.context === undefined ? {} : { context: wishes.context }),
  });
  const lag = random.chance(0.05) ? seconds(random.between(1, 20)) : 0;
  if (random.chance(0.5)) teller.tell('payment.authorised', after(scene, wait + seconds(55)), payment, lag);
  const capturedAt = after(scene, wait + seconds(70));
  teller.tell('payment.captured', capturedAt, payment);
  if (random.chance(0.02)) teller.redeliver(seconds(random.between(1, 30)));
  if (wishes.delivered === false) tellConfirmed(scene, order.orderId, wait + seconds(90));
  else confirm(scene, order.orderId, wait + seconds(90));
  settle(scene, payment, wait + days(1));
  if (wishes.booked !== false && scene.buyer.bankTells) {
    book(scene, { amount: order.total, reference: payment.paymentId, wait: wait + days(2) });
  }
  return { ...order, paymentId: payment.paymentId, payment, capturedAt };
}

/** The order is confirmed, and later shipped and delivered. */
export function confirm(scene: Scene, orderId: string, wait: DurationMs): void {
  tellConfirmed(scene, orderId, wait);
  const trackingId = `track-${orderId}`;
  scene.teller.tell('delivery.shipped', after(scene, wait + hours(20)), { orderId, trackingId });
  scene.teller.tell('delivery.delivered', after(scene, wait + days(2)), { orderId, trackingId });
}

const tellConfirmed = (scene: Scene, orderId: string, wait: DurationMs): void =>
  void scene.teller.tell('order.confirmed', after(scene, wait), { orderId });

/** Says that a payment reached the bank, where its provider says such things. */
export function settle(scene: Scene, payment: PaymentData, wait: DurationMs): void {
  if (!tellsSettlement(payment.provider)) return;
  scene.teller.tell('payment.settled', after(scene, wait), { paymentId: payment.paymentId });
}

export interface Booking {
  readonly amount: Money;
  /** What the bank shows of it; a bank often shows nothing that helps. */
  readonly reference?: string;
  readonly wait: DurationMs;
  /** Default `debit`. */
  readonly direction?: 'debit' | 'credit';
}

/** A line on the buyer's statement; returns when it was booked. */
export function book(scene: Scene, { amount, reference, wait, direction = 'debit' }: Booking): InstantMs {
  const at = after(scene, wait);
  const line = { lineId: scene.teller.name('line'), bookedAt: formatInstant(at), amount, direction };
  scene.teller.tell('statement.line', at, { ...line, ...(reference === undefined ? {} : { reference }) });
  return at;
}

/** The steps of a refund at its usual speed; `succeeds` may differ from what was approved. */
export function refund(scene: Scene, payment: PaymentData, wait: DurationMs, amount: Money, succeeds: Money = amount): string {
  const { teller, buyer } = scene;
  const refundId = teller.name('refund');
  const steps = { refundId, paymentId: payment.paymentId, amount, instrument: payment.instrument };
  teller.tell('refund.requested', after(scene, wait), { ...steps, reason: 'returned' });
  teller.tell('refund.approved', after(scene, wait + hours(3)), steps);
  teller.tell('refund.submitted', after(scene, wait + hours(4)), steps);
  teller.tell('refund.succeeded', after(scene, wait + hours(9)), { ...steps, amount: succeeds });
  if (tellsSettlement(buyer.provider)) teller.tell('refund.posted', after(scene, wait + days(2)), { ...steps, amount: succeeds });
  return refundId;
}

/** Long enough for `refund` to finish, and then some. */
export const REFUND_MS = days(2) + minutes(1);

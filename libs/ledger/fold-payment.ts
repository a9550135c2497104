import type { EventOf } from '#event/event';
import type { Instrument } from '#event/types';
import { NEVER, parseInstant, type InstantMs } from '#kernel/time';
import { findById, type Ledger, type Touched } from '#ledger/ledger';
import { newOrder } from '#ledger/order';
import { newPayment, type Capture, type Payment, type PaymentEnds } from '#ledger/payment';
import { withItem } from '#ledger/short-list';

type Started = EventOf<'payment.created'> | EventOf<'payment.authorised'> | EventOf<'payment.captured'>;
type Ended = EventOf<'payment.failed'> | EventOf<'payment.voided'> | EventOf<'payment.expired'> | EventOf<'payment.settled'>;

/** A feed that names more captures of one payment than this repeats itself; the newest are not kept. */
export const CAPTURES_MAX = 64;

export function touchPayment(ledger: Ledger, paymentId: string, at: InstantMs, touched: Touched): Payment {
  let payment = findById(ledger.payments, paymentId);
  if (payment === undefined) {
    payment = newPayment(paymentId);
    ledger.payments = withItem(ledger.payments, payment);
  }
  if (at > payment.lastAt) payment.lastAt = at;
  touched.payment = payment;
  return payment;
}

export function foldCreated(ledger: Ledger, event: EventOf<'payment.created'>, touched: Touched): void {
  describe(ledger, touchPayment(ledger, event.data.paymentId, event.at, touched), event);
}

export function foldAuthorised(ledger: Ledger, event: EventOf<'payment.authorised'>, touched: Touched): void {
  const { data } = event;
  const payment = touchPayment(ledger, data.paymentId, event.at, touched);
  describe(ledger, payment, event);
  if (payment.authorisedAt !== NEVER && payment.authorisedAt !== event.at)
    payment.ends = replacing(payment.ends, payment.authorisedAt, event.at);
  const isNewest =
    payment.authorisedAt === NEVER ||
    event.at > payment.authorisedAt ||
    (event.at === payment.authorisedAt && event.id > payment.authorisedEventId);
  if (!isNewest) return;
  payment.authorisedAt = event.at;
  payment.authorisedMinor = data.amount.minor;
  payment.captureBefore = data.captureBefore === undefined ? NEVER : (parseInstant(data.captureBefore) ?? NEVER);
  payment.authorisedEventId = event.id;
}

export function foldCaptured(ledger: Ledger, event: EventOf<'payment.captured'>, touched: Touched): void {
  const { data } = event;
  const payment = touchPayment(ledger, data.paymentId, event.at, touched);
  describe(ledger, payment, event);
  if (payment.orderId !== '') keepOrder(ledger, payment.orderId, event.at);
  addCapture(payment, {
    id: data.captureId ?? '',
    minor: data.amount.minor,
    at: event.at,
    eventId: event.id,
    lineIds: data.lineIds ?? null,
  });
}

/** An order that was paid is an order, also before it was told itself. */
function keepOrder(ledger: Ledger, orderId: string, at: InstantMs): void {
  if (findById(ledger.orders, orderId) !== undefined) return;
  const order = newOrder(orderId);
  order.lastAt = at;
  ledger.orders = withItem(ledger.orders, order);
}

/** One capture told twice is one: the first telling by event time stands. */
function addCapture(payment: Payment, capture: Capture): void {
  const { captures } = payment;
  for (let at = 0; at < captures.length; at++) {
    const other = captures[at] as Capture;
    if (other.id !== capture.id) continue;
    if (other.at < capture.at || (other.at === capture.at && other.eventId <= capture.eventId)) return;
    captures.splice(at, 1);
    break;
  }
  payment.captures = withItem(captures, capture);
  if (payment.captures.length > 1) payment.captures.sort(byTime);
  if (payment.captures.length > CAPTURES_MAX) payment.captures.pop();
}

const byTime = (left: Capture, right: Capture): number => left.at - right.at || (left.id < right.id ? -1 : 1);

export function foldEnded(ledger: Ledger, event: Ended, touched: Touched): void {
  const { data } = event;
  const payment = touchPayment(ledger, data.paymentId, event.at, touched);
  if (payment.merchantId === '' && data.merchantId !== undefined) payment.merchantId = data.merchantId;
  if (payment.currency === '' && data.amount !== undefined) payment.currency = data.amount.currency;
  if (payment.instrument === null && data.instrument !== undefined)
    payment.instrument = sharedInstrument(ledger, data.instrument);
  payment.ends = endsWith(payment.ends, event);
}

/** Of failures the newest counts, of the others the first. */
function endsWith(ends: PaymentEnds, { type, at, data }: Ended): PaymentEnds {
  switch (type) {
    case 'payment.failed':
      if (ends.failedAt === at) return ends;
      return ends.failedAt === NEVER ? { ...ends, failedAt: at } : failedAgain(ends, at);
    case 'payment.voided': {
      const minor = data.amount?.minor ?? -1;
      // Two voids of one instant that name other amounts are the one of less.
      const isFirst = at < ends.voidedAt || (at === ends.voidedAt && minor < ends.voidedMinor);
      const known = releasedAgain(ends, ends.voidedAt, at);
      return isFirst ? { ...known, voidedAt: at, voidedMinor: minor } : known;
    }
    case 'payment.expired': {
      const known = releasedAgain(ends, ends.expiredAt, at);
      return at < ends.expiredAt ? { ...known, expiredAt: at } : known;
    }
    case 'payment.settled':
      return at < ends.settledAt ? { ...ends, settledAt: at } : ends;
  }
}

const failedAgain = (ends: PaymentEnds, at: InstantMs): PaymentEnds => ({
  ...replacing(ends, ends.failedAt, at),
  failedAt: Math.max(ends.failedAt, at),
});

/** Of a void or an expiry told for two times the first stands, and the newest is kept: it may end another authorisation. */
function releasedAgain(ends: PaymentEnds, known: InstantMs, at: InstantMs): PaymentEnds {
  if (known === NEVER || known === at) return ends;
  const newest = Math.max(known, at);
  const isNewer = ends.releasedAgainAt === NEVER || newest > ends.releasedAgainAt;
  return isNewer ? { ...ends, releasedAgainAt: newest } : ends;
}

/** Of one answer told for two times the newer stands, and that there was one already at the older is kept. */
function replacing(ends: PaymentEnds, one: InstantMs, other: InstantMs): PaymentEnds {
  const replacedAt = Math.min(one, other);
  return replacedAt < ends.replacedAt ? { ...ends, replacedAt } : ends;
}

export function foldChargeback(
  ledger: Ledger,
  event: EventOf<'chargeback.opened'> | EventOf<'chargeback.closed'>,
  touched: Touched,
): void {
  const { data } = event;
  const payment = touchPayment(ledger, data.paymentId, event.at, touched);
  const chargebacks = (payment.chargebacks ??= []);
  let chargeback = findById(chargebacks, data.chargebackId);
  if (chargeback === undefined) {
    chargeback = { id: data.chargebackId, openedAt: NEVER, minor: 0, closedAt: NEVER, outcome: null, eventId: event.id };
    chargebacks.push(chargeback);
  }
  if ('outcome' in data) {
    const isFirst = event.at < chargeback.closedAt || (event.at === chargeback.closedAt && data.outcome === 'buyer');
    if (!isFirst) return;
    chargeback.closedAt = event.at;
    chargeback.outcome = data.outcome;
  } else if (event.at < chargeback.openedAt) {
    chargeback.openedAt = event.at;
    chargeback.minor = data.amount.minor;
    chargeback.eventId = event.id;
  }
}

/** Takes attributes over: the newest event's stand, an older one fills what is still unknown. */
function describe(ledger: Ledger, payment: Payment, event: Started): void {
  const { data } = event;
  if (event.at < payment.startedAt || (event.at === payment.startedAt && event.id < payment.startedEventId)) {
    payment.startedAt = event.at;
    payment.startedMinor = data.amount.minor;
    payment.startedEventId = event.id;
  }
  const isNewest = event.at >= payment.describedAt;
  if (isNewest) payment.describedAt = event.at;
  if (data.orderId !== undefined && (isNewest || payment.orderId === '')) payment.orderId = data.orderId;
  if (isNewest || payment.merchantId === '') payment.merchantId = data.merchantId;
  if (isNewest || payment.currency === '') payment.currency = data.amount.currency;
  if (data.provider !== undefined && (isNewest || payment.provider === '')) payment.provider = data.provider;
  payment.instrument = describedInstrument(ledger, payment.instrument, data.instrument, isNewest);
  if (data.idempotencyKey !== undefined && (isNewest || payment.idempotencyKey === ''))
    payment.idempotencyKey = data.idempotencyKey;
  if (data.initiator === 'merchant') payment.isMerchantInitiated = true;
  if (data.presence === 'in_person') payment.isInPerson = true;
  if (data.subscription !== undefined && (isNewest || payment.subscription === null)) payment.subscription = data.subscription;
  if (data.lineIds !== undefined && (isNewest || payment.lineIds === null)) payment.lineIds = data.lineIds;
  if (data.mcc !== undefined && (isNewest || payment.mcc === '')) payment.mcc = data.mcc;
}

/** The newest event's; of one token what the others knew of it besides. */
function describedInstrument(ledger: Ledger, known: Instrument | null, told: Instrument, isNewest: boolean): Instrument {
  if (known === null) return sharedInstrument(ledger, told);
  if (known.fingerprint !== told.fingerprint) return isNewest ? sharedInstrument(ledger, told) : known;
  if (isSameInstrument(known, told)) return known;
  return sharedInstrument(ledger, isNewest ? { ...known, ...told } : { ...told, ...known });
}

const isSameInstrument = (one: Instrument, other: Instrument): boolean =>
  one.fingerprint === other.fingerprint &&
  one.kind === other.kind &&
  one.scheme === other.scheme &&
  one.country === other.country;

/** The buyer's usual card is one object, not one a payment. */
function sharedInstrument(ledger: Ledger, instrument: Instrument): Instrument {
  const { payments } = ledger;
  for (let at = payments.length - 1; at >= 0; at--) {
    const known = (payments[at] as Payment).instrument;
    if (known !== null && isSameInstrument(known, instrument)) return known;
  }
  return instrument;
}

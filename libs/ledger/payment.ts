import type { Currency, MinorUnits } from '#kernel/money';
import { NEVER, type InstantMs } from '#kernel/time';
import type { Instrument } from '#event/types';

/** One capture; without a `captureId` it is the payment's only one, and `id` is empty. */
export interface Capture {
  readonly id: string;
  readonly minor: MinorUnits;
  readonly at: InstantMs;
  readonly eventId: string;
  readonly lineIds: readonly string[] | null;
}

export interface Subscription {
  readonly id: string;
  readonly period: string;
}

export interface Chargeback {
  readonly id: string;
  openedAt: InstantMs;
  minor: MinorUnits;
  closedAt: InstantMs;
  outcome: 'buyer' | 'merchant' | null;
  eventId: string;
}

/** How it ended otherwise than by a capture. Few payments do, so that they share one object until then. */
export interface PaymentEnds {
  readonly failedAt: InstantMs;
  readonly voidedAt: InstantMs;
  /** -1 where the void named no amount. */
  readonly voidedMinor: MinorUnits;
  readonly expiredAt: InstantMs;
  readonly settledAt: InstantMs;
  /** The first authorisation or failure that a newer one replaced. */
  readonly replacedAt: InstantMs;
  /** The newest void or expiry, where one was told for several times. */
  readonly releasedAgainAt: InstantMs;
}

export const NO_ENDS: PaymentEnds = {
  failedAt: NEVER,
  voidedAt: NEVER,
  voidedMinor: -1,
  expiredAt: NEVER,
  settledAt: NEVER,
  replacedAt: NEVER,
  releasedAgainAt: NEVER,
};

/**
 * What happened to one payment, whichever of its events came first. Text that is not known is empty, a time that is not known is
 * `NEVER`. Attributes come from the newest event that had them; of a step told twice the first time counts, but for an
 * authorisation and a failure, where the newest counts.
 */
export interface Payment {
  readonly id: string;
  orderId: string;
  merchantId: string;
  provider: string;
  currency: Currency;
  instrument: Instrument | null;
  idempotencyKey: string;
  isMerchantInitiated: boolean;
  isInPerson: boolean;
  subscription: Subscription | null;
  lineIds: readonly string[] | null;
  mcc: string;
  /** Its earliest created, authorised or captured event. */
  startedAt: InstantMs;
  startedMinor: MinorUnits;
  startedEventId: string;
  /** Its newest authorisation: a higher or a repeated one replaces the one before. */
  authorisedAt: InstantMs;
  authorisedMinor: MinorUnits;
  captureBefore: InstantMs;
  authorisedEventId: string;
  /** By time, then id. */
  captures: Capture[];
  ends: PaymentEnds;
  chargebacks: Chargeback[] | null;
  /** Time of the event that the attributes came from. */
  describedAt: InstantMs;
  /** Time of its newest event. */
  lastAt: InstantMs;
  /** Digest of what was last told of its money; empty until a finding names it. */
  toldFacts: string;
}

export const newPayment = (id: string): Payment => ({
  id,
  orderId: '',
  merchantId: '',
  provider: '',
  currency: '',
  instrument: null,
  idempotencyKey: '',
  isMerchantInitiated: false,
  isInPerson: false,
  subscription: null,
  lineIds: null,
  mcc: '',
  startedAt: NEVER,
  startedMinor: 0,
  startedEventId: '',
  authorisedAt: NEVER,
  authorisedMinor: 0,
  captureBefore: NEVER,
  authorisedEventId: '',
  captures: [],
  ends: NO_ENDS,
  chargebacks: null,
  describedAt: -NEVER,
  lastAt: -NEVER,
  toldFacts: '',
});

/** Captures that count: one without an id names the only capture, so beside captures with ids it retells one of them. */
export function countedCaptures(payment: Payment): readonly Capture[] {
  const { captures } = payment;
  return captures.length < 2 ? captures : captures.filter((capture) => capture.id !== '');
}

export function capturedMinor(payment: Payment): MinorUnits {
  let sum = 0;
  for (const capture of countedCaptures(payment)) sum += capture.minor;
  return sum;
}

/** When it was first told how the start went, by whichever answer but a capture; `NEVER` while nobody told. */
export const answeredAt = ({ authorisedAt, ends }: Payment): InstantMs =>
  Math.min(authorisedAt, ends.failedAt, ends.voidedAt, ends.expiredAt, ends.settledAt, ends.replacedAt);

/** When its first capture happened; `NEVER` when none did. */
export const capturedAt = (payment: Payment): InstantMs => payment.captures[0]?.at ?? NEVER;

/**
 * When a void or a failure took the captured money back; `NEVER` when neither did. A void after a capture of a part, naming no
 * more than the rest, frees the rest of the hold only.
 */
export function undoneAt(payment: Payment): InstantMs {
  const captured = payment.captures[0];
  if (captured === undefined) return NEVER;
  const failed = payment.ends.failedAt > captured.at ? payment.ends.failedAt : NEVER;
  if (payment.ends.voidedAt < captured.at) return failed;
  const rest = payment.authorisedMinor - capturedMinor(payment);
  const freesRest = rest > 0 && payment.ends.voidedMinor <= rest;
  return freesRest ? failed : Math.min(failed, payment.ends.voidedAt);
}

import { days, hours, type DurationMs, type InstantMs, NEVER } from '#kernel/time';
import type { Payment } from '#ledger/payment';

/** How long a hold is valid, for the payments that a row matches; a field that a row leaves out matches all. */
export interface HoldClock {
  readonly provider?: string;
  readonly scheme?: string;
  readonly kind?: string;
  readonly country?: string;
  readonly initiator?: 'customer' | 'merchant';
  readonly presence?: 'online' | 'in_person';
  readonly validMs: DurationMs;
  readonly source: string;
}

const STRIPE = 'Stripe, "Place a hold on a payment method"';

/** The first row that matches counts: the special stand before the general. */
export const holdClocks: readonly HoldClock[] = [
  { scheme: 'mastercard', country: 'IN', validMs: days(4), source: 'Mastercard India (secondary source)' },
  { provider: 'klarna', validMs: days(28), source: 'Klarna' },
  { scheme: 'klarna', validMs: days(28), source: 'Klarna' },
  { scheme: 'visa', presence: 'in_person', validMs: days(5), source: STRIPE },
  { scheme: 'visa', initiator: 'merchant', validMs: days(4) + hours(18), source: `${STRIPE}: 5 days, counted as 4 d 18 h` },
  { scheme: 'visa', validMs: days(7), source: STRIPE },
  { scheme: 'mastercard', presence: 'in_person', validMs: days(2), source: STRIPE },
  { scheme: 'amex', presence: 'in_person', validMs: days(2), source: STRIPE },
  { scheme: 'discover', presence: 'in_person', validMs: days(2), source: STRIPE },
  { validMs: days(7), source: `${STRIPE}: the other schemes` },
];

/** When a payment's newest hold ends: as its provider said, else by the first row that matches. `NEVER` without a hold. */
export function holdEndsAt(payment: Payment, clocks: readonly HoldClock[] = holdClocks): InstantMs {
  if (payment.authorisedAt === NEVER) return NEVER;
  if (payment.captureBefore !== NEVER) return payment.captureBefore;
  for (const clock of clocks) if (matches(clock, payment)) return payment.authorisedAt + clock.validMs;
  return NEVER;
}

function matches(clock: HoldClock, payment: Payment): boolean {
  const { instrument } = payment;
  if (clock.scheme !== undefined && clock.scheme !== instrument?.scheme) return false;
  if (clock.provider !== undefined && clock.provider !== payment.provider) return false;
  if (clock.kind !== undefined && clock.kind !== instrument?.kind) return false;
  if (clock.country !== undefined && clock.country !== instrument?.country) return false;
  if (clock.initiator !== undefined && (clock.initiator === 'merchant') !== payment.isMerchantInitiated) return false;
  return clock.presence === undefined || (clock.presence === 'in_person') === payment.isInPerson;
}

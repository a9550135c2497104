import { NEVER, type InstantMs } from '#kernel/time';
import { moneyBack, type MoneyBack } from '#ledger/money-back';
import { findById, type Ledger } from '#ledger/ledger';
import { acceptedAt } from '#ledger/order';
import { capturedAt, capturedMinor, type Payment } from '#ledger/payment';
import { areOtherLines, byCapture, isRetry, type Charge } from '#detection/charges';
import type { Claim } from '#detection/claim';
import type { Detector, View } from '#detection/detector';
import type { DuplicateChargeSettings } from '#detection/duplicate-charge-settings';
import { isHabit } from '#detection/repeat-habit';

/**
 * Two payments of one buyer look like one purchase charged twice: same instrument, merchant, amount and currency, other
 * idempotency keys, and no sign of two purchases. `likely` within minutes, `possible` within a day, of their starts; loss the
 * later payment. Payments of one order are judged with the order (duplicate-charge.ts).
 *
 * Subject: the later payment. Deadline: twins of two orders are told only once both orders had time to be confirmed. Signs of two
 * purchases: two orders that both were confirmed, another subscription period, other order lines, a habit of the buyer's, a
 * merchant of a trade where repeats are usual. Weak for gifts bought one by one without orders. Source: facts, "Duplicate charge".
 */
export const twinCharge = (settings: DuplicateChargeSettings): Detector<Payment> => ({
  name: 'twin-charge',
  subject: 'payment',
  assess(later, view, claims) {
    if (later.captures.length === 0) return NEVER;
    const { payments } = view.ledger;
    if (payments.length < 2) return NEVER;
    let due = NEVER;
    let closest: Payment | undefined;
    for (const earlier of payments) {
      if (!isTwin(earlier, later, settings) || areJudgedTogether(earlier, later)) continue;
      if (closest !== undefined && gap(closest, later) <= gap(earlier, later)) continue;
      const pending = evidencePendingUntil(view.ledger, earlier, later, settings);
      if (pending === -NEVER) continue;
      if (pending > view.now && pending !== NEVER) due = Math.min(due, pending);
      else closest = earlier;
    }
    if (closest !== undefined && !isHabit(view.ledger, closest, later, settings)) {
      const claim = twinClaim(closest, later, view.ledger, settings);
      if (claim !== undefined) claims.push(claim);
    }
    return due;
  },
});

/** Whether a payment is told late: there are others at its merchant that started after it. */
export function hasLaterTwins(ledger: Ledger, payment: Payment): boolean {
  for (const other of ledger.payments)
    if (other !== payment && other.merchantId === payment.merchantId && other.startedAt >= payment.startedAt) return true;
  return false;
}

/**
 * Every payment at its merchant that started after `payment`: their answers may rest on it, by being its twin or by the buyer's
 * habits. There are none but when it is told late.
 */
export function laterTwins(ledger: Ledger, payment: Payment): readonly Payment[] {
  if (ledger.payments.length < 2) return [];
  return ledger.payments.filter(
    (other) => other !== payment && other.merchantId === payment.merchantId && other.startedAt >= payment.startedAt,
  );
}

const gap = (earlier: Payment, later: Payment): number => later.startedAt - earlier.startedAt;

function isTwin(earlier: Payment, later: Payment, settings: DuplicateChargeSettings): boolean {
  if (earlier === later || earlier.captures.length === 0 || earlier.merchantId !== later.merchantId) return false;
  const apart = gap(earlier, later);
  if (apart < 0 || (apart === 0 && byCapture(earlier, later) > 0)) return false;
  if (apart >= settings.possibleWindowMs && apart > settings.likelyWindowMs && !isSamePeriod(earlier, later)) return false;
  return (
    earlier.currency === later.currency &&
    capturedMinor(earlier) === capturedMinor(later) &&
    earlier.instrument?.fingerprint === later.instrument?.fingerprint &&
    !isRetry(earlier, later, settings.keyLifeMs) &&
    !isOtherPeriod(earlier, later) &&
    !areOtherLines(chargeOf(earlier), chargeOf(later))
  );
}

/** Payments of one order are compared with its total, or among themselves, when the order is assessed. */
const areJudgedTogether = (earlier: Payment, later: Payment): boolean =>
  earlier.orderId !== '' && earlier.orderId === later.orderId;

const isOtherPeriod = ({ subscription: left }: Payment, { subscription: right }: Payment): boolean =>
  left !== null && right !== null && (left.id !== right.id || left.period !== right.period);

/** One period of a subscription is paid once, however far apart the charges are. */
const isSamePeriod = ({ subscription: left }: Payment, { subscription: right }: Payment): boolean =>
  left !== null && right !== null && left.id === right.id && left.period === right.period;

const NO_BACK: MoneyBack = { refunds: [], wholeAt: NEVER };
const chargeOf = (payment: Payment): Charge => ({
  payment,
  capture: payment.captures[0] as Charge['capture'],
  back: NO_BACK,
});

/** Until when two orders may still be confirmed; -NEVER when both were (two purchases), NEVER when there is nothing to wait for. */
function evidencePendingUntil(ledger: Ledger, earlier: Payment, later: Payment, settings: DuplicateChargeSettings): InstantMs {
  if (earlier.orderId === '' || later.orderId === '') return NEVER;
  const orders = [findById(ledger.orders, earlier.orderId), findById(ledger.orders, later.orderId)];
  if (orders.every((order) => order !== undefined && acceptedAt(order) !== NEVER)) return -NEVER;
  return Math.max(capturedAt(earlier), capturedAt(later)) + settings.confirmationGraceMs;
}

function twinClaim(earlier: Payment, later: Payment, ledger: Ledger, settings: DuplicateChargeSettings): Claim | undefined {
  const at = Math.max(capturedAt(earlier), capturedAt(later));
  const back = [moneyBack(ledger, earlier), moneyBack(ledger, later)] as const;
  const clearedAt = Math.min(back[0].wholeAt, back[1].wholeAt);
  if (clearedAt <= at) return undefined;
  const minor = capturedMinor(later);
  const refunded = clearedAt === NEVER ? back[1].refunds.reduce((sum, refund) => sum + refund.minor, 0) : 0;
  return {
    kind: 'duplicate-charge',
    confidence: gap(earlier, later) <= settings.likelyWindowMs || isSamePeriod(earlier, later) ? 'likely' : 'possible',
    money: `payment/${later.id}`,
    at,
    clearedAt,
    merchantId: later.merchantId,
    orderId: later.orderId,
    paymentIds: [earlier.id, later.id],
    loss: { minor: minor - refunded, currency: later.currency },
    because: {
      rule: 'same-buyer-instrument-merchant-amount',
      fields: ['idempotencyKey'],
      figures: { apartMs: gap(earlier, later), amountMinor: minor, currency: later.currency },
    },
    eventIds: [...earlier.captures, ...later.captures].map((capture) => capture.eventId),
  };
}

/** Twins among payments of one order whose total is not known: one claim for all of them, its loss every later twin. */
export function twinsWithin(
  { payments, money }: { readonly payments: readonly Payment[]; readonly money: string },
  { ledger }: View,
  settings: DuplicateChargeSettings,
  claims: Claim[],
): void {
  const captured = payments.filter((payment) => payment.captures.length > 0).sort(byCapture);
  const pairs = captured.flatMap((later) => {
    const earlier = captured.findLast((other) => isTwin(other, later, settings));
    const claim = earlier && !isHabit(ledger, earlier, later, settings) ? twinClaim(earlier, later, ledger, settings) : undefined;
    return claim === undefined ? [] : [claim];
  });
  const open = pairs.filter((pair) => pair.clearedAt === NEVER);
  const told = open.length > 0 ? open : pairs;
  const [first] = told;
  if (first === undefined) return;
  claims.push({
    ...first,
    confidence: told.some((pair) => pair.confidence === 'likely') ? 'likely' : 'possible',
    money,
    clearedAt: Math.max(...told.map((pair) => pair.clearedAt)),
    paymentIds: captured.map((payment) => payment.id).filter((id) => told.some((pair) => pair.paymentIds.includes(id))),
    loss: first.loss && { ...first.loss, minor: told.reduce((sum, pair) => sum + (pair.loss?.minor ?? 0), 0) },
    eventIds: told.flatMap((pair) => pair.eventIds),
  });
}

import type { DurationMs, InstantMs } from '#kernel/time';
import { NEVER } from '#kernel/time';
import type { MinorUnits } from '#kernel/money';
import { moneyBack, refundedBy, type MoneyBack } from '#ledger/money-back';
import type { Ledger } from '#ledger/ledger';
import { capturedAt, capturedMinor, countedCaptures, type Capture, type Payment } from '#ledger/payment';

/** One capture of one payment, with what came back of that payment. */
export interface Charge {
  readonly payment: Payment;
  readonly capture: Capture;
  readonly back: MoneyBack;
}

/** The captures of these payments by event time, without the retries: the same purchase told under another payment id. */
export function chargesOf(ledger: Ledger, payments: readonly Payment[], keyLifeMs: DurationMs): readonly Charge[] {
  const captured = payments.filter((payment) => payment.captures.length > 0).sort(byCapture);
  return captured
    .filter((payment, at) => !captured.slice(0, at).some((earlier) => isRetry(earlier, payment, keyLifeMs)))
    .flatMap((payment) => {
      const back = moneyBack(ledger, payment);
      return countedCaptures(payment).map((capture) => ({ payment, capture, back }));
    })
    .sort((left, right) => left.capture.at - right.capture.at || compare(left.payment.id, right.payment.id));
}

export const byCapture = (left: Payment, right: Payment): number =>
  capturedAt(left) - capturedAt(right) || compare(left.id, right.id);

const compare = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

/** The same idempotency key for the same sum within its life is one purchase, whatever its payment ids say. */
export const isRetry = (earlier: Payment, later: Payment, keyLifeMs: DurationMs): boolean =>
  later.idempotencyKey !== '' &&
  later.idempotencyKey === earlier.idempotencyKey &&
  later.currency === earlier.currency &&
  capturedMinor(later) === capturedMinor(earlier) &&
  Math.abs(later.startedAt - earlier.startedAt) <= keyLifeMs;

export const isActive = (charge: Charge, at: InstantMs): boolean => charge.capture.at <= at && at < charge.back.wholeAt;

/** Every instant at which the sum that the seller holds changes, ascending. */
export function turningPoints(charges: readonly Charge[]): readonly InstantMs[] {
  const points = new Set<InstantMs>();
  for (const { capture, back } of charges) {
    points.add(capture.at);
    if (back.wholeAt !== NEVER) points.add(back.wholeAt);
    for (const refund of back.refunds) points.add(refund.at);
  }
  return [...points].sort((left, right) => left - right);
}

const linesOf = ({ payment, capture }: Charge): readonly string[] | null => capture.lineIds ?? payment.lineIds;

/** Both name order lines and none of them is the same: two shipments, not one charge twice. */
export function areOtherLines(left: Charge, right: Charge): boolean {
  const lines = linesOf(left);
  const others = linesOf(right);
  return (
    lines !== null && others !== null && lines.length > 0 && others.length > 0 && !lines.some((line) => others.includes(line))
  );
}

/** What the seller holds beyond an order's total at one instant, by why. */
export interface Surplus {
  /** Charged again: beyond the total, by a charge that is not the first. */
  readonly repeatedMinor: MinorUnits;
  /** Too large: the part of the first charge, or of charges for other lines, above the total. */
  readonly excessMinor: MinorUnits;
  /** The first charge that repeats, and those before it. */
  readonly repeat: Charge | undefined;
  readonly active: readonly Charge[];
  /** The charge that the excess was taken by. */
  readonly oversized: Charge | undefined;
}

/**
 * Lets the charges cover the total in the order of their times. What a later one takes beyond it repeats an earlier one, unless it
 * pays other lines of the order, or is a further capture within the authorised sum of the only payment. A refund of a part lessens
 * what the refunded payment took too much; a payment that came back as a whole never was.
 */
export function surplusAt(charges: readonly Charge[], totalMinor: MinorUnits, at: InstantMs): Surplus {
  const active = charges.filter((charge) => isActive(charge, at));
  const repeatedBy = new Map<Payment, MinorUnits>();
  const excessBy = new Map<Payment, MinorUnits>();
  let left = totalMinor;
  let repeat: Charge | undefined;
  let oversized: Charge | undefined;
  active.forEach((charge, index) => {
    const covered = Math.min(left, charge.capture.minor);
    left -= covered;
    const beyond = charge.capture.minor - covered;
    if (beyond === 0) return;
    const repeats = active.slice(0, index).some((earlier) => isRepeatOf(charge, earlier));
    if (repeats) repeat ??= charge;
    else oversized ??= charge;
    const sums = repeats ? repeatedBy : excessBy;
    sums.set(charge.payment, (sums.get(charge.payment) ?? 0) + beyond);
  });
  const refunded = new Map(active.map(({ payment, back }) => [payment, refundedBy(back, at)]));
  const repeatedMinor = lessRefunded(repeatedBy, refunded);
  return { repeatedMinor, excessMinor: lessRefunded(excessBy, refunded), repeat, active, oversized };
}

function isRepeatOf(charge: Charge, earlier: Charge): boolean {
  if (areOtherLines(charge, earlier)) return false;
  if (charge.payment !== earlier.payment) return true;
  const { authorisedMinor, authorisedAt } = charge.payment;
  return authorisedAt === NEVER || capturedMinor(charge.payment) > authorisedMinor;
}

function lessRefunded(sums: ReadonlyMap<Payment, MinorUnits>, refunded: Map<Payment, MinorUnits>): MinorUnits {
  let sum = 0;
  for (const [payment, minor] of sums) {
    const back = Math.min(minor, refunded.get(payment) ?? 0);
    refunded.set(payment, (refunded.get(payment) ?? 0) - back);
    sum += minor - back;
  }
  return sum;
}

/** The last stretch of time in which `holds` was true at the turning points, and the answer when it ended or stands. */
export function lastEpisode<Answer>(
  points: readonly InstantMs[],
  answerAt: (at: InstantMs) => Answer,
  holds: (answer: Answer) => boolean,
): { readonly at: InstantMs; readonly clearedAt: InstantMs; readonly answer: Answer } | undefined {
  let episode: { at: InstantMs; clearedAt: InstantMs; answer: Answer } | undefined;
  for (const point of points) {
    const answer = answerAt(point);
    if (!holds(answer)) {
      if (episode !== undefined && episode.clearedAt === NEVER) episode = { ...episode, clearedAt: point };
    } else if (episode === undefined || episode.clearedAt !== NEVER) episode = { at: point, clearedAt: NEVER, answer };
    else episode = { ...episode, answer };
  }
  return episode;
}

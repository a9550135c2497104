import type { SettingSpec, SettingValues } from '#kernel/setting';
import { minorUnitDigits } from '#kernel/currency';
import type { Money } from '#kernel/money';
import { NEVER, type InstantMs } from '#kernel/time';
import { moneyBack, wonAt } from '#ledger/money-back';
import { findById, refundsOfPayment, type Ledger } from '#ledger/ledger';
import { capturedMinor, type Payment } from '#ledger/payment';
import {
  amountInChargeCurrency,
  followed,
  paidStep,
  standingOf,
  type Refund,
  type RefundStanding,
  type RefundStep,
} from '#ledger/refund';
import type { Claim } from '#detection/claim';
import { declaredFeesMinor } from '#detection/declared-fees';
import type { Detector } from '#detection/detector';
import type { Confidence } from '#detection/finding';

export const refundAmountWrongSettings = {
  exchangeToleranceRatio: {
    unit: 'ratio',
    default: 0.01,
    min: 0,
    max: 0.1,
    doc: 'How far a refund in another currency may lie from the declared sum times the declared rate.',
    source: 'ours: facts allow a tolerance for currency exchange only',
  },
} as const satisfies SettingSpec;
export type RefundAmountWrongSettings = SettingValues<typeof refundAmountWrongSettings>;

interface Wrong {
  readonly rule: string;
  readonly fields: readonly string[];
  readonly confidence: Confidence;
  readonly loss: Money | null;
  readonly figures: Claim['because']['figures'];
}

/**
 * A refund that reached the buyer is of another amount than it should be: below what was approved last before it (or submitted, or
 * requested, whichever is the first known in this order) by more than declared fees; posted with less than had succeeded; zero; in
 * another currency than the charge with no declared exchange (`likely`, loss null); off the declared exchange; or above what was
 * captured together with the refunds before it (loss null: the buyer has no loss). `certain` but for the currency, at the refund's
 * success or posting.
 *
 * Subject: a refund. No deadline. A later refund of just the shortfall (or one dated by the second in which this one arrived), a
 * refund of all that was captured, or a chargeback decided for the buyer clears it. Source: facts, "Refunds"; 6.95 → 6.00 and zero
 * taken as full were seen in the field.
 */
export const refundAmountWrong = (settings: RefundAmountWrongSettings): Detector<Refund> => ({
  name: 'refund-amount-wrong',
  subject: 'refund',
  assess(refund, { ledger }, claims) {
    const standing = standingOf(refund);
    const paid = paidStep(standing) ?? standing.succeededBefore;
    if (paid === undefined) return NEVER;
    const payment = findById(ledger.payments, refund.paymentId);
    const wrongWhenPaid = wrongOf(refund, paid, standing, payment, ledger, settings);
    const posted = postedWithLess(standing);
    const arrived = posted ?? paid;
    const wrong = posted === undefined ? wrongWhenPaid : wrongOf(refund, posted, standing, payment, ledger, settings);
    if (wrong === undefined) return NEVER;
    const failedAt = paidStep(standing) === undefined ? (standing.failed?.at ?? NEVER) : NEVER;
    claims.push({
      kind: 'refund-amount-wrong',
      confidence: wrong.confidence,
      money: `refund/${refund.id}`,
      at: wrongWhenPaid === undefined ? arrived.at : paid.at,
      clearedAt: Math.min(failedAt, payment === undefined ? NEVER : settledAt(ledger, payment, refund, arrived, wrong)),
      merchantId: payment?.merchantId ?? '',
      orderId: payment?.orderId ?? '',
      paymentIds: [refund.paymentId],
      loss: wrong.loss,
      because: { rule: wrong.rule, fields: wrong.fields, figures: { refundId: refund.id, ...wrong.figures } },
      eventIds: [promisedStep(refund, standing, arrived)?.eventId ?? '', arrived.eventId],
    });
    return NEVER;
  },
});

/** The posting, where the bank posted less than had succeeded without any conversion. */
function postedWithLess({ succeeded, posted }: RefundStanding): RefundStep | undefined {
  if (succeeded === undefined || posted === undefined || succeeded.exchange !== null) return undefined;
  return posted.currency === succeeded.currency && posted.minor < succeeded.minor ? posted : undefined;
}

/** What says how much is to arrive: the newest approval before it did, else the first of the other steps that is known. */
function promisedStep(refund: Refund, standing: RefundStanding, paid: RefundStep): RefundStep | undefined {
  const approved = refund.steps.findLast(({ step, at }) => step === 'approved' && at <= paid.at) ?? standing.approved;
  const { submitted, requested, succeeded } = standing;
  return approved ?? submitted ?? requested ?? (paid === succeeded ? undefined : succeeded);
}

function wrongOf(
  refund: Refund,
  paid: RefundStep,
  standing: RefundStanding,
  payment: Payment | undefined,
  ledger: Ledger,
  settings: RefundAmountWrongSettings,
): Wrong | undefined {
  const amount = amountInChargeCurrency(paid);
  const chargeCurrency = payment?.currency ?? '';
  if (chargeCurrency !== '' && amount.currency !== chargeCurrency) {
    const figures = { refundedMinor: paid.minor, refundCurrency: paid.currency, chargeCurrency };
    return { rule: 'refund-in-another-currency', fields: ['currency'], confidence: 'likely', loss: null, figures };
  }
  return (
    shortOf(amount, promisedStep(refund, standing, paid), payment, ledger) ??
    offRate(paid, settings) ??
    (payment === undefined ? undefined : aboveCaptured(refund, amount, paid.at, payment, ledger))
  );
}

function shortOf(
  amount: Money,
  promised: RefundStep | undefined,
  payment: Payment | undefined,
  ledger: Ledger,
): Wrong | undefined {
  const expected = promised && amountInChargeCurrency(promised);
  if (expected !== undefined && expected.currency !== amount.currency) return undefined;
  const shortMinor = (expected?.minor ?? amount.minor) - amount.minor;
  const figures = { expectedMinor: expected?.minor ?? null, refundedMinor: amount.minor, currency: amount.currency };
  if (shortMinor > 0) {
    if (payment !== undefined && isExplainedByFees(shortMinor, payment, ledger)) return undefined;
    const loss = { minor: shortMinor, currency: amount.currency };
    return { rule: 'refund-short', fields: ['amount'], confidence: 'certain', loss, figures };
  }
  if (amount.minor > 0 || payment === undefined || payment.captures.length === 0) return undefined;
  const back = moneyBack(ledger, payment).refunds.reduce((sum, refund) => sum + refund.minor, 0);
  const loss = { minor: capturedMinor(payment) - back, currency: payment.currency };
  return loss.minor > 0 ? { rule: 'refund-of-zero', fields: ['amount'], confidence: 'likely', loss, figures } : undefined;
}

/** Kept back: no more than the fees that were declared, or just one that was shown at checkout. */
function isExplainedByFees(shortMinor: number, payment: Payment, ledger: Ledger): boolean {
  if (shortMinor <= declaredFeesMinor(ledger, payment)) return true;
  const shown = findById(ledger.orders, payment.orderId)?.fees ?? [];
  return shown.some(({ amount }) => amount.minor === shortMinor && amount.currency === payment.currency);
}

function offRate(paid: RefundStep, settings: RefundAmountWrongSettings): Wrong | undefined {
  if (paid.exchange === null) return undefined;
  const { from, rate } = paid.exchange;
  const scale = 10 ** (minorUnitDigits(paid.currency) - minorUnitDigits(from.currency));
  const converted = Math.round(from.minor * rate * scale);
  const shortMinor = converted - paid.minor;
  if (shortMinor <= Math.max(1, converted * settings.exchangeToleranceRatio)) return undefined;
  const figures = {
    fromMinor: from.minor,
    fromCurrency: from.currency,
    rate,
    refundedMinor: paid.minor,
    refundCurrency: paid.currency,
  };
  const loss = { minor: shortMinor, currency: paid.currency };
  return { rule: 'refund-off-declared-rate', fields: ['amount', 'exchange'], confidence: 'certain', loss, figures };
}

function aboveCaptured(refund: Refund, amount: Money, at: InstantMs, payment: Payment, ledger: Ledger): Wrong | undefined {
  if (payment.captures.length === 0) return undefined;
  const before = moneyBack(ledger, payment).refunds.filter(
    (other) => other.refundId !== refund.id && (other.at < at || (other.at === at && other.refundId < refund.id)),
  );
  const refundedMinor = before.reduce((sum, other) => sum + other.minor, amount.minor);
  const captured = capturedMinor(payment);
  if (refundedMinor <= captured) return undefined;
  const figures = { refundedMinor, capturedMinor: captured, currency: payment.currency };
  return { rule: 'refunds-above-captured', fields: ['refunded', 'captured'], confidence: 'certain', loss: null, figures };
}

/** When the difference was made good. */
function settledAt(ledger: Ledger, payment: Payment, refund: Refund, paid: RefundStep, wrong: Wrong): InstantMs {
  const won = wonAt(payment);
  if (wrong.rule === 'refunds-above-captured') return won;
  const toppedUp = refundsOfPayment(ledger, payment.id).reduce((at, other) => {
    const step = other === refund ? undefined : paidStep(standingOf(other));
    return step !== undefined && followed(step, paid) && step.minor === wrong.loss?.minor ? Math.min(at, step.at) : at;
  }, NEVER);
  const wholeAt = moneyBack(ledger, payment).wholeAt;
  return Math.min(won, toppedUp, wholeAt > paid.at ? wholeAt : NEVER);
}

import type { Calendar } from '#kernel/calendar';
import type { Instrument } from '#event/types';
import { days, formatInstant, NEVER, type InstantMs } from '#kernel/time';
import { addWorkingDays } from '#kernel/working-days';
import { judge, type Expectation, type Standing } from '#expectation/expectation';
import { moneyCalendar } from '#expectation/payment-calendar';
import { postedBy } from '#expectation/refund-clock';
import { moneyBack, wonAt } from '#ledger/money-back';
import { findById, refundsOfPayment, type Ledger } from '#ledger/ledger';
import { calledOffAt } from '#ledger/order';
import type { Payment } from '#ledger/payment';
import { paidStep, standingOf, type Refund, type RefundStep } from '#ledger/refund';
import type { Claim } from '#detection/claim';
import { shownBy } from '#detection/coverage';
import type { Detector } from '#detection/detector';
import type { RefundOverdueSettings } from '#detection/refund-overdue-settings';

/** The clock that runs, or that ended last: since which step, until when, and what ended it. */
interface RefundClock {
  readonly rule: string;
  readonly awaits: string;
  readonly since: RefundStep;
  readonly expectation: Expectation;
  /** Only where the provider's feed has shown such events by then. */
  readonly needsCoverage: boolean;
}

/**
 * A refund stands still longer than its next step may take: requested and not decided, approved and not submitted, submitted and
 * not succeeded, succeeded and not posted (only where the provider shows postings; a credit on the buyer's statement that names the
 * refund is one too), failed and not issued again. `certain`, at the
 * deadline, loss the refund's amount. A step that came late clears it.
 *
 * Subject: a refund. Deadlines in working days of the instrument's country or the currency's home. Once its order was cancelled, or came
 * back undelivered, the clocks before the submission are those of that (cancelled-order.ts). Source: facts, "Refunds".
 */
export const refundOverdue = (settings: RefundOverdueSettings): Detector<Refund> => ({
  name: 'refund-overdue',
  subject: 'refund',
  assess(refund, view, claims) {
    const payment = findById(view.ledger.payments, refund.paymentId);
    const clocks = clocksOf(refund, payment, view.ledger, settings);
    let due = NEVER;
    let last: Claim | undefined;
    for (const clock of clocks) {
      const standing = judge(clock.expectation, view.now);
      due = Math.min(due, standing.dueAt);
      if (standing.missedAt === NEVER) continue;
      if (clock.needsCoverage && !shownBy(view.coverage.posted, payment?.provider ?? '', standing.missedAt)) {
        if (standing.clearedAt === NEVER) due = Math.min(due, lookAgainAt(standing.missedAt, view.now));
        continue;
      }
      if (last === undefined || last.clearedAt !== NEVER) last = claimOf(refund, payment, clock, standing);
    }
    if (last !== undefined) claims.push(last);
    return due;
  },
});

/** Another account may show the provider's postings later: look again 1, 2, 4, … 64 days after the deadline. */
function lookAgainAt(deadline: InstantMs, now: InstantMs): InstantMs {
  for (let wait = 1; wait <= 64; wait *= 2) if (deadline + days(wait) > now) return deadline + days(wait);
  return NEVER;
}

function clocksOf(
  refund: Refund,
  payment: Payment | undefined,
  ledger: Ledger,
  settings: RefundOverdueSettings,
): readonly RefundClock[] {
  const standing = standingOf(refund);
  const { requested, approved, rejected, submitted, succeeded, posted, failed } = standing;
  const calendar = calendarOf(refund, payment);
  const wholeAt = payment === undefined ? NEVER : moneyBack(ledger, payment).wholeAt;
  const paidAt = first(paidStep(standing));
  const clocks: RefundClock[] = [];
  const run = (rule: string, awaits: string, since: RefundStep | undefined, workingDays: number, metAt: InstantMs): void => {
    if (since === undefined) return;
    const cancelledAt = Math.min(wholeAt, first(rejected));
    const dueAt = addWorkingDays(since.at, workingDays, calendar);
    clocks.push({ rule, awaits, since, expectation: { dueAt, metAt, cancelledAt }, needsCoverage: false });
  };
  if (!isOwedByCallingOff(payment, ledger)) {
    run('refund-not-decided', 'approved', requested, settings.decideDays, Math.min(first(approved, rejected), sentAt(refund)));
    run('refund-not-submitted', 'submitted', approved, settings.submitDays, sentAt(refund));
  }
  run('refund-not-reissued', 'submitted', failed, settings.reissueDays, failed ? reissuedAt(refund, failed, ledger) : NEVER);
  run('refund-not-succeeded', 'succeeded', submitted, settings.succeedDays, paidAt);
  if (succeeded !== undefined) {
    const won = payment === undefined ? NEVER : wonAt(payment);
    const dueAt = postedBy(succeeded.at, instrumentOf(refund, payment), succeeded.currency, settings);
    const metAt = Math.min(first(posted), creditedAt(refund, ledger));
    const expectation = { dueAt, metAt, cancelledAt: won };
    clocks.push({ rule: 'refund-not-posted', awaits: 'posted', since: succeeded, expectation, needsCoverage: true });
  }
  return clocks;
}

const first = (...steps: readonly (RefundStep | undefined)[]): InstantMs => Math.min(...steps.map((step) => step?.at ?? NEVER));

/** When the buyer's statement shows the refund, by name. */
function creditedAt(refund: Refund, { side }: Ledger): InstantMs {
  let at = NEVER;
  for (const line of side?.lines ?? []) if (!line.isDebit && line.reference === refund.id) at = Math.min(at, line.bookedAt);
  return at;
}

const instrumentOf = (refund: Refund, payment: Payment | undefined): Instrument | null =>
  refund.steps.findLast((step) => step.instrument !== null)?.instrument ?? payment?.instrument ?? null;

const calendarOf = (refund: Refund, payment: Payment | undefined): Calendar =>
  moneyCalendar(instrumentOf(refund, payment), refund.steps[0]?.currency ?? '');

/** When it first left for the provider, whatever became of it then. */
export const sentAt = (refund: Refund): InstantMs =>
  first(refund.steps.find(({ step }) => step === 'submitted' || step === 'succeeded' || step === 'failed' || step === 'posted'));

/** A failed refund is issued again under its own id or another one of the same payment. */
function reissuedAt(refund: Refund, failed: RefundStep, ledger: Ledger): InstantMs {
  let at = NEVER;
  for (const other of refundsOfPayment(ledger, refund.paymentId)) {
    for (const step of other.steps) {
      const isIssue =
        step.step === 'approved' || step.step === 'submitted' || step.step === 'succeeded' || step.step === 'posted';
      if (isIssue && step.at >= failed.at && step.at < at) at = step.at;
    }
  }
  return at;
}

/** Captured, then its order called off: the refund is owed since, as if approved then. */
export function isOwedByCallingOff(payment: Payment | undefined, ledger: Ledger): boolean {
  if (payment === undefined || payment.orderId === '' || payment.captures.length === 0) return false;
  const order = findById(ledger.orders, payment.orderId);
  return order !== undefined && calledOffAt(order) !== NEVER;
}

function claimOf(refund: Refund, payment: Payment | undefined, clock: RefundClock, standing: Standing): Claim {
  const { since } = clock;
  const amount = refund.steps.findLast((step) => step.minor > 0 && step.at <= since.at) ?? since;
  return {
    kind: 'refund-overdue',
    confidence: 'certain',
    money: `refund/${refund.id}`,
    at: standing.missedAt,
    clearedAt: standing.clearedAt,
    merchantId: payment?.merchantId ?? '',
    orderId: payment?.orderId ?? '',
    paymentIds: [refund.paymentId],
    loss: { minor: amount.minor, currency: amount.currency },
    because: {
      rule: clock.rule,
      fields: [`refund.${clock.awaits}`],
      figures: {
        refundId: refund.id,
        amountMinor: amount.minor,
        currency: amount.currency,
        waitingSince: formatInstant(since.at),
      },
    },
    eventIds: [since.eventId],
  };
}

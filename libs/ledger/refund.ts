import type { Currency, MinorUnits, Money } from '#kernel/money';
import type { InstantMs } from '#kernel/time';
import type { Instrument } from '#event/types';

export const refundSteps = ['requested', 'approved', 'rejected', 'submitted', 'succeeded', 'failed', 'posted'] as const;
export type RefundStepName = (typeof refundSteps)[number];

export interface RefundStep {
  readonly step: RefundStepName;
  readonly at: InstantMs;
  readonly minor: MinorUnits;
  readonly currency: Currency;
  readonly eventId: string;
  /** A declared conversion: the sum in the payment's currency that `minor` stands for. */
  readonly exchange: { readonly from: Money; readonly rate: number } | null;
  readonly instrument: Instrument | null;
}

/** One refund: its steps by event time. */
export interface Refund {
  readonly id: string;
  readonly paymentId: string;
  readonly steps: RefundStep[];
  lastAt: InstantMs;
}

export const newRefund = (id: string, paymentId: string): Refund => ({ id, paymentId, steps: [], lastAt: -Infinity });

/** A feed that tells a refund's steps more often than this repeats itself; the newest tellings are not kept. */
export const STEPS_MAX = 24;

/** Adds a step by time. The same step at the same time is the same one, also where its tellings differ. */
export function addStep(refund: Refund, step: RefundStep): void {
  const { steps } = refund;
  const known = steps.findIndex((other) => other.step === step.step && other.at === step.at);
  if (known >= 0) {
    if (isBefore(step, steps[known] as RefundStep)) steps[known] = step;
    return;
  }
  let at = steps.length;
  while (at > 0 && isBefore(step, steps[at - 1] as RefundStep)) at--;
  steps.splice(at, 0, step);
  if (steps.length > STEPS_MAX) steps.pop();
}

function isBefore(left: RefundStep, right: RefundStep): boolean {
  if (left.at !== right.at) return left.at < right.at;
  const rank = refundSteps.indexOf(left.step) - refundSteps.indexOf(right.step);
  if (rank !== 0) return rank < 0;
  return left.minor !== right.minor ? left.minor < right.minor : left.eventId < right.eventId;
}

/**
 * A refund as it stands: the first telling of each step since it last failed. `failed` is its last failure, `succeededBefore` the
 * success that this failure undid. A request or an approval after a rejection takes the rejection back, and its clock begins anew.
 */
export interface RefundStanding {
  readonly requested: RefundStep | undefined;
  readonly approved: RefundStep | undefined;
  readonly rejected: RefundStep | undefined;
  readonly submitted: RefundStep | undefined;
  readonly succeeded: RefundStep | undefined;
  readonly posted: RefundStep | undefined;
  readonly failed: RefundStep | undefined;
  readonly succeededBefore: RefundStep | undefined;
}

export function standingOf(refund: Refund): RefundStanding {
  let requested, approved, rejected, submitted, succeeded, posted, failed, succeededBefore: RefundStep | undefined;
  for (const step of refund.steps) {
    switch (step.step) {
      case 'requested':
        if (rejected !== undefined) requested = approved = rejected = undefined;
        requested ??= step;
        break;
      case 'approved':
        if (rejected !== undefined) approved = rejected = undefined;
        approved ??= step;
        break;
      case 'rejected':
        rejected ??= step;
        break;
      case 'submitted':
        submitted ??= step;
        break;
      case 'succeeded':
        succeeded ??= step;
        break;
      case 'posted':
        posted ??= step;
        break;
      case 'failed':
        if (failed !== undefined && submitted === undefined && succeeded === undefined) break;
        failed = step;
        succeededBefore = succeeded;
        submitted = succeeded = posted = undefined;
        break;
    }
  }
  return { requested, approved, rejected, submitted, succeeded, posted, failed, succeededBefore };
}

/** The step that moved the money: the success, or the posting where no success was told. */
export const paidStep = (standing: RefundStanding): RefundStep | undefined => standing.succeeded ?? standing.posted;

/** Its amount in the payment's currency where a conversion was declared. */
export const amountInChargeCurrency = (step: RefundStep): Money =>
  step.exchange === null ? { minor: step.minor, currency: step.currency } : step.exchange.from;

/** Whether a step followed another: providers date by the second, so that what followed may be told as a fraction of one before it. */
export const followed = (step: RefundStep, { at }: RefundStep): boolean => step.at >= at - (at % 1_000);

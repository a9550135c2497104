import type { Money } from '#kernel/money';
import type { AccrualKind, ActionKind, ActionView } from '#case/case';
import { reservedMinor, roomMinor } from '#action/payment-money';
import type { Finding, PaymentFacts } from '#detection/finding';

/** One thing to do about a finding, before guards and people are asked. */
export interface Remedy {
  readonly kind: ActionKind;
  readonly paymentId?: string;
  readonly amount?: Money;
  readonly accrual?: AccrualKind;
  /** The rule that gives it; the finding's own where it is absent. */
  readonly rule?: string;
}

/**
 * What answers a finding. A freeze, a step-up or a notice is of the whole account (or merchant, network, operator). A refund is
 * spread over the finding's payments from the last one (the surplus comes last), as far as each has room; what fits nowhere stays
 * on the last, where a guard stops it. What was captured but not settled is voided, if the whole of it goes back.
 * @param missing the part of the loss for which nothing is under way, or null where the action moves no money
 */
export function remediesFor(
  finding: Finding,
  kind: ActionKind,
  missing: Money | null,
  payments: readonly PaymentFacts[],
  actions: readonly ActionView[],
): readonly Remedy[] {
  if (kind === 'freeze' || kind === 'step_up' || kind === 'notify') return [{ kind }];
  if (kind !== 'refund' && kind !== 'void') return [{ kind, ...(missing === null ? {} : { amount: missing }) }];
  const last = finding.paymentIds.at(-1);
  if (missing === null || last === undefined) return [];
  if (kind === 'void') return [{ kind, paymentId: last, amount: missing }];
  return spread(finding, missing, payments, actions).map(({ paymentId, amount }) => {
    const facts = payments.find((candidate) => candidate.paymentId === paymentId);
    return { kind: isWholeAndUnsettled(facts, amount) ? 'void' : 'refund', paymentId, amount };
  });
}

/** A sum over the payments of a finding, from the last one, as far as each has room; what fits nowhere stays on the last. */
export function spread(
  finding: Finding,
  missing: Money,
  payments: readonly PaymentFacts[],
  actions: readonly ActionView[],
): readonly { readonly paymentId: string; readonly amount: Money }[] {
  const parts: { paymentId: string; amount: Money }[] = [];
  let left = missing.minor;
  for (const paymentId of finding.paymentIds.toReversed()) {
    const facts = payments.find((candidate) => candidate.paymentId === paymentId);
    if (facts === undefined || facts.currency !== missing.currency) break;
    const part = Math.min(left, roomMinor(facts, reservedMinor(facts, actions)));
    if (part > 0) parts.push({ paymentId, amount: { minor: part, currency: missing.currency } });
    left -= part;
    if (left === 0) break;
  }
  const last = finding.paymentIds.at(-1)!;
  if (left > 0) parts.push({ paymentId: last, amount: { minor: left, currency: missing.currency } });
  return parts;
}

const isWholeAndUnsettled = (facts: PaymentFacts | undefined, amount: Money): boolean =>
  facts?.settled === 'no' &&
  facts.refundedMinor === 0 &&
  facts.refundPendingMinor === 0 &&
  amount.currency === facts.currency &&
  amount.minor === facts.capturedMinor;

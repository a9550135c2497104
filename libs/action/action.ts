import type { Money } from '#kernel/money';
import type { AccrualKind, ActionKind, ActionState } from '#case/case';
import type { Finding, FindingKind, PaymentFacts } from '#detection/finding';

/** What casework puts on the `actions` topic once policy, guards and people agree: carry this out, exactly once. */
export interface ActionOrder {
  readonly actionId: string;
  /** Idempotency key, derived from case, payment, kind and sequence; of a compensation, from finding, rule and sequence. */
  readonly key: string;
  readonly kind: ActionKind;
  readonly caseId: string;
  readonly caseNumber: string;
  /** null where it is about no buyer: then `scope` says whom it is about, and no money moves. */
  readonly accountId: string | null;
  readonly scope?: NonNullable<Finding['scope']>;
  readonly merchantId?: string;
  /** Which loss it answers: a guard asks. */
  readonly findingKind?: FindingKind;
  readonly paymentId?: string;
  /** Refunds and voids always carry it. */
  readonly amount?: Money;
  /** Of a compensation: what it pays, for which finding, and what accrued of it by the facts that are known. */
  readonly accrual?: AccrualKind;
  readonly findingId?: string;
  readonly owed?: Money;
  readonly reason: string;
  /** CloudEvents ids. */
  readonly evidence: readonly string[];
  readonly policyVersion: string;
  readonly proposedBy: string;
  readonly approvedBy: readonly string[];
  /** The payment as known when it was approved; newer facts reach the actuator on `findings`. */
  readonly payment?: PaymentFacts;
  /** When a freeze ends by itself. RFC 3339. */
  readonly until?: string;
  /** Whom a notice goes to: the contact that the buyer had before this instant. RFC 3339. Absent: the present one. */
  readonly contactBefore?: string;
}

/** What the actuator puts on `action-results` at each change of state. */
export interface ActionResult {
  readonly actionId: string;
  readonly key: string;
  readonly caseId: string;
  readonly accountId: string | null;
  readonly kind: ActionKind;
  readonly state: ActionState;
  readonly guard?: string;
  readonly reference?: string;
  readonly reason?: string;
  readonly amount?: Money;
  /** RFC 3339. */
  readonly at: string;
}

/** What casework puts beside them at each change: the policy by whose limits actions are carried out from now on. */
export interface PolicyMessage {
  readonly version: string;
  /** Grows with each change; the highest one holds, whatever comes first. */
  readonly sequence: number;
  /** The whole document: nothing in it is left to a default. */
  readonly document: Readonly<Record<string, unknown>>;
}

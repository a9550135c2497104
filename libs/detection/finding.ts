import type { Money } from '#kernel/money';
import type { InstantMs } from '#kernel/time';
import type { Instrument } from '#event/types';

export const findingKinds = [
  'duplicate-charge',
  'paid-by-other-means',
  'stuck-hold',
  'payment-unconfirmed',
  'frozen-funds',
  'refund-overdue',
  'refund-amount-wrong',
  'refund-wrong-instrument',
  'refund-failed',
  'amount-differs-from-order',
  'undisclosed-fee',
  'not-delivered',
  'paid-out-before-delivery',
  'balance-differs',
  'statement-without-order',
  'order-without-statement',
  'statement-amount-differs',
  'limit-exceeded',
  'account-takeover',
  'impossible-travel',
  'credential-stuffing',
  'card-testing',
  'spend-outlier',
  'compromised-merchant',
  'merchant-anomaly',
  'insider-abuse',
  'payment-outage',
  'buyer-complaint',
] as const;
export type FindingKind = (typeof findingKinds)[number];

export type Confidence = 'certain' | 'likely' | 'possible';
export type FindingStatus = 'open' | 'cleared';
export type ScopeKind = 'merchant' | 'network' | 'operator' | 'route' | 'statement';

/** Why, as data: the rule that fired, the fields that differ, the figures it compared. */
export interface Because {
  readonly rule: string;
  readonly fields: readonly string[];
  readonly figures: Readonly<Record<string, string | number | boolean | null>>;
}

/** A detector's claim as the outside reads it (interface, section 2). Times are RFC 3339 text. */
export interface Finding {
  readonly findingId: string;
  readonly kind: FindingKind;
  readonly confidence: Confidence;
  readonly status: FindingStatus;
  /** Only where the kind is in shadow: counted and shown, never acted on; it opens no case. */
  readonly mode?: 'shadow';
  /** When it became true: a deadline's own time, not the time it was noticed. */
  readonly at: string;
  readonly accountId: string | null;
  readonly scope?: { readonly kind: ScopeKind; readonly key: string };
  readonly merchantId?: string;
  readonly orderId?: string;
  readonly paymentIds: readonly string[];
  readonly loss: Money | null;
  readonly because: Because;
  readonly eventIds: readonly string[];
}

/** What the ledger knows of a payment, for guards: sent with each finding that names it and again whenever it changes. */
export interface PaymentFacts {
  readonly paymentId: string;
  readonly accountId: string;
  readonly merchantId?: string;
  readonly orderId?: string;
  readonly provider?: string;
  readonly instrument?: Instrument;
  readonly currency: string;
  readonly authorisedMinor: number;
  readonly capturedMinor: number;
  /** Refunds that succeeded and did not fail afterwards. */
  readonly refundedMinor: number;
  /** Refunds requested, approved or submitted, and neither rejected, failed nor succeeded. */
  readonly refundPendingMinor: number;
  /** The refunds counted in the two sums above: how our own refund is recognised once the ledger shows it. */
  readonly refundIds?: readonly string[];
  /** Those of them that succeeded, and those that failed and are in neither sum: how a refund without an answer is settled by events. */
  readonly succeededRefundIds?: readonly string[];
  readonly failedRefundIds?: readonly string[];
  /** The first capture. */
  readonly capturedAt?: InstantMs;
  readonly chargebackOpen: boolean;
  readonly chargedBackMinor: number;
  /** `unknown` where the provider has never shown a `payment.settled`. */
  readonly settled: 'yes' | 'no' | 'unknown';
  readonly voided: boolean;
  readonly asOf: InstantMs;
}

/** What goes on the `findings` topic, in CloudEvents of type `makewhole.finding` and `makewhole.payment`. */
export type FindingMessage =
  | { readonly type: 'finding'; readonly finding: Finding; readonly payments: readonly PaymentFacts[] }
  | { readonly type: 'payment'; readonly payment: PaymentFacts };

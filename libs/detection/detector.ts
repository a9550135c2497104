import type { InstantMs } from '#kernel/time';
import type { Ledger } from '#ledger/ledger';
import type { Claim } from '#detection/claim';
import type { Coverage } from '#detection/coverage';

/** What a detector may look at beside its subject. It changes none of it. */
export interface View {
  readonly ledger: Ledger;
  /** Silence up to this instant has been judged: a deadline at or before it has passed. */
  readonly now: InstantMs;
  readonly coverage: Coverage;
}

/** A deadline is stored with its detector's place in this list: names are added at its end and never moved or used again. */
export const detectorNames = [
  'duplicate-charge',
  'twin-charge',
  'stuck-hold',
  'payment-unconfirmed',
  'frozen-funds',
  'refund-overdue',
  'cancelled-order',
  'refund-amount-wrong',
  'amount-differs-from-order',
  'account-takeover',
  'undisclosed-fee',
  'not-delivered',
  'paid-out-before-delivery',
  'balance-differs',
  'buyer-complaint',
  'refund-wrong-instrument',
  'refund-failed',
  'double-debit',
  'statement-amount-differs',
  'statement-without-order',
  'order-without-statement',
  'limit-exceeded',
  'impossible-travel',
  'credit-differs',
] as const;
export type DetectorName = (typeof detectorNames)[number];

/** What a subject is, and so where the ledger keeps it. */
export type SubjectKind =
  'order' | 'payment' | 'refund' | 'freeze' | 'account' | 'fee' | 'payout' | 'wallet' | 'complaint' | 'line' | 'limit';

/**
 * Says what is wrong with one subject, from everything that is known of it. It does not react to an event: told the same facts in
 * another order it says the same. `claims` receives what is wrong or was wrong (`clearedAt`); the answer is the next instant after
 * `view.now` at which silence would change what it says, `NEVER` when there is none.
 */
export interface Detector<Subject> {
  readonly name: DetectorName;
  readonly subject: SubjectKind;
  assess(subject: Subject, view: View, claims: Claim[]): InstantMs;
  /** What it said of times before this is left as it was told: the facts behind it were forgotten. Without it, `-NEVER`. */
  knowsSince?(ledger: Ledger): InstantMs;
}

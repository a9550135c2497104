import { amountClaims } from './amounts';
import { openBooks } from './books';
import type { Claim } from './claim';
import { duplicateClaims } from './duplicates';
import { silenceClaims } from './holds';
import type { ModelEvent } from './read';
import { refundClaims } from './refunds';

/**
 * What is wrong, worked out from the whole history at once: plain loops over plain lists, no stream, no state kept between events,
 * nothing shared with the services. It is slow and short, so that a reader can see that it is right.
 */
export function modelClaims(events: readonly ModelEvent[], until: number): readonly Claim[] {
  return openBooks(events).flatMap((account) => [
    ...duplicateClaims(account),
    ...silenceClaims(account, until),
    ...refundClaims(account, until),
    ...amountClaims(account),
  ]);
}

/** The kinds that the model knows. Takeovers are left to the engine: a sequence of signs has no simpler second form. */
export const modelKinds: ReadonlySet<string> = new Set([
  'duplicate-charge',
  'paid-by-other-means',
  'stuck-hold',
  'payment-unconfirmed',
  'frozen-funds',
  'refund-overdue',
  'refund-amount-wrong',
  'amount-differs-from-order',
]);

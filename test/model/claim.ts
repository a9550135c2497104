import type { Confidence, FindingKind } from '#detection/finding';
import type { Money } from '#kernel/money';

/** What the model says is wrong. Two statements about the same money agree when their `claimKey` is the same. */
export interface Claim {
  readonly kind: FindingKind;
  readonly confidence: Confidence;
  readonly accountId: string;
  readonly paymentIds: readonly string[];
  readonly loss: Money | null;
  readonly status: 'open' | 'cleared';
  /** When it became true. */
  readonly at: number;
}

/** Kind, account, payments in no order, loss and status: what a finding of the services must share with the model's claim. */
export const claimKey = (claim: Omit<Claim, 'at' | 'confidence'>): string =>
  JSON.stringify([
    claim.kind,
    claim.accountId,
    [...claim.paymentIds].sort(),
    claim.loss && [claim.loss.minor, claim.loss.currency],
    claim.status,
  ]);

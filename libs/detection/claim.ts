import { createHash } from 'node:crypto';
import type { Money } from '#kernel/money';
import { formatInstant, NEVER, type InstantMs } from '#kernel/time';
import type { Because, Confidence, Finding, FindingKind, FindingStatus } from '#detection/finding';

/** What a detector says of its subject: a function of what happened, told or not told before. */
export interface Claim {
  readonly kind: FindingKind;
  readonly confidence: Confidence;
  /** Set by the engine, for a kind that is in shadow. */
  readonly mode?: 'shadow';
  /** The money that it is about, such as `order/o-7`: with kind and account it makes the finding's id. */
  readonly money: string;
  /** When it became true: the time of the event that made it so, or the deadline's own. */
  readonly at: InstantMs;
  /** When it was made good; `NEVER` while it is open. */
  readonly clearedAt: InstantMs;
  /** Whom it is about, where that is no account. */
  readonly scope?: NonNullable<Finding['scope']>;
  readonly merchantId: string;
  readonly orderId: string;
  readonly paymentIds: readonly string[];
  /** While it was open, where it was cleared since. */
  readonly loss: Money | null;
  readonly because: Because;
  readonly eventIds: readonly string[];
}

export const isOpen = (claim: Claim): boolean => claim.clearedAt === NEVER;

/** 96 bits of SHA-256: the same claim has the same id in every process and at every replay. */
export function findingId(kind: FindingKind, accountId: string, money: string): string {
  return `f-${createHash('sha256')
    .update(JSON.stringify([kind, accountId, money]))
    .digest('hex')
    .slice(0, 24)}`;
}

/** The claim as the outside reads it; `at` is that of the line that first told it. */
export function findingOf(claim: Claim, accountId: string, at: InstantMs, status: FindingStatus): Finding {
  return {
    findingId: findingId(claim.kind, accountId, claim.money),
    kind: claim.kind,
    confidence: claim.confidence,
    status,
    ...(claim.mode === undefined ? {} : { mode: claim.mode }),
    at: formatInstant(at),
    accountId: claim.scope === undefined ? accountId : null,
    ...(claim.scope === undefined ? {} : { scope: claim.scope }),
    ...(claim.merchantId === '' ? {} : { merchantId: claim.merchantId }),
    ...(claim.orderId === '' ? {} : { orderId: claim.orderId }),
    paymentIds: claim.paymentIds,
    loss: claim.loss !== null && claim.loss.minor > 0 ? claim.loss : null,
    because: claim.because,
    eventIds: [...new Set(claim.eventIds.filter((id) => id !== ''))],
  };
}

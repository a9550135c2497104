import { createHash } from 'node:crypto';
import type { ActionKind } from '#case/case';

/** What an action is, whoever computes it and however often: one key, one effect at the provider. */
export interface ActionIdentity {
  readonly caseId: string;
  readonly paymentId?: string;
  readonly kind: ActionKind;
  /** Counts from 1 per case, payment and kind. */
  readonly sequence: number;
}

/** The idempotency key: 40 characters of `[a-z0-9_]`, within every provider's limit. */
export const actionKey = (identity: ActionIdentity): string => `mwk_${digest('key', identity)}`;

export const actionId = (identity: ActionIdentity): string => `act_${digest('id', identity)}`;

const digest = (purpose: string, { caseId, paymentId, kind, sequence }: ActionIdentity): string =>
  createHash('sha256')
    .update(JSON.stringify([purpose, caseId, paymentId ?? null, kind, sequence]))
    .digest('hex')
    .slice(0, 36);

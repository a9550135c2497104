import { deriveId } from '#kernel/ids';
import type { ActionKind } from '#case/case';

/** What an action is, whoever computes it and however often: one key, one effect at the provider. */
export interface ActionIdentity {
  readonly caseId: string;
  readonly paymentId?: string;
  readonly kind: ActionKind;
  /** Counts from 1 per case, payment and kind. */
  readonly sequence: number;
}

/** The idempotency key, within the length and alphabet that every provider takes. */
export const actionKey = ({ caseId, paymentId, kind, sequence }: ActionIdentity): string =>
  deriveId('key', caseId, paymentId ?? null, kind, sequence);

export const actionId = ({ caseId, paymentId, kind, sequence }: ActionIdentity): string =>
  deriveId('action', caseId, paymentId ?? null, kind, sequence);

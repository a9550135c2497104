import { deriveId } from '#kernel/ids';
import type { ActionKind, Case } from '#case/case';

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

/** The next sequence of a kind and payment: it counts also what the case gave away, whose keys are used for good. */
export function nextSequence(
  { handedOver = [] }: Pick<Case, 'handedOver'>,
  actions: Case['actions'],
  kind: ActionKind,
  paymentId: string | undefined,
): number {
  const given = handedOver.flatMap((one) => one.actions);
  return 1 + [...given, ...actions].filter((action) => action.kind === kind && action.paymentId === paymentId).length;
}

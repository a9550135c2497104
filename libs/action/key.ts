import { deriveId, type IdPart } from '#kernel/ids';
import type { AccrualKind, ActionKind, Case } from '#case/case';

/** What an action is, whoever computes it and however often: one key, one effect at the provider. */
export interface ActionIdentity {
  readonly caseId: string;
  readonly paymentId?: string;
  readonly kind: ActionKind;
  /** Counts from 1 per case, payment and kind. */
  readonly sequence: number;
}

/** A compensation is of its finding, whichever case holds that: merged or split, it is the same one. */
export interface AccrualIdentity {
  readonly accrual: AccrualKind;
  readonly findingId: string;
  readonly rule: string;
  /** Counts from 1 per finding and accrual: the next only follows one that a guard stopped. */
  readonly sequence: number;
}

/** The idempotency key, within the length and alphabet that every provider takes. */
export const actionKey = (identity: ActionIdentity | AccrualIdentity): string => deriveId('key', ...partsOf(identity));

export const actionId = (identity: ActionIdentity | AccrualIdentity): string => deriveId('action', ...partsOf(identity));

const partsOf = (identity: ActionIdentity | AccrualIdentity): readonly IdPart[] =>
  'accrual' in identity
    ? [identity.accrual, identity.findingId, identity.rule, identity.sequence]
    : [identity.caseId, identity.paymentId ?? null, identity.kind, identity.sequence];

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

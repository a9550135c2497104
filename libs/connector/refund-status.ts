import type { ActionOrder } from '#action/action';
import { type Answered, type Unknown, unknown } from '#connector/connector';

/** What each of a provider's statuses of a refund means; one that is not here is not known. */
export type RefundStatuses = Readonly<Record<string, 'confirmed' | 'pending' | 'failed'>>;

/** A refund as a provider shows it. */
export interface ShownRefund {
  readonly reference: string | undefined;
  /** Our key, where the provider keeps it on the refund. */
  readonly key: unknown;
  readonly status: unknown;
  readonly reason: string | undefined;
}

/** An answer that is not about our refund is no answer, and a status that nobody knows is not guessed. */
export function judgeRefund(
  { reference, key, status, reason }: ShownRefund,
  order: ActionOrder,
  statuses: RefundStatuses,
): Answered | Unknown {
  if (reference === undefined) return unknown('answered something that is no refund');
  if (key !== order.key) return unknown(`refund ${reference} carries another key`);
  if (typeof status !== 'string' || !Object.hasOwn(statuses, status))
    return unknown(`refund ${reference} has status ${String(status)}`);
  const state = statuses[status]!;
  return { kind: 'answered', state, reference, ...(reason === undefined || state === 'confirmed' ? {} : { reason }) };
}

import { formatInstant } from '#kernel/time';
import type { SealedChange } from '#apps/casework/store/policy-changes';
import type { StoredPolicy } from '#apps/casework/store/policy-rows';

/** A version as lists show it. */
export const toPolicyRow = ({ held, createdAt, changedAt }: StoredPolicy) => ({
  ...held,
  rollback: held.rollback === null ? null : { ...held.rollback, at: formatInstant(held.rollback.at) },
  createdAt: formatInstant(createdAt),
  changedAt: formatInstant(changedAt),
});

/** With what it says. */
export const toPolicyView = (stored: StoredPolicy) => ({ ...toPolicyRow(stored), document: stored.document });

export const toPolicyChangeView = ({ at, ...change }: SealedChange) => ({ ...change, at: formatInstant(at) });

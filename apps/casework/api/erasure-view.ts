import { formatInstant } from '#kernel/time';
import type { Erasure } from '#apps/casework/store/erasure-rows';
import type { LegalHold } from '#apps/casework/store/hold-rows';

const instant = (at: number | null): string | null => (at === null ? null : formatInstant(at));

export const toErasureView = ({ accountId: _, requestedAt, decidedAt, ...erasure }: Erasure) => ({
  ...erasure,
  requestedAt: instant(requestedAt),
  decidedAt: instant(decidedAt),
});

export const toHoldView = ({ accountId: _, at, endedAt, ...hold }: LegalHold) => ({
  ...hold,
  at: instant(at),
  endedAt: instant(endedAt),
});

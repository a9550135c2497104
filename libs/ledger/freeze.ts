import type { Money } from '#kernel/money';
import { NEVER, type InstantMs } from '#kernel/time';

export interface Release {
  readonly at: InstantMs;
  /** -1 where the event named no amount: all of it. */
  readonly minor: number;
}

/** A freeze of the buyer's money or account. `until` is that of the newest event that froze it. */
export interface Freeze {
  readonly id: string;
  /** Of the newest event that named one. */
  amount: Money | null;
  amountAt: InstantMs;
  frozenAt: InstantMs;
  frozenEventId: string;
  until: InstantMs;
  renewedAt: InstantMs;
  renewedEventId: string;
  releases: Release[];
  lastAt: InstantMs;
}

export const newFreeze = (id: string): Freeze => ({
  id,
  amount: null,
  amountAt: -NEVER,
  frozenAt: NEVER,
  frozenEventId: '',
  until: NEVER,
  renewedAt: -NEVER,
  renewedEventId: '',
  releases: [],
  lastAt: -NEVER,
});

/** When it was lifted, and how much was still held before. Releases of parts add up; one without an amount lifts it all. */
export function liftedAt(freeze: Freeze, by: InstantMs = NEVER): { readonly at: InstantMs; readonly leftMinor: number } {
  const frozen = freeze.amount?.minor ?? 0;
  let left = frozen;
  for (const release of freeze.releases) {
    if (release.at > by) break;
    const isWhole = release.minor < 0 || release.minor >= left;
    if (isWhole) return { at: release.at, leftMinor: left };
    left -= release.minor;
  }
  return { at: NEVER, leftMinor: left };
}

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

export interface Lifting {
  readonly at: InstantMs;
  /** How much was still held before. */
  readonly leftMinor: number;
  /** Since when it stood: its first freezing, or the newest where it had been lifted in between. */
  readonly since: InstantMs;
}

/**
 * Releases of parts add up; one without an amount lifts it all. What was frozen again after that is a freeze anew: only later releases
 * count.
 */
export function liftedAt(freeze: Freeze, by: InstantMs = NEVER): Lifting {
  const frozen = freeze.amount?.minor ?? 0;
  let left = frozen;
  let since = freeze.frozenAt;
  for (const release of freeze.releases) {
    if (release.at > by) break;
    const isWhole = release.minor < 0 || release.minor >= left;
    if (!isWhole) left -= release.minor;
    else if (release.at >= freeze.renewedAt) return { at: release.at, leftMinor: left, since };
    else {
      left = frozen;
      since = freeze.renewedAt;
    }
  }
  return { at: NEVER, leftMinor: left, since };
}

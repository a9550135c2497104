import type { InstantMs } from '#kernel/time';

/** One account, instrument (its fingerprint) or merchant, until an end, with the reason. */
export interface Listing {
  readonly accountId?: string;
  readonly instrument?: string;
  readonly merchantId?: string;
  readonly until: InstantMs;
  readonly reason: string;
}

/** Whom an action is about, as far as lists can name it. */
export interface Whom {
  readonly accountId: string | null;
  readonly merchantId?: string | undefined;
  readonly instruments: readonly string[];
}

/** The listing that names one of them and has not ended. */
export const listingOf = (listings: readonly Listing[], whom: Whom, now: InstantMs): Listing | undefined =>
  listings.find(
    ({ accountId, instrument, merchantId, until }) =>
      now < until &&
      ((accountId !== undefined && accountId === whom.accountId) ||
        (merchantId !== undefined && merchantId === whom.merchantId) ||
        (instrument !== undefined && whom.instruments.includes(instrument))),
  );

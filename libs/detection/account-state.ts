import { NEVER, type InstantMs } from '#kernel/time';
import { newLedger, type Ledger } from '#ledger/ledger';
import { nothingSeen, type Seen } from '#ledger/seen';
import { earliest, type Deadline } from '#detection/deadlines';
import type { Spend } from '#detection/spend';
import type { Told } from '#detection/told';

/** Everything that is kept of one account between two of its events. */
export interface AccountState {
  readonly ledger: Ledger;
  readonly seen: Seen;
  deadlines: Deadline[];
  told: Told[];
  /** Silence up to here has been judged. */
  judgedUntil: InstantMs;
  /**
   * An account that is being read late (its events lie before the partition's watermark) is not judged before the watermark
   * reaches this: more of its past may follow at once.
   */
  heldUntil: InstantMs;
  /** When closed things were last forgotten (retention.ts). */
  tidiedAt: InstantMs;
  /** Payments above this number ask for it before its time. */
  tidyAbove: number;
  /** How the buyer spends; null until a payment was told of while the score is on. */
  spend: Spend | null;
  /** The modes that were not live when it was last judged (mode.ts); empty for none. */
  judgedBy: string;
}

/** Payments that an account may have before it is tidied early for the first time. */
export const TIDY_ABOVE = 80;

export const newAccountState = (accountId: string, judgedBy = ''): AccountState => ({
  ledger: newLedger(accountId),
  seen: nothingSeen(),
  deadlines: [],
  told: [],
  judgedUntil: -NEVER,
  heldUntil: -NEVER,
  tidiedAt: -NEVER,
  tidyAbove: TIDY_ABOVE,
  spend: null,
  judgedBy,
});

/** When the account must be looked at next although nothing happens. */
export function nextDeadlineOf(state: AccountState): InstantMs {
  if (state.deadlines.length === 0) return NEVER;
  return Math.max((earliest(state.deadlines) as Deadline).at, state.heldUntil);
}

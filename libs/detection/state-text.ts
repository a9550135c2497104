import { NEVER, type InstantMs } from '#kernel/time';
import { packLedger, unpackLedger, type PackedLedger } from '#ledger/ledger-text';
import type { AccountState } from '#detection/account-state';
import type { Deadline } from '#detection/deadlines';
import type { Told } from '#detection/told';

/** Bumped when the layout changes; a state of another layout is rebuilt from the log instead of being guessed at. */
const LAYOUT = 1;

type StateText = readonly [
  layout: number,
  base: number,
  words: PackedLedger['words'],
  instruments: PackedLedger['instruments'],
  payments: PackedLedger['payments'],
  orders: PackedLedger['orders'],
  seen: readonly [newer: string, older: string, since: InstantMs | null],
  refunds?: PackedLedger['refunds'],
  freezes?: PackedLedger['freezes'],
  profile?: PackedLedger['profile'],
  deadlines?: readonly (readonly [at: InstantMs, detector: string, subject: string])[],
  times?: readonly (InstantMs | null)[],
  told?: readonly Told[],
  side?: PackedLedger['side'],
];

/** An account's state as JSON of nested arrays: what a checkpoint stores, and what states out of memory's hot part are kept as. */
export function encodeAccountState(state: AccountState): string {
  const { base, words, instruments, payments, orders, refunds, freezes, profile, side } = packLedger(state.ledger);
  const { seen, deadlines, told } = state;
  const cells: StateText = [
    LAYOUT,
    base,
    words,
    instruments,
    payments,
    orders,
    [seen.newer, seen.older, seen.since],
    refunds,
    freezes,
    profile,
    deadlines.map(({ at, detector, subject }) => [at, detector, subject] as const),
    [state.judgedUntil, state.heldUntil, state.tidiedAt, state.tidyAbove],
    told,
    side,
  ];
  return JSON.stringify(cells);
}

export function decodeAccountState(text: string, accountId: string): AccountState {
  const cells = JSON.parse(text) as StateText;
  if (cells[0] !== LAYOUT)
    throw new Error(`state of account ${accountId} has layout ${cells[0]}, expected ${LAYOUT}: rebuild it from the log`);
  const [, base, words, instruments, payments, orders, [newer, older, since]] = cells;
  const [, , , , , , , refunds = [], freezes = [], profile = 0, deadlines = [], times = [], told = [], side = 0] = cells;
  const [judgedUntil, heldUntil, tidiedAt, tidyAbove] = times;
  return {
    ledger: unpackLedger({ base, words, instruments, payments, orders, refunds, freezes, profile, side }, accountId),
    seen: { newer, older, since: since ?? -NEVER },
    deadlines: deadlines.map(([at, detector, subject]): Deadline => ({ at, detector, subject })),
    told: [...told],
    judgedUntil: judgedUntil ?? -NEVER,
    heldUntil: heldUntil ?? -NEVER,
    tidiedAt: tidiedAt ?? -NEVER,
    tidyAbove: tidyAbove ?? 80,
  };
}

import { NEVER } from '#kernel/time';
import type { SideFacts } from '#ledger/side-facts';
import { packerFor, packInstrument, packLedger, unpackInstrument, unpackLedger } from '#ledger/ledger-text';
import { seenPairs, seenText } from '#ledger/seen';
import { number, row, rows, text, Unpacker, type Cell, type Packer } from '#ledger/packing';
import { TIDY_ABOVE, type AccountState } from '#detection/account-state';
import type { Deadline } from '#detection/deadlines';
import { detectorNames, type DetectorName } from '#detection/detector';
import { readSpend, writeSpend } from '#detection/spend';
import type { Told } from '#detection/told';

/** Bumped when the layout changes; a state of another layout is rebuilt from the log instead of being guessed at. */
const LAYOUT = 1;

/**
 * An account's state as JSON of nested arrays: what a checkpoint stores, and what states out of memory's hot part are kept as. Cells
 * in order: layout, base time, words, instruments, orders, payments, seen, deadlines, judged until, tidied at, held until, profile,
 * refunds, freezes, tidy above, told, side facts, judged by, spend, forgotten at. Empty cells at the end are left out.
 */
export function encodeAccountState(state: AccountState): string {
  const { seen, deadlines, told, ledger } = state;
  const packer = packerFor(ledger);
  const packed = packLedger(ledger, packer);
  const fired = deadlines.map((deadline) => packDeadline(deadline, packer));
  const cells = row([
    LAYOUT,
    packer.base,
    packer.words,
    packer.instruments.map(packInstrument),
    packed.orders,
    packed.payments,
    row([seenText(seen.newer), packer.time(seen.since), seenText(seen.older)]),
    fired.length === 0 ? 0 : fired,
    packer.time(state.judgedUntil),
    packer.time(state.tidiedAt),
    packer.time(state.heldUntil),
    packed.profile,
    packed.refunds.length === 0 ? 0 : packed.refunds,
    packed.freezes.length === 0 ? 0 : packed.freezes,
    state.tidyAbove === TIDY_ABOVE ? 0 : state.tidyAbove,
    told.length === 0 ? 0 : (told as unknown as Cell),
    packed.side as unknown as Cell,
    state.judgedBy === '' ? 0 : state.judgedBy,
    state.spend === null ? 0 : writeSpend(state.spend),
    packer.time(ledger.forgotAt),
  ]);
  return JSON.stringify(cells);
}

export function decodeAccountState(encoded: string, accountId: string): AccountState {
  const cells = JSON.parse(encoded) as readonly Cell[];
  if (cells[0] !== LAYOUT)
    throw new Error(`state of account ${accountId} has layout ${String(cells[0])}, expected ${LAYOUT}: rebuild it from the log`);
  const unpacker = new Unpacker(
    number(cells[1]),
    cells[2] as readonly string[],
    rows(cells[3]).map((instrument) => unpackInstrument(instrument as readonly string[])),
  );
  const [newer, since, older] = cells[6] as readonly Cell[];
  const packed = {
    orders: rows(cells[4]),
    payments: rows(cells[5]),
    profile: cells[11] === undefined || cells[11] === 0 ? (0 as const) : (cells[11] as readonly Cell[]),
    refunds: rows(cells[12]),
    freezes: rows(cells[13]),
    side: (cells[16] ?? 0) as unknown as SideFacts | 0,
  };
  const ledger = unpackLedger(packed, unpacker, accountId);
  ledger.forgotAt = unpacker.time(cells[19], -NEVER);
  return {
    ledger,
    seen: { newer: seenPairs(text(newer)), older: seenPairs(text(older)), since: unpacker.time(since, -NEVER) },
    deadlines: rows(cells[7]).map((deadline) => unpackDeadline(deadline, unpacker)),
    told: cells[15] === undefined || cells[15] === 0 ? [] : (cells[15] as unknown as Told[]),
    judgedUntil: unpacker.time(cells[8], -NEVER),
    tidiedAt: unpacker.time(cells[9], -NEVER),
    heldUntil: unpacker.time(cells[10], -NEVER),
    tidyAbove: number(cells[14]) === 0 ? TIDY_ABOVE : number(cells[14]),
    spend: cells[18] === undefined || cells[18] === 0 ? null : readSpend(cells[18] as readonly Cell[]),
    judgedBy: cells[17] === undefined || cells[17] === 0 ? '' : text(cells[17]),
  };
}

const packDeadline = ({ at, detector, subject }: Deadline, packer: Packer): readonly Cell[] => [
  packer.time(at),
  detectorNames.indexOf(detector as DetectorName),
  packer.word(subject),
];

const unpackDeadline = ([at, detector, subject]: readonly Cell[], unpacker: Unpacker): Deadline => ({
  at: unpacker.time(at),
  detector: detectorNames[number(detector)] ?? '',
  subject: unpacker.word(subject),
});

import { sha256Hex } from '#kernel/ids';
import { canonicalJson } from '#case/canonical-json';
import type { CaseEntry } from '#case/case';
import { commit, type Committed, type Opening, personalOf } from '#case/personal';

/** A line of the timeline, linked to the one before it by its hash. `sequence` counts from 1. */
export interface SealedEntry extends CaseEntry {
  readonly caseId: string;
  readonly sequence: number;
  /** Hex SHA-256 of the line before; of nothing but the case's id for the first. */
  readonly previousHash: string;
  readonly hash: string;
  /** Of the personal values that `data` shows: the chain holds a commitment to each in its place. Absent for a line without any. */
  readonly openings?: readonly Opening[];
}

/** The end of a case's chain: published outside, it shows a chain that was cut or written anew. */
export interface ChainHead {
  readonly caseId: string;
  readonly sequence: number;
  readonly hash: string;
}

export type ChainFault =
  | { readonly kind: 'gap'; readonly sequence: number }
  | { readonly kind: 'link-broken'; readonly sequence: number }
  | { readonly kind: 'content-changed'; readonly sequence: number }
  | { readonly kind: 'head-differs'; readonly sequence: number };

export const emptyChain = (caseId: string): ChainHead => ({ caseId, sequence: 0, hash: sha256Hex(`makewhole case ${caseId}`) });

/** Links further lines to a chain; returns them sealed, and the new head. */
export function sealEntries(
  head: ChainHead,
  entries: readonly CaseEntry[],
): { readonly sealed: readonly SealedEntry[]; readonly head: ChainHead } {
  const sealed: SealedEntry[] = [];
  let end = head;
  for (const line of entries) {
    const open = { ...line, caseId: head.caseId, sequence: end.sequence + 1, previousHash: end.hash };
    const hash = hashOf(open);
    sealed.push({ ...open, hash });
    end = { caseId: head.caseId, sequence: open.sequence, hash };
  }
  return { sealed, head: end };
}

/** Says who had a buyer's personal data erased, why, and which earlier lines have lost something that their hash covers. */
export const ERASED = 'personal data erased';
/** Says that the lines up to `through`, the last of which had the hash `hash`, were kept for as long as they had to be. */
export const CUT = 'history cut';

/**
 * Undefined when the lines, in order, are exactly those that were sealed and end in `head`. Lines may be missing at the beginning where a
 * line that is there says so, and a line's content where a later one says that it was erased.
 */
export function findChainFault(lines: readonly SealedEntry[], head: ChainHead): ChainFault | undefined {
  let end = startOf(lines, head.caseId);
  const erased = erasedHashes(lines);
  for (const line of lines) {
    const sequence = end.sequence + 1;
    if (line.sequence !== sequence || line.caseId !== head.caseId) return { kind: 'gap', sequence };
    if (line.previousHash !== end.hash) return { kind: 'link-broken', sequence };
    const hash = hashOf(line);
    if (line.hash !== hash && erased.get(sequence) !== hash) return { kind: 'content-changed', sequence };
    end = { caseId: head.caseId, sequence, hash: line.hash };
  }
  return end.hash === head.hash && end.sequence === head.sequence ? undefined : { kind: 'head-differs', sequence: end.sequence };
}

/** Where the lines that are still there begin. */
function startOf(lines: readonly SealedEntry[], caseId: string): ChainHead {
  const [first] = lines;
  const cut = lines.find(({ what, data }) => what === CUT && data['through'] === (first?.sequence ?? 1) - 1);
  return cut === undefined
    ? emptyChain(caseId)
    : { caseId, sequence: cut.data['through'] as number, hash: String(cut.data['hash']) };
}

/** Of lines from before values were committed to one by one, by place: the hash of what is left of them. */
const erasedHashes = (lines: readonly SealedEntry[]): ReadonlyMap<number, string> =>
  new Map(
    lines
      .filter(({ what }) => what === ERASED)
      .flatMap(({ sequence, data }) =>
        ((data['lines'] ?? []) as readonly ErasedLine[]).filter((line) => line.sequence < sequence),
      )
      .map((line) => [line.sequence, line.hash]),
  );

/** A line whose content can no longer be what its hash covers. */
export interface ErasedLine {
  readonly sequence: number;
  /** Of the line as it is left. */
  readonly hash: string;
}

/** What a line from before the commitments becomes when its personal values are erased; undefined when it holds none. */
export function eraseLine(line: SealedEntry): { readonly left: SealedEntry; readonly named: ErasedLine } | undefined {
  const fields = personalOf(line);
  if (fields.length === 0) return undefined;
  const left = { ...line, data: { ...line.data, ...Object.fromEntries(fields.map((field) => [field, null])) } };
  return { left, named: { sequence: line.sequence, hash: hashOf(left) } };
}

const hashOf = (line: Omit<SealedEntry, 'hash'>): string =>
  sha256Hex(canonicalJson([line.previousHash, line.caseId, line.sequence, line.at, line.by, line.what, committedData(line)]));

/** `data` as the chain holds it. */
function committedData({ data, openings = [] }: Pick<SealedEntry, 'data' | 'openings'>): Readonly<Record<string, unknown>> {
  if (openings.length === 0) return data;
  const held = openings.map(({ field, salt, committed }): readonly [string, Committed] => [
    field,
    { committed: salt === undefined ? committed : commit(salt, data[field]) },
  ]);
  return { ...data, ...Object.fromEntries(held) };
}

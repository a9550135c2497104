import { sha256Hex } from '#kernel/ids';
import type { CaseEntry } from '#case/case';

/** A line of the timeline, linked to the one before it by its hash. `sequence` counts from 1. */
export interface SealedEntry extends CaseEntry {
  readonly caseId: string;
  readonly sequence: number;
  /** Hex SHA-256 of the line before; of nothing but the case's id for the first. */
  readonly previousHash: string;
  readonly hash: string;
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

/** Undefined when the lines, in order, are exactly those that were sealed and end in `head`. */
export function findChainFault(lines: readonly SealedEntry[], head: ChainHead): ChainFault | undefined {
  let end = emptyChain(head.caseId);
  for (const line of lines) {
    const sequence = end.sequence + 1;
    if (line.sequence !== sequence || line.caseId !== head.caseId) return { kind: 'gap', sequence };
    if (line.previousHash !== end.hash) return { kind: 'link-broken', sequence };
    if (line.hash !== hashOf(line)) return { kind: 'content-changed', sequence };
    end = { caseId: head.caseId, sequence, hash: line.hash };
  }
  return end.hash === head.hash && end.sequence === head.sequence ? undefined : { kind: 'head-differs', sequence: end.sequence };
}

const hashOf = (line: Omit<SealedEntry, 'hash'>): string =>
  sha256Hex(canonicalJson([line.previousHash, line.caseId, line.sequence, line.at, line.by, line.what, line.data]));

/** JSON with the fields of every object in code-unit order: the same content gives the same text after a trip through `jsonb`. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  const sorted = fields.toSorted(([left], [right]) => (left < right ? -1 : 1));
  return `{${sorted.map(([name, field]) => `${JSON.stringify(name)}:${canonicalJson(field)}`).join(',')}}`;
}

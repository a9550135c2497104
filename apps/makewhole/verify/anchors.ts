import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

import type { Chains } from '#apps/makewhole/verify/09-evidence-chain';
import { violation, type Violation } from '#apps/makewhole/verify/invariant';

/** A line of the file that casework keeps outside of its database: where the chain of a case ended after a change. */
export interface Anchor {
  readonly line: number;
  readonly at: string;
  readonly caseId: string;
  readonly sequence: number;
  readonly hash: string;
  /** SHA-256 of the line before as it is written; of nothing for the first. */
  readonly previous: string;
  readonly ownHash: string;
}

/** A last line without its end was cut off by a crash: what it would have said is not known. */
export function readAnchors(path: string): readonly Anchor[] {
  const lines = textOf(path).split('\n').slice(0, -1);
  return lines.map((text, index) => ({ ...parse(path, text, index + 1), line: index + 1, ownHash: sha256(text) }));
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new Error(`the anchors in ${path} cannot be read: name the file that evidence.anchorsFile wrote`, { cause: error });
  }
}

function parse(path: string, text: string, line: number): Omit<Anchor, 'line' | 'ownHash'> {
  try {
    const anchor = JSON.parse(text) as Partial<Anchor>;
    if (typeof anchor.caseId === 'string' && typeof anchor.sequence === 'number' && typeof anchor.hash === 'string')
      return { at: '', previous: '', ...anchor } as Omit<Anchor, 'line' | 'ownHash'>;
  } catch {
    // Told below, like a line that is JSON and no anchor.
  }
  throw new Error(`${path}:${line} is no anchor: expected {"at","caseId","sequence","hash","previous"}`);
}

/** Every end that was anchored is still a place in its chain, unless retention has cut that part; and the file itself is whole. */
export function judgeAnchors(anchors: readonly Anchor[], { hashes, cutThrough }: Chains): readonly Violation[] {
  const violations: Violation[] = [];
  let previous = sha256('');
  for (const { line, caseId, sequence, hash, previous: named, ownHash } of anchors) {
    if (named !== previous) violations.push(violation('the file of anchors was changed', { line }));
    previous = ownHash;
    if (sequence <= (cutThrough.get(caseId) ?? 0)) continue;
    if (hashes.get(`${caseId} ${sequence}`) !== hash)
      violations.push(violation('the chain is not the one that was anchored', { line, caseId, sequence }));
  }
  return violations;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

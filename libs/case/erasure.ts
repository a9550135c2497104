import type { InstantMs } from '#kernel/time';
import type { Case, CaseChange } from '#case/case';
import { CUT, ERASED, type ChainHead, type ErasedLine } from '#case/evidence';
import { change, countRevision, entry } from '#case/life';
import { blank, replacePersonal } from '#case/personal';

/** Why what is personal goes, as it stays to be read. */
export interface Erasing {
  readonly now: InstantMs;
  readonly reason: string;
  readonly by: string;
  readonly requestedBy: string;
}

/** A case without what was personal in it. `lines`: those from before lines were committed to, as they are left. */
export function eraseCase(subject: Case, erasing: Erasing, lines: readonly ErasedLine[]): CaseChange {
  const { now, reason, by, requestedBy } = erasing;
  const data = { ground: reason, requestedBy, ...(lines.length === 0 ? {} : { lines }) };
  return erased(subject, { at: now, reason }, entry(now, ERASED, data, by));
}

/** A closed case whose time is over: its history up to `head` goes as well, and the chain begins behind it. */
export const cutCase = (subject: Case, head: ChainHead, now: InstantMs): CaseChange =>
  erased(subject, { at: now, reason: 'retention' }, entry(now, CUT, { through: head.sequence, hash: head.hash }));

const erased = (subject: Case, word: NonNullable<Case['erased']>, line: ReturnType<typeof entry>): CaseChange =>
  countRevision(subject, change({ ...replacePersonal(subject, blank), erased: word }, [line], [{ kind: 'case.updated' }]))!;

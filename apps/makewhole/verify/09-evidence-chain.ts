import { createHash } from 'node:crypto';

import { canonicalJson } from '#apps/makewhole/verify/canonical-json';
import { judgeAnchors } from '#apps/makewhole/verify/anchors';
import { violation, type Invariant, type Violation } from '#apps/makewhole/verify/invariant';
import { judgeSealedLines } from '#apps/makewhole/verify/sealed-lines';

interface EntryRow {
  readonly case_id: string;
  readonly sequence: number;
  readonly at_ms: number;
  readonly by: string;
  readonly what: string;
  readonly data: unknown;
  readonly previous_hash: string;
  readonly hash: string;
  readonly is_sealed: boolean;
}
interface HeadRow {
  readonly case_id: string;
  readonly entry_count: number;
  readonly chain_head: string;
}

const entriesInOrder = `
  SELECT case_id, sequence, at_ms, by, what, data, previous_hash, hash, sealed IS NOT NULL AS is_sealed
  FROM casework.case_entry ORDER BY case_id, sequence`;
const heads = 'SELECT case_id, entry_count, chain_head FROM casework.cases';

interface CaseTold {
  readonly case: { readonly caseId: string };
  readonly evidence?: { readonly sequence: number; readonly hash: string };
}

/** Hashes of the lines of all cases, by case and place, and where the lines of a case begin when the time of older ones was over. */
export interface Chains {
  readonly hashes: ReadonlyMap<string, string>;
  readonly cutThrough: ReadonlyMap<string, number>;
}

/**
 * Each entry's hash covers its content (a commitment in place of what is personal) and the hash before it; the case holds the last one; and
 * where the chain ended is told with each message about a case, and to the anchors, so that one that was cut, or written anew as a
 * whole, differs from what was told. Retention cuts from the oldest on and says up to where; an erasure leaves no content, and
 * says so in the chain: what is missing otherwise was taken.
 */
export const evidenceChain: Invariant = {
  number: 9,
  promise: 'the evidence chain verifies',
  unit: 'entries',
  async check({ database, log, anchors, masterKeys }) {
    const entries = await database.query<EntryRow>(entriesInOrder);
    const violations: Violation[] = [];
    const ends = new Map<string, { count: number; hash: string }>();
    const cutThrough = new Map<string, number>();
    for (const lines of groupByCase(entries)) {
      const { case_id: caseId } = lines[0]!;
      const cut = lines.find(({ what, data }) => what === 'history cut' && fieldOf(data, 'through') === lines[0]!.sequence - 1);
      if (cut !== undefined) cutThrough.set(caseId, lines[0]!.sequence - 1);
      const begins = cut === undefined ? sha256(`makewhole case ${caseId}`) : String(fieldOf(cut.data, 'hash'));
      violations.push(...judgeLines(lines, { count: cutThrough.get(caseId) ?? 0, hash: begins }));
      ends.set(caseId, { count: lines.at(-1)!.sequence, hash: lines.at(-1)!.hash });
    }
    for (const { case_id: caseId, entry_count: count, chain_head: head } of await database.query<HeadRow>(heads)) {
      const end = ends.get(caseId);
      if (end?.count !== count || end.hash !== head)
        violations.push(
          violation("the chain does not end at the case's head", { caseId, expected: count, found: end?.count ?? 0 }),
        );
    }
    const hashes = new Map(entries.map(({ case_id: caseId, sequence, hash }) => [`${caseId} ${sequence}`, hash]));
    await log.scan('cases', ({ value }) => {
      const { data } = JSON.parse(String(value)) as { data: CaseTold };
      const { caseId } = data.case;
      if (data.evidence === undefined || data.evidence.sequence <= (cutThrough.get(caseId) ?? 0)) return;
      if (hashes.get(`${caseId} ${data.evidence.sequence}`) !== data.evidence.hash)
        violations.push(violation('the chain is not the one that was told', { caseId, told: data.evidence }));
    });
    violations.push(...(await judgeSealedLines(database, masterKeys)));
    if (anchors !== undefined) violations.push(...judgeAnchors(anchors, { hashes, cutThrough }));
    return { examined: entries.length, violations };
  },
};

function groupByCase(entries: readonly EntryRow[]): readonly (readonly EntryRow[])[] {
  const groups = new Map<string, EntryRow[]>();
  for (const entry of entries) {
    const group = groups.get(entry.case_id);
    if (group === undefined) groups.set(entry.case_id, [entry]);
    else group.push(entry);
  }
  return [...groups.values()];
}

function judgeLines(lines: readonly EntryRow[], begins: { readonly count: number; readonly hash: string }): readonly Violation[] {
  const violations: Violation[] = [];
  const { left, erasedBefore } = erasuresIn(lines);
  let before = begins;
  for (const entry of lines) {
    const { case_id: caseId, sequence, data } = entry;
    const hash = hashOf(entry);
    if (sequence !== before.count + 1) violations.push(violation('entries of a case are missing', { caseId, before: sequence }));
    else if (entry.previous_hash !== before.hash)
      violations.push(violation('an entry does not follow the one before it', { caseId, sequence }));
    else if (entry.hash !== hash && left.get(sequence) !== hash)
      violations.push(violation('an entry was changed after it was written', { caseId, sequence }));
    else if (isCommitted(data) && !entry.is_sealed && sequence > erasedBefore)
      violations.push(violation('what an entry said is gone, and nobody had it erased', { caseId, sequence }));
    before = { count: sequence, hash: entry.hash };
  }
  return violations;
}

/** What the chain itself says of erasures: the hash of what is left of lines from before commitments, and up to where all was erased. */
function erasuresIn(lines: readonly EntryRow[]) {
  const left = new Map<number, string>();
  let erasedBefore = 0;
  for (const { what, data, sequence } of lines) {
    if (what !== 'personal data erased') continue;
    erasedBefore = sequence;
    const named = (fieldOf(data, 'lines') ?? []) as readonly { readonly sequence: number; readonly hash: string }[];
    for (const line of named) if (line.sequence < sequence) left.set(line.sequence, line.hash);
  }
  return { left, erasedBefore };
}

const isCommitted = (data: unknown): boolean =>
  Object.values(data as object).some((value) => typeof value === 'object' && value !== null && 'committed' in value);

const fieldOf = (data: unknown, name: string): unknown => (data as Readonly<Record<string, unknown>>)[name];

const hashOf = (entry: EntryRow): string =>
  sha256(canonicalJson([entry.previous_hash, entry.case_id, entry.sequence, entry.at_ms, entry.by, entry.what, entry.data]));

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

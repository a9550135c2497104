import { createHash } from 'node:crypto';

import { canonicalJson } from '#apps/makewhole/verify/canonical-json';
import { violation, type Invariant, type Violation } from '#apps/makewhole/verify/invariant';

interface EntryRow {
  readonly case_id: string;
  readonly sequence: number;
  readonly at_ms: number;
  readonly by: string;
  readonly what: string;
  readonly data: unknown;
  readonly previous_hash: string;
  readonly hash: string;
}
interface HeadRow {
  readonly case_id: string;
  readonly entry_count: number;
  readonly chain_head: string;
}

const entriesInOrder =
  'SELECT case_id, sequence, at_ms, by, what, data, previous_hash, hash FROM casework.case_entry ORDER BY case_id, sequence';
const heads = 'SELECT case_id, entry_count, chain_head FROM casework.cases';

interface CaseTold {
  readonly case: { readonly caseId: string };
  readonly evidence?: { readonly sequence: number; readonly hash: string };
}

/**
 * Each entry's hash covers its content and the hash before it; the case holds the last one; and where the chain ended is told with each
 * message about a case, so that one that was cut, or written anew as a whole, differs from what was told.
 */
export const evidenceChain: Invariant = {
  number: 9,
  promise: 'the evidence chain verifies',
  unit: 'entries',
  async check({ database, log }) {
    const entries = await database.query<EntryRow>(entriesInOrder);
    const ends = new Map<string, { count: number; hash: string }>();
    const violations: Violation[] = [];
    for (const entry of entries) {
      const before = ends.get(entry.case_id) ?? { count: 0, hash: sha256(`makewhole case ${entry.case_id}`) };
      const { case_id: caseId, sequence } = entry;
      if (sequence !== before.count + 1)
        violations.push(violation('entries of a case are missing', { caseId, before: sequence }));
      else if (entry.previous_hash !== before.hash)
        violations.push(violation('an entry does not follow the one before it', { caseId, sequence }));
      else if (entry.hash !== hashOf(entry))
        violations.push(violation('an entry was changed after it was written', { caseId, sequence }));
      ends.set(caseId, { count: sequence, hash: entry.hash });
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
      if (data.evidence !== undefined && hashes.get(`${caseId} ${data.evidence.sequence}`) !== data.evidence.hash)
        violations.push(violation('the chain is not the one that was told', { caseId, told: data.evidence }));
    });
    return { examined: entries.length, violations };
  },
};

const hashOf = (entry: EntryRow): string =>
  sha256(canonicalJson([entry.previous_hash, entry.case_id, entry.sequence, entry.at_ms, entry.by, entry.what, entry.data]));

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

import type { Case } from '#case/case';
import type { ChainHead, SealedEntry } from '#case/evidence';
import { guarded } from '#postgres/errors';
import { openCases } from '#apps/casework/store/case-rows';
import { openEntries, type StoredEntry } from '#apps/casework/store/entry-rows';
import type { Store } from '#apps/casework/store/store';

export interface StoredEvidence {
  readonly case: Case;
  readonly head: ChainHead;
  readonly entries: readonly SealedEntry[];
}

/** A case, its chain and where it ends, in one statement: nothing may come between them. */
export const readEvidence = (db: Store, caseId: string): Promise<StoredEvidence | undefined> =>
  guarded(`reading the evidence of ${caseId}`, async () => {
    const { rows } = await db.query<{
      document: Case;
      sealed: string | null;
      sequence: number;
      hash: string;
      entries: StoredEntry[] | null;
    }>(
      `SELECT document, sealed, entry_count AS sequence, chain_head AS hash,
         (SELECT json_agg(json_build_object('caseId', case_id, 'sequence', sequence, 'at', at_ms, 'by', by, 'what', what, 'data', data,
                                            'previousHash', previous_hash, 'hash', hash, 'sealed', sealed) ORDER BY sequence)
          FROM casework.case_entry WHERE case_id = $1) AS entries
       FROM casework.cases WHERE case_id = $1`,
      [caseId],
    );
    const [row] = rows;
    if (row === undefined) return undefined;
    return {
      case: (await openCases(db, [row]))[0]!,
      head: { caseId, sequence: row.sequence, hash: row.hash },
      entries: await openEntries(db, row.document.accountId, row.entries ?? []),
    };
  });

import type { Case } from '#case/case';
import type { InstantMs } from '#kernel/time';
import { openCases } from '#apps/casework/store/case-rows';
import type { Query } from '#apps/casework/store/query';
import type { Store } from '#apps/casework/store/store';
import type { SealedDocument } from '#apps/casework/vault/sealed-document';

/** A new secret takes the place of the one before. */
export async function writeSecret(db: Query, caseId: string, sha256: string, by: string, at: InstantMs): Promise<void> {
  await db.query(
    `INSERT INTO casework.case_secret (case_id, sha256, by, at_ms) VALUES ($1, $2, $3, $4)
     ON CONFLICT (case_id) DO UPDATE SET sha256 = excluded.sha256, by = excluded.by, at_ms = excluded.at_ms`,
    [caseId, sha256, by, at],
  );
}

/** A case by its number and the hash of its secret; the hash is null where none was given out yet. */
export async function readForBuyer(
  db: Store,
  number: string,
): Promise<{ readonly held: Case; readonly sha256: string | null } | undefined> {
  const { rows } = await db.query<SealedDocument<Case> & { sha256: string | null }>(
    `SELECT document, sealed, sha256 FROM casework.cases LEFT JOIN casework.case_secret USING (case_id) WHERE number = $1`,
    [number],
  );
  const [row] = rows;
  return row && { held: (await openCases(db, [row]))[0]!, sha256: row.sha256 };
}

import { formatInstant } from '#kernel/time';
import { merchantOf } from '#action/standing';
import type { Mark, Snooze } from '#case/suppression';
import type { Finding } from '#detection/finding';
import type { Query } from '#apps/casework/store/query';
import type { Store } from '#apps/casework/store/store';
import { openFinding, type SealedDocument, sealFinding } from '#apps/casework/vault/sealed-document';

export interface FindingWrite {
  readonly finding: Finding;
  /** Null when it opens no case. */
  readonly caseId: string | null;
  /** What keeps it from being in a case. */
  readonly suppressed: SuppressedBy | null;
}

/** As the API shows it. */
export interface SuppressedBy {
  readonly how: 'not-a-duplicate' | 'snooze';
  /** The finding that was marked, or the snooze. */
  readonly id: string;
  readonly reason: string;
  readonly by: string;
  readonly until?: string;
}

export const suppressedBy = (one: Mark | Snooze): SuppressedBy =>
  'snoozeId' in one
    ? { how: 'snooze', id: one.snoozeId, reason: one.reason, by: one.by, until: formatInstant(one.until) }
    : { how: 'not-a-duplicate', id: one.findingId, reason: one.reason, by: one.by };

/** Stores what was told last of each finding, `possible` ones included. Expects each finding once. */
export async function writeFindings(db: Store, writes: readonly FindingWrite[]): Promise<void> {
  if (writes.length === 0) return;
  const keys = await db.keysOf(
    writes.map(({ finding: { accountId } }) => accountId),
    'sealing',
  );
  const rows = writes.map(({ finding, caseId, suppressed }) => ({
    finding_id: finding.findingId,
    account_id: finding.accountId,
    case_id: caseId,
    kind: finding.kind,
    confidence: finding.confidence,
    status: finding.status,
    at_ms: Date.parse(finding.at),
    ...sealFinding(keys, finding),
    suppressed_by: suppressed?.id ?? null,
    suppressed,
    merchant_id: merchantOf(finding) ?? null,
  }));
  await db.query(
    `INSERT INTO casework.finding (finding_id, account_id, case_id, kind, confidence, status, at_ms, document,
                                   suppressed_by, suppressed, sealed, merchant_id)
     SELECT finding_id, account_id, case_id, kind, confidence, status, at_ms, document, suppressed_by, suppressed, sealed, merchant_id
     FROM json_to_recordset($1::json) AS next(finding_id text, account_id text, case_id text, kind text, confidence text,
                                              status text, at_ms bigint, document json, suppressed_by text, suppressed json, sealed text, merchant_id text)
     ON CONFLICT (finding_id) DO UPDATE SET case_id = coalesce(excluded.case_id, finding.case_id),
       kind = excluded.kind, confidence = excluded.confidence, status = excluded.status, at_ms = excluded.at_ms,
       document = excluded.document, suppressed_by = excluded.suppressed_by, suppressed = excluded.suppressed,
       sealed = excluded.sealed, merchant_id = excluded.merchant_id`,
    [JSON.stringify(rows)],
  );
}

/** Holds the rows of findings that are known already until the transaction ends, so that no person marks them meanwhile. */
export async function lockFindings(db: Query, findingIds: readonly string[]): Promise<void> {
  await db.query(`SELECT 1 FROM casework.finding WHERE finding_id = ANY($1::text[]) ORDER BY finding_id FOR UPDATE`, [
    findingIds,
  ]);
}

/** A finding as it was told last, and its case; undefined when it was never told. */
export async function readFinding(
  db: Store,
  findingId: string,
  how: 'read' | 'lock' = 'read',
): Promise<{ readonly finding: Finding; readonly caseId: string | null } | undefined> {
  const { rows } = await db.query<SealedDocument<Finding> & { case_id: string | null }>(
    `SELECT document, sealed, case_id FROM casework.finding WHERE finding_id = $1 ${how === 'lock' ? 'FOR UPDATE' : ''}`,
    [findingId],
  );
  const [row] = rows;
  return row && { finding: openFinding(await db.keysOf([row.document.accountId]), row), caseId: row.case_id };
}

export async function suppressFinding(db: Query, findingId: string, suppressed: SuppressedBy): Promise<void> {
  await db.query('UPDATE casework.finding SET suppressed_by = $2, suppressed = $3 WHERE finding_id = $1', [
    findingId,
    suppressed.id,
    JSON.stringify(suppressed),
  ]);
}

import type { Finding } from '#detection/finding';
import type { Query } from '#apps/casework/store/query';

export interface FindingWrite {
  readonly finding: Finding;
  /** Null when it opens no case. */
  readonly caseId: string | null;
}

/** Stores what was told last of each finding, `possible` ones included. Expects each finding once. */
export async function writeFindings(db: Query, writes: readonly FindingWrite[]): Promise<void> {
  if (writes.length === 0) return;
  const rows = writes.map(({ finding, caseId }) => ({
    finding_id: finding.findingId,
    account_id: finding.accountId,
    case_id: caseId,
    kind: finding.kind,
    confidence: finding.confidence,
    status: finding.status,
    at_ms: Date.parse(finding.at),
    document: finding,
  }));
  await db.query(
    `INSERT INTO casework.finding (finding_id, account_id, case_id, kind, confidence, status, at_ms, document)
     SELECT finding_id, account_id, case_id, kind, confidence, status, at_ms, document
     FROM json_to_recordset($1::json) AS next(finding_id text, account_id text, case_id text, kind text, confidence text,
                                              status text, at_ms bigint, document json)
     ON CONFLICT (finding_id) DO UPDATE SET case_id = coalesce(excluded.case_id, finding.case_id),
       kind = excluded.kind, confidence = excluded.confidence, status = excluded.status, at_ms = excluded.at_ms,
       document = excluded.document`,
    [JSON.stringify(rows)],
  );
}

import { readHandedOver } from '#apps/makewhole/verify/handed-over';
import type { AuditDatabase, PeoplesWord } from '#apps/makewhole/verify/sources';

interface CaseRow {
  readonly findings: readonly { readonly findingId: string; readonly paymentIds: readonly string[] }[];
  readonly dismissed: readonly { readonly findingId: string; readonly paymentIds: readonly string[] }[];
}

/**
 * What people said of findings, which no replay can know: those that they keep from becoming cases, and those that they took out of
 * one. A finding that has come to name a further payment since is back in its case.
 */
export async function readPeoplesWord(database: AuditDatabase): Promise<PeoplesWord> {
  const suppressed = await database.query<{ finding_id: string }>(
    'SELECT finding_id FROM casework.finding WHERE case_id IS NULL AND suppressed_by IS NOT NULL',
  );
  const cases = await database.query<CaseRow>(
    `SELECT document -> 'findings' AS findings, document -> 'dismissed' AS dismissed FROM casework.cases
     WHERE document -> 'dismissed' IS NOT NULL`,
  );
  const dismissed = cases.flatMap(({ findings, dismissed: out }) =>
    findings.filter((finding) =>
      out.some(
        ({ findingId, paymentIds }) =>
          findingId === finding.findingId && finding.paymentIds.every((paymentId) => paymentIds.includes(paymentId)),
      ),
    ),
  );
  const { placed, touched } = await readHandedOver(database);
  return {
    placed,
    touched,
    suppressed: new Set(suppressed.map(({ finding_id: findingId }) => findingId)),
    dismissed: new Set(dismissed.map(({ findingId }) => findingId)),
  };
}

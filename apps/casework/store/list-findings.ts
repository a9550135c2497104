import type { Finding } from '#detection/finding';
import type { Page } from '#apps/casework/api/cursor';
import type { SuppressedBy } from '#apps/casework/store/finding-rows';
import { Conditions } from '#apps/casework/store/query';
import type { Store } from '#apps/casework/store/store';
import { openFinding, type SealedDocument } from '#apps/casework/vault/sealed-document';

export interface FindingFilter {
  readonly kind?: string | undefined;
  readonly confidence?: string | undefined;
  readonly status?: string | undefined;
  readonly mode?: string | undefined;
  readonly suppressedBy?: string | undefined;
  readonly accountId?: string | undefined;
}

export interface ListedFinding {
  readonly finding: Finding;
  /** Null for one that is only listed: `possible` ones and those in shadow open no case. */
  readonly caseId: string | null;
  /** Why it is in none, where a person or policy keeps it out. */
  readonly suppressed: SuppressedBy | null;
}

/** Newest first, `possible` ones included; one row more than `limit`. */
export async function listFindings(db: Store, filter: FindingFilter, page: Page): Promise<readonly ListedFinding[]> {
  const conditions = new Conditions();
  if (filter.kind) conditions.add('kind = $?', filter.kind);
  if (filter.confidence) conditions.add('confidence = $?', filter.confidence);
  if (filter.status) conditions.add('status = $?', filter.status);
  if (filter.mode) conditions.add(`document ->> 'mode' ${filter.mode === 'shadow' ? '=' : 'IS DISTINCT FROM'} 'shadow'`);
  if (filter.suppressedBy) conditions.add('suppressed_by = $?', filter.suppressedBy);
  if (filter.accountId) conditions.add('account_id = $?', filter.accountId);
  if (page.after) conditions.add('(at_ms, finding_id) < ($?, $?)', page.after.atMs, page.after.id);
  const { where } = conditions;
  const limit = conditions.parameter(page.limit + 1);
  const { rows } = await db.query<SealedDocument<Finding> & { case_id: string | null; suppressed: SuppressedBy | null }>(
    `SELECT document, sealed, case_id, suppressed FROM casework.finding ${where} ORDER BY at_ms DESC, finding_id DESC LIMIT ${limit}`,
    conditions.values,
  );
  const keys = await db.keysOf(rows.map(({ document: { accountId } }) => accountId));
  return rows.map((row) => ({ finding: openFinding(keys, row), caseId: row.case_id, suppressed: row.suppressed }));
}

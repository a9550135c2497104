import { deriveId } from '#kernel/ids';
import type { InstantMs } from '#kernel/time';
import type { DecisionRecord } from '#action/decision';
import type { Case } from '#case/case';
import { blank, replaceInAction } from '#case/personal';
import type { Page } from '#apps/casework/api/cursor';
import { openCases } from '#apps/casework/store/case-rows';
import { Conditions } from '#apps/casework/store/query';
import type { Store } from '#apps/casework/store/store';
import { sealCase } from '#apps/casework/vault/sealed-document';

export interface StoredDecision extends DecisionRecord {
  readonly decisionId: string;
  readonly caseId: string;
}

interface DecisionRow extends StoredDecision {
  readonly sealed: string | null;
}

/** Stores decisions, each named by its case and what it made of it. What is personal of the case is sealed as in its own row. */
export async function writeDecisions(
  db: Store,
  decided: readonly { readonly decision: DecisionRecord; readonly case: Case }[],
): Promise<void> {
  if (decided.length === 0) return;
  const keys = await db.keysOf(
    decided.map(({ case: { accountId } }) => accountId),
    'sealing',
  );
  const rows = decided.map(({ decision: { policyVersion, input, actions }, case: { caseId, revision } }) => {
    const { document, sealed } = sealCase(keys, input.case);
    const elsewhere = input.elsewhere.map((action) => replaceInAction(action, blank));
    return {
      decision_id: deriveId('decision', caseId, revision),
      case_id: caseId,
      at_ms: input.at,
      policy_version: policyVersion,
      input: { ...input, case: document, elsewhere },
      sealed,
      actions,
    };
  });
  await db.query(
    `INSERT INTO casework.decision (decision_id, case_id, at_ms, policy_version, input, sealed, actions)
     SELECT decision_id, case_id, at_ms, policy_version, input, sealed, actions
     FROM json_to_recordset($1::json)
       AS next(decision_id text, case_id text, at_ms bigint, policy_version text, input json, sealed text, actions json)`,
    [JSON.stringify(rows)],
  );
}

const SELECT = `SELECT decision_id AS "decisionId", case_id AS "caseId", policy_version AS "policyVersion", input, sealed, actions
  FROM casework.decision`;

export async function readDecision(db: Store, decisionId: string): Promise<StoredDecision | undefined> {
  const { rows } = await db.query<DecisionRow>(`${SELECT} WHERE decision_id = $1`, [decisionId]);
  return (await opened(db, rows))[0];
}

/** Newest first; one row more than `limit`. */
export async function listDecisions(
  db: Store,
  filter: { readonly caseId?: string | undefined; readonly policyVersion?: string | undefined },
  page: Page,
): Promise<readonly StoredDecision[]> {
  const conditions = new Conditions();
  if (filter.caseId) conditions.add('case_id = $?', filter.caseId);
  if (filter.policyVersion) conditions.add('policy_version = $?', filter.policyVersion);
  if (page.after) conditions.add('(at_ms, decision_id) < ($?, $?)', page.after.atMs, page.after.id);
  const { where } = conditions;
  const limit = conditions.parameter(page.limit + 1);
  const { rows } = await db.query<DecisionRow>(
    `${SELECT} ${where} ORDER BY at_ms DESC, decision_id DESC LIMIT ${limit}`,
    conditions.values,
  );
  return opened(db, rows);
}

async function opened(db: Store, rows: readonly DecisionRow[]): Promise<readonly StoredDecision[]> {
  const cases = await openCases(
    db,
    rows.map(({ input, sealed }) => ({ document: input.case, sealed })),
  );
  return rows.map(({ sealed: _, ...row }, at) => ({ ...row, input: { ...row.input, case: cases[at]! } }));
}

export const positionOf = ({ decisionId, input }: StoredDecision): { readonly atMs: InstantMs; readonly id: string } => ({
  atMs: input.at,
  id: decisionId,
});

import type { ActionView } from '#case/case';
import type { Page } from '#apps/casework/api/cursor';
import { Conditions, type Query } from '#apps/casework/store/query';
import type { Store } from '#apps/casework/store/store';
import { openAction } from '#apps/casework/vault/sealed-document';

export interface ActionFilter {
  readonly state?: string | undefined;
  readonly kind?: string | undefined;
  readonly caseId?: string | undefined;
  readonly accountId?: string | undefined;
}

/** An action, and of its case what a list shows beside it. */
export interface ListedAction {
  readonly action: ActionView;
  readonly caseId: string;
  readonly caseNumber: string;
  readonly accountId: string | null;
  readonly revision: number;
  readonly proposedAtMs: number;
}

const SELECT = `SELECT listed.document AS action, listed.sealed, listed.case_id AS "caseId", held.number AS "caseNumber",
  listed.account_id AS "accountId", held.revision, listed.proposed_at_ms AS "proposedAtMs"
  FROM casework.action AS listed JOIN casework.cases AS held USING (case_id)`;

/** Newest proposed first; one row more than `limit`. */
export async function listActions(db: Store, filter: ActionFilter, page: Page): Promise<readonly ListedAction[]> {
  const conditions = new Conditions();
  if (filter.state) conditions.add('listed.state = $?', filter.state);
  if (filter.kind) conditions.add('listed.kind = $?', filter.kind);
  if (filter.caseId) conditions.add('listed.case_id = $?', filter.caseId);
  if (filter.accountId) conditions.add('listed.account_id = $?', filter.accountId);
  if (page.after) conditions.add('(listed.proposed_at_ms, listed.action_id) < ($?, $?)', page.after.atMs, page.after.id);
  const { where } = conditions;
  const limit = conditions.parameter(page.limit + 1);
  const { rows } = await db.query<ListedRow>(
    `${SELECT} ${where} ORDER BY listed.proposed_at_ms DESC, listed.action_id DESC LIMIT ${limit}`,
    conditions.values,
  );
  return openActions(db, rows);
}

export async function readAction(db: Store, actionId: string): Promise<ListedAction | undefined> {
  const { rows } = await db.query<ListedRow>(`${SELECT} WHERE listed.action_id = $1`, [actionId]);
  return (await openActions(db, rows))[0];
}

export async function findCaseOfAction(db: Query, actionId: string): Promise<string | undefined> {
  const { rows } = await db.query<{ case_id: string }>('SELECT case_id FROM casework.action WHERE action_id = $1', [actionId]);
  return rows[0]?.case_id;
}

type ListedRow = ListedAction & { readonly sealed: string | null };

async function openActions(db: Store, rows: readonly ListedRow[]): Promise<readonly ListedAction[]> {
  const keys = await db.keysOf(rows.map(({ accountId }) => accountId));
  return rows.map(({ sealed, ...row }) => ({
    ...row,
    action: openAction(keys, row.accountId, { document: row.action, sealed }),
  }));
}

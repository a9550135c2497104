import type { Money } from '#kernel/money';
import type { Case } from '#case/case';
import type { Position } from '#apps/casework/api/cursor';
import { orderKey, paymentKey } from '#apps/casework/store/case-rows';
import { Conditions, type Query } from '#apps/casework/store/query';

export interface CaseFilter {
  readonly status?: string | undefined;
  readonly stage?: string | undefined;
  readonly kind?: string | undefined;
  readonly accountId?: string | undefined;
  readonly paymentId?: string | undefined;
  readonly orderId?: string | undefined;
  readonly queue?: string | undefined;
  readonly assignee?: string | undefined;
  readonly tag?: string | undefined;
  readonly number?: string | undefined;
  readonly minLoss?: Money | undefined;
}

/** Newest opened first. Asks for one row more than `limit`, so that the caller sees whether there is another page. */
export async function listCases(
  db: Query,
  filter: CaseFilter,
  page: { readonly limit: number; readonly after?: Position | undefined },
): Promise<readonly Case[]> {
  const conditions = caseConditions(filter);
  if (page.after) conditions.add('(opened_at_ms, case_id) < ($?, $?)', page.after.atMs, page.after.id);
  const { where } = conditions;
  const limit = conditions.parameter(page.limit + 1);
  const { rows } = await db.query<{ document: Case }>(
    `SELECT document FROM casework.cases ${where} ORDER BY opened_at_ms DESC, case_id DESC LIMIT ${limit}`,
    conditions.values,
  );
  return rows.map((row) => row.document);
}

function caseConditions(filter: CaseFilter): Conditions {
  const conditions = new Conditions();
  if (filter.status) conditions.add('status = $?', filter.status);
  if (filter.stage) conditions.add('stage = $?', filter.stage);
  if (filter.kind) conditions.add('kinds @> ARRAY[$?]', filter.kind);
  if (filter.accountId) conditions.add('account_id = $?', filter.accountId);
  if (filter.paymentId) conditions.add(OF_MONEY, paymentKey(filter.paymentId));
  if (filter.orderId) conditions.add(OF_MONEY, orderKey(filter.orderId));
  if (filter.queue) conditions.add('queue = $?', filter.queue);
  if (filter.assignee) conditions.add('assignee = $?', filter.assignee);
  if (filter.tag) conditions.add('case_id IN (SELECT case_id FROM casework.case_tag WHERE tag = $?)', filter.tag);
  if (filter.number) conditions.add('number = $?', filter.number.toUpperCase());
  if (filter.minLoss) conditions.add('(loss ->> $?)::bigint >= $?', filter.minLoss.currency, filter.minLoss.minor);
  return conditions;
}

const OF_MONEY = 'case_id IN (SELECT case_id FROM casework.case_money WHERE key = $?)';

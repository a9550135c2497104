import type { Money } from '#kernel/money';
import type { Case } from '#case/case';
import type { Page } from '#apps/casework/api/cursor';
import { openCases, orderKey, paymentKey } from '#apps/casework/store/case-rows';
import { Conditions } from '#apps/casework/store/query';
import type { Store } from '#apps/casework/store/store';
import type { SealedDocument } from '#apps/casework/vault/sealed-document';

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
export async function listCases(db: Store, filter: CaseFilter, page: Page): Promise<readonly Case[]> {
  const conditions = new Conditions();
  const source = sourceOf(filter, conditions);
  if (page.after) conditions.add('(listed.opened_at_ms, listed.case_id) < ($?, $?)', page.after.atMs, page.after.id);
  const { where } = conditions;
  const limit = conditions.parameter(page.limit + 1);
  const { rows } = await db.query<SealedDocument<Case>>(
    `SELECT document, sealed FROM ${source} ${where} ORDER BY listed.opened_at_ms DESC, listed.case_id DESC LIMIT ${limit}`,
    conditions.values,
  );
  return openCases(db, rows);
}

/**
 * What the pages are cut from. A kind, a loss or a tag that is asked for alone, the first two also of open cases, has rows of its own in
 * the order of the list; beside other filters the database chooses where to begin.
 */
function sourceOf({ kind, minLoss, tag, status, ...others }: CaseFilter, conditions: Conditions): string {
  addConditions(others, conditions);
  const isOpen = status === 'open' && tag === undefined;
  const picked = [kind, minLoss, tag].filter((value) => value !== undefined);
  const isAlone = conditions.values.length === 0 && picked.length === 1 && (status === undefined || isOpen);
  const pick = (table: string, where: string, ...values: readonly unknown[]): void =>
    conditions.add(
      isAlone ? where : `listed.case_id IN (SELECT case_id FROM casework.${table} AS listed WHERE ${where})`,
      ...values,
    );
  const open = isOpen ? ' AND listed.is_open' : '';
  if (kind) pick('case_kind', `listed.kind = $?${open}`, kind);
  if (minLoss) pick('case_loss', `listed.currency = $? AND listed.minor >= $?${open}`, minLoss.currency, minLoss.minor);
  if (tag) pick('case_tag', 'listed.tag = $?', tag);
  if (status && !isAlone) conditions.add('status = $?', status);
  if (!isAlone) return 'casework.cases AS listed';
  return `casework.${kind ? 'case_kind' : minLoss ? 'case_loss' : 'case_tag'} AS listed JOIN casework.cases USING (case_id)`;
}

function addConditions(filter: Omit<CaseFilter, 'kind' | 'minLoss' | 'tag' | 'status'>, conditions: Conditions): void {
  if (filter.stage) conditions.add('stage = $?', filter.stage);
  if (filter.accountId) conditions.add('account_id = $?', filter.accountId);
  if (filter.paymentId) conditions.add(OF_MONEY, paymentKey(filter.paymentId));
  if (filter.orderId) conditions.add(OF_MONEY, orderKey(filter.orderId));
  if (filter.queue) conditions.add('queue = $?', filter.queue);
  if (filter.assignee) conditions.add('assignee = $?', filter.assignee);
  if (filter.number) conditions.add('number = $?', filter.number.toUpperCase());
}

const OF_MONEY = 'case_id IN (SELECT case_id FROM casework.case_money WHERE key = $?)';

import { isHeld } from '#action/hold';
import { nextStepAt } from '#action/step';
import type { Case } from '#case/case';
import { nextClockAt } from '#case/clocks';
import type { ChainHead } from '#case/evidence';
import { moneyKeysOf } from '#case/join';
import { lossOfCase } from '#case/loss';
import { priorityOf } from '#case/priority';
import { queueOf } from '#case/queue';
import type { Query } from '#apps/casework/store/query';
import { nameOf } from '#apps/casework/store/source-rows';

/** A case as it stands in the database, and where its chain of evidence ends. */
export interface StoredCase {
  readonly case: Case;
  readonly head: ChainHead;
}

interface CaseRow {
  readonly document: Case;
  readonly entry_count: number;
  readonly chain_head: string;
}

const asStored = ({ document, entry_count, chain_head }: CaseRow): StoredCase => ({
  case: document,
  head: { caseId: document.caseId, sequence: entry_count, hash: chain_head },
});

/** By what a finding, its payments or its order are looked up: the keys of case/join, and the finding itself. */
export const findingKey = (findingId: string): string => `finding ${findingId}`;
export const paymentKey = (paymentId: string): string => `payment ${paymentId}`;
export const orderKey = (orderId: string): string => `order ${orderId}`;

/** Every case that holds one of the keys, locked until the transaction ends; always in the same order, so that nobody waits in a ring. */
export async function lockCasesOfMoney(db: Query, keys: readonly string[]): Promise<readonly StoredCase[]> {
  if (keys.length === 0) return [];
  const { rows } = await db.query<CaseRow>(
    `SELECT document, entry_count, chain_head FROM casework.cases
     WHERE case_id IN (SELECT case_id FROM casework.case_money
                       WHERE key IN (SELECT json_array_elements_text($1::json)))
     ORDER BY case_id FOR UPDATE`,
    [JSON.stringify(keys)],
  );
  return withTakers(db, rows.map(asStored));
}

/** With the cases that took something over from them: while we waited for a lock, what we look for may have gone there. */
async function withTakers(db: Query, stored: readonly StoredCase[]): Promise<readonly StoredCase[]> {
  const known = new Set(stored.map(({ case: { caseId } }) => caseId));
  const takers = stored.flatMap(({ case: { handedOver = [] } }) => handedOver.map(({ to }) => to)).filter((to) => !known.has(to));
  return takers.length === 0 ? stored : withTakers(db, [...stored, ...(await lockCases(db, [...new Set(takers)]))]);
}

/** The cases that ordered these actions, and those that took the actions over since. */
export const lockCasesOfOrders = async (db: Query, caseIds: readonly string[]): Promise<readonly StoredCase[]> =>
  withTakers(db, await lockCases(db, caseIds));

export async function lockCases(db: Query, caseIds: readonly string[]): Promise<readonly StoredCase[]> {
  if (caseIds.length === 0) return [];
  const { rows } = await db.query<CaseRow>(
    `SELECT document, entry_count, chain_head FROM casework.cases
     WHERE case_id IN (SELECT json_array_elements_text($1::json)) ORDER BY case_id FOR UPDATE`,
    [JSON.stringify(caseIds)],
  );
  return rows.map(asStored);
}

/** Cases at which silence changed something before an instant, the longest overdue first; those that others hold are left to them. */
export async function lockDueCases(db: Query, now: number, limit: number): Promise<readonly StoredCase[]> {
  const { rows } = await db.query<CaseRow>(
    `SELECT document, entry_count, chain_head FROM casework.cases WHERE next_step_at_ms < $1
     ORDER BY next_step_at_ms, case_id LIMIT $2 FOR UPDATE SKIP LOCKED`,
    [now, limit],
  );
  return rows.map(asStored);
}

/** Cases with money that waits and whose source, of these partitions of `findings`, was read to its end; others' are left to them. */
export async function lockReleasable(db: Query, findings: readonly number[], limit: number): Promise<readonly StoredCase[]> {
  const { rows } = await db.query<CaseRow>(
    `SELECT document, entry_count, chain_head FROM casework.cases
     WHERE held_for IN (SELECT findings || ' ' || events FROM casework.source WHERE is_at_end AND findings = ANY ($1::int[]))
     ORDER BY held_for, case_id LIMIT $2 FOR UPDATE SKIP LOCKED`,
    [findings, limit],
  );
  return rows.map(asStored);
}

export async function anyCaseHeld(db: Query): Promise<boolean> {
  const { rows } = await db.query('SELECT 1 FROM casework.cases WHERE held_for IS NOT NULL LIMIT 1');
  return rows.length > 0;
}

export async function anyCaseDue(db: Query, now: number): Promise<boolean> {
  const { rows } = await db.query('SELECT 1 FROM casework.cases WHERE next_step_at_ms < $1 LIMIT 1', [now]);
  return rows.length > 0;
}

export async function readCase(db: Query, caseId: string): Promise<Case | undefined> {
  const { rows } = await db.query<{ document: Case }>('SELECT document FROM casework.cases WHERE case_id = $1', [caseId]);
  return rows[0]?.document;
}

/** A case to write: as it was when it was locked (undefined for one that opens now), and as it is. */
export interface CaseWrite extends StoredCase {
  readonly before: Case | undefined;
}

/** Writes cases that open and cases that changed, with the money they are about. Throws when one changed behind our back. */
export async function writeCases(db: Query, writes: readonly CaseWrite[]): Promise<void> {
  const opened = writes.filter(({ before }) => before === undefined);
  const changed = writes.filter(({ before }) => before !== undefined);
  if (opened.length > 0) await db.query(`INSERT INTO casework.cases (${COLUMNS}) ${FROM_ROWS}`, [rowsOf(opened)]);
  if (changed.length > 0) await updateCases(db, changed);
  await writeMoney(db, writes);
}

async function updateCases(db: Query, writes: readonly CaseWrite[]): Promise<void> {
  const { rows } = await db.query(
    `UPDATE casework.cases AS held SET (${COLUMNS}) = (SELECT ${COLUMNS_OF_NEXT})
     FROM json_to_recordset($1::json) AS next(${TYPED_COLUMNS}, revision_before integer)
     WHERE held.case_id = next.case_id AND held.revision = next.revision_before RETURNING held.case_id`,
    [rowsOf(writes)],
  );
  if (rows.length !== writes.length) {
    throw new Error(`writing ${writes.length} cases: only ${rows.length} were as they had been locked`);
  }
}

export const last4Key = (last4: string): string => `last4 ${last4}`;
export const referenceKey = (reference: string): string => `reference ${reference}`;

/** What a buyer or a bank may quote beside the money itself: by these a case is found, never joined. */
const quotedKeys = ({ payments, findings }: Case): readonly string[] => [
  ...payments.flatMap(({ instrument }) => (instrument?.last4 === undefined ? [] : last4Key(instrument.last4))),
  ...findings.flatMap(({ because: { figures } }) =>
    typeof figures['reference'] === 'string' ? referenceKey(figures['reference']) : [],
  ),
];

async function writeMoney(db: Query, writes: readonly CaseWrite[]): Promise<void> {
  const fresh = writes.filter(
    ({ before, case: next }) => before?.findings !== next.findings || before.payments !== next.payments,
  );
  const rows = fresh.flatMap(({ case: held }) => {
    const keys = new Set([
      ...moneyKeysOf(held),
      ...held.findings.map(({ findingId }) => findingKey(findingId)),
      ...quotedKeys(held),
    ]);
    return [...keys].map((key) => ({ case_id: held.caseId, key }));
  });
  if (rows.length === 0) return;
  await db.query(
    `INSERT INTO casework.case_money (case_id, key)
     SELECT case_id, key FROM json_to_recordset($1::json) AS next(case_id text, key text)
     ON CONFLICT (key, case_id) DO NOTHING`,
    [JSON.stringify(rows)],
  );
}

const columns = {
  case_id: 'text',
  number: 'text',
  account_id: 'text',
  kinds: 'text[]',
  stage: 'text',
  status: 'text',
  outcome: 'text',
  loss: 'jsonb',
  opened_at_ms: 'bigint',
  closed_at_ms: 'bigint',
  next_step_at_ms: 'bigint',
  held_for: 'text',
  queue: 'text',
  priority: 'integer',
  due_at_ms: 'bigint',
  assignee: 'text',
  revision: 'integer',
  entry_count: 'integer',
  chain_head: 'text',
  document: 'json',
} as const;
const names = Object.keys(columns);
const COLUMNS = names.join(', ');
const COLUMNS_OF_NEXT = names.map((name) => `next.${name}`).join(', ');
const TYPED_COLUMNS = Object.entries(columns)
  .map(([name, type]) => `${name} ${type}`)
  .join(', ');
const FROM_ROWS = `SELECT ${COLUMNS} FROM json_to_recordset($1::json) AS next(${TYPED_COLUMNS})`;

const rowsOf = (writes: readonly CaseWrite[]): string => JSON.stringify(writes.map(asRow));

const asRow = ({ before, case: held, head }: CaseWrite) => ({
  case_id: held.caseId,
  number: held.number,
  account_id: held.accountId,
  kinds: [...new Set(held.findings.map(({ kind }) => kind))],
  stage: held.stage,
  status: held.stage === 'closed' ? 'closed' : 'open',
  outcome: held.outcome,
  loss: Object.fromEntries(lossOfCase(held).map(({ currency, minor }) => [currency, minor])),
  opened_at_ms: held.openedAt,
  closed_at_ms: held.closedAt,
  next_step_at_ms: finiteOrNull(nextStepAt(held)),
  held_for: held.source !== undefined && held.actions.some(isHeld) ? nameOf(held.source) : null,
  queue: queueOf(held),
  priority: priorityOf(held),
  due_at_ms: finiteOrNull(nextClockAt(held)),
  assignee: held.assignee ?? null,
  revision: held.revision,
  entry_count: head.sequence,
  chain_head: head.hash,
  document: held,
  revision_before: before?.revision ?? null,
});

/** Null where silence changes nothing. */
const finiteOrNull = (at: number): number | null => (Number.isFinite(at) ? at : null);

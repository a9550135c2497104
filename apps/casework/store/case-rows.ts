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
import type { Store } from '#apps/casework/store/store';
import { openCase, type SealedDocument, sealCase } from '#apps/casework/vault/sealed-document';
import type { KeyRing } from '#apps/casework/vault/key-ring';
import { nameOf } from '#apps/casework/store/source-rows';

/** A case as it stands in the database, and where its chain of evidence ends. */
export interface StoredCase {
  readonly case: Case;
  readonly head: ChainHead;
}

interface CaseRow extends SealedDocument<Case> {
  readonly entry_count: number;
  readonly chain_head: string;
}

/** Opens cases, for which all of them must have been locked first. */
async function asStored(db: Store, rows: readonly CaseRow[]): Promise<readonly StoredCase[]> {
  const keys = await db.keysOf(rows.map(({ document: { accountId } }) => accountId));
  return rows.map((row) => ({
    case: openCase(keys, row),
    head: { caseId: row.document.caseId, sequence: row.entry_count, hash: row.chain_head },
  }));
}

/** By what a finding, its payments or its order are looked up: the keys of case/join, and the finding itself. */
export const findingKey = (findingId: string): string => `finding ${findingId}`;
export const paymentKey = (paymentId: string): string => `payment ${paymentId}`;
export const orderKey = (orderId: string): string => `order ${orderId}`;

/** Every case that holds one of the keys, locked until the transaction ends; always in the same order, so that nobody waits in a ring. */
export async function lockCasesOfMoney(db: Store, keys: readonly string[]): Promise<readonly StoredCase[]> {
  if (keys.length === 0) return [];
  const { rows } = await db.query<CaseRow>(
    `SELECT document, sealed, entry_count, chain_head FROM casework.cases
     WHERE case_id IN (SELECT case_id FROM casework.case_money
                       WHERE key = ANY($1::text[]))
     ORDER BY case_id FOR UPDATE`,
    [keys],
  );
  return asStored(db, await withTakers(db, rows));
}

/** With the cases that took something over from them: while we waited for a lock, what we look for may have gone there. */
async function withTakers(db: Query, rows: readonly CaseRow[]): Promise<readonly CaseRow[]> {
  const known = new Set(rows.map(({ document: { caseId } }) => caseId));
  const takers = rows
    .flatMap(({ document: { handedOver = [] } }) => handedOver.map(({ to }) => to))
    .filter((to) => !known.has(to));
  return takers.length === 0 ? rows : withTakers(db, [...rows, ...(await lockRows(db, [...new Set(takers)]))]);
}

/** The cases that ordered these actions, and those that took the actions over since. */
export const lockCasesOfOrders = async (db: Store, caseIds: readonly string[]): Promise<readonly StoredCase[]> =>
  asStored(db, await withTakers(db, await lockRows(db, caseIds)));

export const lockCases = async (db: Store, caseIds: readonly string[]): Promise<readonly StoredCase[]> =>
  asStored(db, await lockRows(db, caseIds));

async function lockRows(db: Query, caseIds: readonly string[]): Promise<readonly CaseRow[]> {
  if (caseIds.length === 0) return [];
  const { rows } = await db.query<CaseRow>(
    `SELECT document, sealed, entry_count, chain_head FROM casework.cases
     WHERE case_id = ANY($1::text[]) ORDER BY case_id FOR UPDATE`,
    [caseIds],
  );
  return rows;
}

/** Cases that the rest of a statement chooses and locks. */
export async function lockOpened(db: Store, rest: string, values: readonly unknown[]): Promise<readonly StoredCase[]> {
  const { rows } = await db.query<CaseRow>(
    `SELECT document, sealed, entry_count, chain_head FROM casework.cases ${rest}`,
    values,
  );
  return asStored(db, rows);
}

/** Every case of a buyer, whatever became of it. */
export async function lockCasesOfAccount(db: Store, accountId: string): Promise<readonly StoredCase[]> {
  const { rows } = await db.query<CaseRow>(
    `SELECT document, sealed, entry_count, chain_head FROM casework.cases WHERE account_id = $1 ORDER BY case_id FOR UPDATE`,
    [accountId],
  );
  return asStored(db, rows);
}

/** Cases at which silence changed something before an instant, the longest overdue first; those that others hold are left to them. */
export async function lockDueCases(db: Store, now: number, limit: number): Promise<readonly StoredCase[]> {
  const { rows } = await db.query<CaseRow>(
    `SELECT document, sealed, entry_count, chain_head FROM casework.cases WHERE next_step_at_ms < $1
     ORDER BY next_step_at_ms, case_id LIMIT $2 FOR UPDATE SKIP LOCKED`,
    [now, limit],
  );
  return asStored(db, rows);
}

/** Cases with money that waits and whose source, of these partitions of `findings`, was read to its end; others' are left to them. */
export async function lockReleasable(db: Store, findings: readonly number[], limit: number): Promise<readonly StoredCase[]> {
  const { rows } = await db.query<CaseRow>(
    `SELECT document, sealed, entry_count, chain_head FROM casework.cases
     WHERE held_for IN (SELECT findings || ' ' || events FROM casework.source WHERE is_at_end AND findings = ANY ($1::int[]))
     ORDER BY held_for, case_id LIMIT $2 FOR UPDATE SKIP LOCKED`,
    [findings, limit],
  );
  return asStored(db, rows);
}

export async function anyCaseHeld(db: Query): Promise<boolean> {
  const { rows } = await db.query('SELECT 1 FROM casework.cases WHERE held_for IS NOT NULL LIMIT 1');
  return rows.length > 0;
}

export async function anyCaseDue(db: Query, now: number): Promise<boolean> {
  const { rows } = await db.query('SELECT 1 FROM casework.cases WHERE next_step_at_ms < $1 LIMIT 1', [now]);
  return rows.length > 0;
}

export async function readCase(db: Store, caseId: string): Promise<Case | undefined> {
  const { rows } = await db.query<SealedDocument<Case>>('SELECT document, sealed FROM casework.cases WHERE case_id = $1', [
    caseId,
  ]);
  return (await openCases(db, rows))[0];
}

/** What rows of cases hold, in their order. */
export async function openCases(db: Store, rows: readonly SealedDocument<Case>[]): Promise<readonly Case[]> {
  const keys = await db.keysOf(rows.map(({ document: { accountId } }) => accountId));
  return rows.map((row) => openCase(keys, row));
}

/** A case to write: as it was when it was locked (undefined for one that opens now), and as it is. */
export interface CaseWrite extends StoredCase {
  readonly before: Case | undefined;
}

/** Writes cases that open and cases that changed, with the money they are about. Throws when one changed behind our back. */
export async function writeCases(db: Store, writes: readonly CaseWrite[]): Promise<void> {
  const opened = writes.filter(({ before }) => before === undefined);
  const changed = writes.filter(({ before }) => before !== undefined);
  const keys = await db.keysOf(
    writes.map(({ case: { accountId } }) => accountId),
    'sealing',
  );
  if (opened.length > 0) await db.query(`INSERT INTO casework.cases (${COLUMNS}) ${FROM_ROWS}`, [rowsOf(opened, keys)]);
  if (changed.length > 0) await updateCases(db, changed, keys);
  await writeMoney(db, writes);
}

async function updateCases(db: Query, writes: readonly CaseWrite[], keys: KeyRing): Promise<void> {
  const { rows } = await db.query(
    `UPDATE casework.cases AS held SET (${COLUMNS}) = (SELECT ${COLUMNS_OF_NEXT})
     FROM json_to_recordset($1::json) AS next(${TYPED_COLUMNS}, revision_before integer)
     WHERE held.case_id = ANY($2::text[]) AND held.case_id = next.case_id AND held.revision = next.revision_before
     RETURNING held.case_id`,
    [rowsOf(writes, keys), writes.map(({ case: { caseId } }) => caseId)],
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
  sealed: 'text',
} as const;
const names = Object.keys(columns);
const COLUMNS = names.join(', ');
const COLUMNS_OF_NEXT = names.map((name) => `next.${name}`).join(', ');
const TYPED_COLUMNS = Object.entries(columns)
  .map(([name, type]) => `${name} ${type}`)
  .join(', ');
const FROM_ROWS = `SELECT ${COLUMNS} FROM json_to_recordset($1::json) AS next(${TYPED_COLUMNS})`;

const rowsOf = (writes: readonly CaseWrite[], keys: KeyRing): string => JSON.stringify(writes.map((write) => asRow(write, keys)));

const asRow = ({ before, case: held, head }: CaseWrite, keys: KeyRing) => ({
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
  ...sealCase(keys, held),
  revision_before: before?.revision ?? null,
});

/** Null where silence changes nothing. */
const finiteOrNull = (at: number): number | null => (Number.isFinite(at) ? at : null);

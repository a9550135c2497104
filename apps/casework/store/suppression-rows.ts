import type { InstantMs } from '#kernel/time';
import type { Mark, Snooze, Suppressions } from '#case/suppression';
import type { Finding, FindingKind } from '#detection/finding';
import type { Page } from '#apps/casework/api/cursor';
import { Conditions, type Query } from '#apps/casework/store/query';

interface MarkRow {
  readonly finding_id: string;
  readonly kind: FindingKind;
  readonly account_id: string | null;
  readonly payment_ids: readonly string[];
  readonly reason: string;
  readonly by: string;
  readonly at_ms: string;
}

interface SnoozeRow {
  readonly snooze_id: string;
  readonly kind: FindingKind;
  readonly account_id: string | null;
  readonly merchant_id: string | null;
  readonly until_ms: string;
  readonly reason: string;
  readonly by: string;
  readonly at_ms: string;
  readonly case_id: string | null;
  readonly ended_by: string | null;
  readonly ended_at_ms: string | null;
  readonly end_reason: string | null;
  readonly suppressed: number;
}

/** A snooze with its story. `until` is when it really ends: earlier than was said, where a person ended it. */
export interface StoredSnooze extends Snooze {
  readonly at: InstantMs;
  readonly caseId: string | null;
  readonly ended?: { readonly by: string; readonly at: InstantMs; readonly reason: string };
  /** Findings that it keeps from becoming cases so far. */
  readonly suppressed: number;
}

/** Marks of the buyers of these findings, and snoozes of their buyers and merchants. */
export async function suppressionsFor(db: Query, findings: readonly Finding[]): Promise<Suppressions> {
  const accounts = [...new Set(findings.flatMap(({ accountId }) => accountId ?? []))];
  const merchants = [
    ...new Set(
      findings.flatMap(({ merchantId, scope }) => [merchantId ?? [], scope?.kind === 'merchant' ? scope.key : []].flat()),
    ),
  ];
  const ids = findings.map(({ findingId }) => findingId);
  const marks = await db.query<MarkRow>(
    `SELECT * FROM casework.mark WHERE account_id = ANY($1::text[])
       OR finding_id = ANY($2::text[])`,
    [accounts, ids],
  );
  const snoozes = await db.query<SnoozeRow>(
    `SELECT *, 0 AS suppressed FROM casework.snooze WHERE account_id = ANY($1::text[])
       OR merchant_id = ANY($2::text[])
     ORDER BY at_ms, snooze_id`,
    [accounts, merchants],
  );
  return { marks: marks.rows.map(asMark), snoozes: snoozes.rows.map(asSnooze) };
}

/** Writes marks; one on a finding that was marked before covers what it names now. */
export async function writeMarks(db: Query, marks: readonly Mark[]): Promise<void> {
  for (const { findingId, kind, accountId, paymentIds, reason, by, at } of marks)
    await db.query(
      `INSERT INTO casework.mark (finding_id, kind, account_id, payment_ids, reason, by, at_ms) VALUES ($1, $2, $3, $4, $5, $6, $7)
       ON CONFLICT (finding_id) DO UPDATE SET kind = excluded.kind, payment_ids = excluded.payment_ids, reason = excluded.reason,
         by = excluded.by, at_ms = excluded.at_ms`,
      [findingId, kind, accountId, JSON.stringify(paymentIds), reason, by, at],
    );
}

export async function writeSnooze(db: Query, snooze: Snooze, at: InstantMs, caseId: string | null): Promise<void> {
  const { snoozeId, kind, accountId = null, merchantId = null, until, reason, by } = snooze;
  await db.query(
    `INSERT INTO casework.snooze (snooze_id, kind, account_id, merchant_id, until_ms, reason, by, at_ms, case_id)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [snoozeId, kind, accountId, merchantId, until, reason, by, at, caseId],
  );
}

export async function endSnooze(db: Query, snoozeId: string, by: string, at: InstantMs, reason: string): Promise<void> {
  await db.query(
    `UPDATE casework.snooze SET until_ms = least(until_ms, $3), ended_by = $2, ended_at_ms = $3, end_reason = $4 WHERE snooze_id = $1`,
    [snoozeId, by, at, reason],
  );
}

const COLUMNS = `snooze.*, (SELECT count(*)::int FROM casework.finding WHERE suppressed_by = snooze.snooze_id) AS suppressed`;

/** Locked until the transaction ends. */
export async function lockSnooze(db: Query, snoozeId: string): Promise<StoredSnooze | undefined> {
  const { rows } = await db.query<SnoozeRow>(`SELECT ${COLUMNS} FROM casework.snooze WHERE snooze_id = $1 FOR UPDATE`, [
    snoozeId,
  ]);
  return rows[0] && asSnooze(rows[0]);
}

export interface SnoozeFilter {
  readonly kind?: string | undefined;
  readonly accountId?: string | undefined;
  readonly merchantId?: string | undefined;
  /** Only those that end after this. */
  readonly activeAt?: InstantMs | undefined;
}

/** Newest first; one row more than `limit`. */
export async function listSnoozes(db: Query, filter: SnoozeFilter, page: Page): Promise<readonly StoredSnooze[]> {
  const conditions = new Conditions();
  if (filter.kind) conditions.add('kind = $?', filter.kind);
  if (filter.accountId) conditions.add('account_id = $?', filter.accountId);
  if (filter.merchantId) conditions.add('merchant_id = $?', filter.merchantId);
  if (filter.activeAt !== undefined) conditions.add('until_ms > $?', filter.activeAt);
  if (page.after) conditions.add('(at_ms, snooze_id) < ($?, $?)', page.after.atMs, page.after.id);
  const { where } = conditions;
  const limit = conditions.parameter(page.limit + 1);
  const { rows } = await db.query<SnoozeRow>(
    `SELECT ${COLUMNS} FROM casework.snooze ${where} ORDER BY at_ms DESC, snooze_id DESC LIMIT ${limit}`,
    conditions.values,
  );
  return rows.map(asSnooze);
}

const asMark = (row: MarkRow): Mark => ({
  findingId: row.finding_id,
  kind: row.kind,
  accountId: row.account_id,
  paymentIds: row.payment_ids,
  reason: row.reason,
  by: row.by,
  at: Number(row.at_ms),
});

const asSnooze = (row: SnoozeRow): StoredSnooze => ({
  snoozeId: row.snooze_id,
  kind: row.kind,
  ...(row.account_id === null ? {} : { accountId: row.account_id }),
  ...(row.merchant_id === null ? {} : { merchantId: row.merchant_id }),
  until: Number(row.until_ms),
  reason: row.reason,
  by: row.by,
  at: Number(row.at_ms),
  caseId: row.case_id,
  ...(row.ended_by === null ? {} : { ended: { by: row.ended_by, at: Number(row.ended_at_ms), reason: row.end_reason ?? '' } }),
  suppressed: row.suppressed,
});

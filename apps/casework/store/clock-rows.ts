import type { Case } from '#case/case';
import type { Query } from './query';

/** Keeps the indexed copy of the clocks of changed cases. */
export async function writeClocks(
  db: Query,
  writes: readonly { readonly before: Case | undefined; readonly case: Case }[],
): Promise<void> {
  const rows = writes.flatMap(({ before, case: held }) =>
    held.clocks
      .filter((clock) => !before?.clocks.includes(clock))
      .map(({ name, dueAt, state }) => ({ case_id: held.caseId, name, due_at_ms: dueAt, state })),
  );
  if (rows.length === 0) return;
  await db.query(
    `INSERT INTO casework.case_clock (case_id, name, due_at_ms, state)
     SELECT case_id, name, due_at_ms, state
     FROM json_to_recordset($1::json) AS next(case_id text, name text, due_at_ms bigint, state text)
     ON CONFLICT (case_id, name) DO UPDATE SET due_at_ms = excluded.due_at_ms, state = excluded.state`,
    [JSON.stringify(rows)],
  );
}

/** Cases with a running clock that ended before an instant, the longest overdue first. */
export async function casesOverdue(db: Query, now: number, limit: number): Promise<readonly string[]> {
  const { rows } = await db.query<{ case_id: string }>(
    `SELECT case_id FROM casework.case_clock WHERE state = 'running' AND due_at_ms < $1 ORDER BY due_at_ms, case_id LIMIT $2`,
    [now, limit],
  );
  return [...new Set(rows.map((row) => row.case_id))];
}

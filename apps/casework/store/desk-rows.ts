import type { Case } from '#case/case';
import type { HandedOver } from '#case/hand-over';
import { lockCases, type StoredCase } from '#apps/casework/store/case-rows';
import type { Query } from '#apps/casework/store/query';
import type { Store } from '#apps/casework/store/store';

/**
 * The most urgent case that waits for someone, locked; none when nothing waits. What another transaction holds is left to it, so that
 * two people who ask at once never get the same.
 */
export async function lockNextUnassigned(db: Store, queue: string | undefined): Promise<readonly StoredCase[]> {
  const { rows } = await db.query<{ case_id: string }>(
    `SELECT case_id FROM casework.cases WHERE ${queue === undefined ? 'queue IS NOT NULL' : 'queue = $1'} AND assignee IS NULL
     ORDER BY priority DESC, due_at_ms, case_id LIMIT 1 FOR UPDATE SKIP LOCKED`,
    queue === undefined ? [] : [queue],
  );
  return lockCases(
    db,
    rows.map(({ case_id: caseId }) => caseId),
  );
}

export interface QueueLength {
  readonly queue: string;
  readonly unassigned: number;
  readonly assigned: number;
  /** Of both, those with a clock that was missed or is past. */
  readonly overdue: number;
}

export async function readQueues(db: Query, now: number): Promise<readonly QueueLength[]> {
  const { rows } = await db.query<QueueLength>(
    `SELECT queue, (count(*) FILTER (WHERE assignee IS NULL))::int AS unassigned,
       (count(*) FILTER (WHERE assignee IS NOT NULL))::int AS assigned, (count(*) FILTER (WHERE due_at_ms < $1))::int AS overdue
     FROM casework.cases WHERE queue IS NOT NULL GROUP BY queue`,
    [now],
  );
  return rows;
}

export async function writeTags(db: Query, { caseId, tags = [] }: Case): Promise<void> {
  await db.query('DELETE FROM casework.case_tag WHERE case_id = $1', [caseId]);
  await db.query('INSERT INTO casework.case_tag (tag, case_id) SELECT unnest($1::text[]), $2', [tags, caseId]);
}

/** Rows of findings and actions follow the case that holds them now. */
export async function moveBelongings(db: Query, { from, to }: HandedOver): Promise<void> {
  const given = from.case.handedOver?.at(-1);
  if (given === undefined) return;
  const move = (table: 'finding' | 'action', ids: readonly string[]) =>
    db.query(`UPDATE casework.${table} SET case_id = $1 WHERE ${table}_id = ANY($2::text[])`, [to.case.caseId, ids]);
  await move(
    'finding',
    given.findings.map(({ findingId }) => findingId),
  );
  await move(
    'action',
    given.actions.map(({ actionId }) => actionId),
  );
}

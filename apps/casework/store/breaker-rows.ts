import type { InstantMs } from '#kernel/time';
import type { Usual } from '#action/breaker';
import type { Query } from '#apps/casework/store/query';

/** One opening of the breaker. */
export interface BreakerRow {
  readonly sequence: number;
  readonly openedAt: InstantMs;
  readonly openedBy: string;
  readonly why: string;
  readonly figures: Usual | null;
  readonly until: InstantMs;
  readonly closed: { readonly at: InstantMs; readonly by: string; readonly reason: string } | null;
}

const SELECT = `SELECT sequence, opened_at_ms AS "openedAt", opened_by AS "openedBy", why, figures, until_ms AS until,
  CASE WHEN closed_at_ms IS NOT NULL THEN json_build_object('at', closed_at_ms, 'by', closed_by, 'reason', close_reason) END AS closed
  FROM casework.breaker`;

export async function openBreaker(db: Query, opening: Omit<BreakerRow, 'sequence' | 'closed'>): Promise<void> {
  await db.query('INSERT INTO casework.breaker (opened_at_ms, opened_by, why, figures, until_ms) VALUES ($1, $2, $3, $4, $5)', [
    opening.openedAt,
    opening.openedBy,
    opening.why,
    opening.figures === null ? null : JSON.stringify(opening.figures),
    opening.until,
  ]);
}

/** Closes what is open; the number of openings that were. */
export async function closeBreaker(db: Query, by: string, reason: string, now: InstantMs): Promise<number> {
  const { rows } = await db.query(
    `UPDATE casework.breaker SET closed_at_ms = $1, closed_by = $2, close_reason = $3
     WHERE closed_at_ms IS NULL AND until_ms > $1 RETURNING sequence`,
    [now, by, reason],
  );
  return rows.length;
}

/** The openings of late, newest first. */
export async function readBreaker(db: Query, limit = 20): Promise<readonly BreakerRow[]> {
  const { rows } = await db.query<BreakerRow>(`${SELECT} ORDER BY sequence DESC LIMIT $1`, [limit]);
  return rows;
}

export async function isBreakerOpen(db: Query, now: InstantMs): Promise<boolean> {
  const { rows } = await db.query<{ open: boolean }>(
    'SELECT EXISTS (SELECT 1 FROM casework.breaker WHERE closed_at_ms IS NULL AND until_ms > $1) AS open',
    [now],
  );
  return rows[0]!.open;
}

/** Whether a person closed it after an instant. */
export async function wasClosedSince(db: Query, since: InstantMs): Promise<boolean> {
  const { rows } = await db.query<{ closed: boolean }>(
    'SELECT EXISTS (SELECT 1 FROM casework.breaker WHERE closed_at_ms > $1) AS closed',
    [since],
  );
  return rows[0]!.closed;
}

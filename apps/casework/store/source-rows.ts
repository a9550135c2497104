import type { CaseSource } from '#case/case';
import type { Query } from '#apps/casework/store/query';

/** What the messages of a partition of `findings` said last of the partitions of events: whether each was read to its end. */
export async function noteSources(db: Query, findings: number, isAtEnd: ReadonlyMap<string, boolean>): Promise<void> {
  if (isAtEnd.size === 0) return;
  await db.query(
    `INSERT INTO casework.source AS held (findings, events, is_at_end)
     SELECT $1, events, is_at_end FROM json_to_recordset($2::json) AS next(events text, is_at_end boolean)
     ON CONFLICT (findings, events) DO UPDATE SET is_at_end = excluded.is_at_end WHERE held.is_at_end <> excluded.is_at_end`,
    [findings, JSON.stringify([...isAtEnd].map(([events, is_at_end]) => ({ events, is_at_end })))],
  );
}

/** Whether events that were in the log when a case's account was last heard of are still unread. */
export type IsBehind = (source: CaseSource | undefined) => boolean;

export async function readBehind(db: Query): Promise<IsBehind> {
  const { rows } = await db.query<CaseSource>('SELECT findings, events FROM casework.source WHERE NOT is_at_end');
  const behind = new Set(rows.map(nameOf));
  return (source) => source !== undefined && behind.has(nameOf(source));
}

/** A case that came from there, as its row names it. */
export const nameOf = ({ findings, events }: CaseSource): string => `${findings} ${events}`;

import { badQuery } from '#apps/casework/api/query-of';
import { decodeCursor, encodeCursor, type Page, type Position } from '#apps/casework/api/cursor';

export interface PageQuery {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** Answers 400 for a cursor that is not ours. */
export function pageOf({ limit, cursor }: PageQuery): Page {
  if (cursor === undefined) return { limit };
  const after = decodeCursor(cursor);
  if (!after.ok) throw badQuery('cursor', after.error);
  return { limit, after: after.value };
}

/** The rows of one page, of which one too many was read, and where the next page begins; null on the last. */
export function cutPage<Row>(
  rows: readonly Row[],
  limit: number,
  positionOf: (row: Row) => Position,
): { readonly rows: readonly Row[]; readonly nextCursor: string | null } {
  const kept = rows.slice(0, limit);
  return { rows: kept, nextCursor: rows.length > limit ? encodeCursor(positionOf(kept.at(-1)!)) : null };
}

import { fail, ok, type Result } from '#kernel/result';
import { isSoundText } from '#kernel/sound-text';

/** Where a list goes on: after the row with this time and id, newest first. Neither ever changes, so pages neither skip nor repeat. */
export interface Position {
  readonly atMs: number;
  readonly id: string;
}

/** What a list is asked for: rows behind `after`, or the newest. */
export interface Page {
  readonly limit: number;
  readonly after?: Position | undefined;
}

export const encodeCursor = (position: Position): string =>
  Buffer.from(JSON.stringify([position.atMs, position.id]), 'utf8').toString('base64url');

export function decodeCursor(text: string): Result<Position, string> {
  const parts = parseArray(Buffer.from(text, 'base64url').toString('utf8'));
  const [atMs, id] = parts ?? [];
  if (parts?.length !== 2 || typeof id !== 'string' || !isSoundText(id) || !Number.isSafeInteger(atMs)) {
    return fail('this is no cursor of ours: start again without it, then pass on `nextCursor` as it was given');
  }
  return ok({ atMs: atMs as number, id });
}

function parseArray(text: string): readonly unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

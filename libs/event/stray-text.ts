import { strayTextAt } from '#kernel/sound-text';
import type { Fault } from '#event/explain';

const POINTER_MAX = 200;

/**
 * The first text, field names included, that Unicode or Postgres cannot hold. JSON can carry it only as an escape, so a caller need
 * not look where the bytes hold no `\u`. `value` is nested no deeper than `NESTING_MAX`.
 */
export function strayText(value: unknown, pointer: string): Fault | undefined {
  const found = strayTextAt(value, pointer);
  if (found === undefined) return undefined;
  return {
    pointer: found.slice(0, POINTER_MAX),
    expected: 'well-formed Unicode without U+0000',
    found: 'an unpaired surrogate or U+0000',
  };
}

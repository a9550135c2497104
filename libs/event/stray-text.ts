import type { Fault } from '#event/explain';

/**
 * The first text, field names included, that Unicode or Postgres cannot hold: an unpaired surrogate or U+0000. JSON can carry both,
 * but only as an escape, so a caller need not look where the bytes hold no `\u`.
 * `value` is nested no deeper than `NESTING_MAX`.
 */
export function strayText(value: unknown, pointer: string): Fault | undefined {
  if (typeof value === 'string') return isSound(value) ? undefined : stray(pointer);
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [name, inner] of Object.entries(value)) {
    if (!isSound(name)) return stray(pointer);
    const fault = strayText(inner, `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`);
    if (fault) return fault;
  }
  return undefined;
}

const POINTER_MAX = 200;
const strayCharacter = /\p{Surrogate}|\0/u;
const strayCharacters = /\p{Surrogate}|\0/gu;

const isSound = (text: string): boolean => !strayCharacter.test(text);

/** The text with U+FFFD in place of what Unicode or Postgres cannot hold. */
export const storable = (text: string): string => text.replace(strayCharacters, '\uFFFD');

const stray = (pointer: string): Fault => ({
  pointer: pointer.slice(0, POINTER_MAX),
  expected: 'well-formed Unicode without U+0000',
  found: 'an unpaired surrogate or U+0000',
});

const strayCharacter = /\p{Surrogate}|\0/u;
const strayCharacters = /\p{Surrogate}|\0/gu;

/** Whether Unicode and Postgres can hold the text: no unpaired surrogate, no U+0000. JSON can carry both, as an escape. */
export const isSoundText = (text: string): boolean => !strayCharacter.test(text);

/** The text with U+FFFD in place of what Unicode or Postgres cannot hold. */
export const storable = (text: string): string => text.replace(strayCharacters, '\uFFFD');

/**
 * JSON pointer to the first text, field names included, that is not sound.
 * `value` is nested no deeper than its caller allows: every level is a call.
 */
export function strayTextAt(value: unknown, pointer: string): string | undefined {
  if (typeof value === 'string') return isSoundText(value) ? undefined : pointer;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [name, inner] of Object.entries(value)) {
    if (!isSoundText(name)) return pointer;
    const found = strayTextAt(inner, `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

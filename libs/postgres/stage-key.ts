/** Between the keys and between the states of one parameter: not in JSON text, and escaped in keys. */
export const SEPARATOR = '\u001e';

const escapes: readonly (readonly [string, string])[] = [
  ['\\', '\\\\'],
  ['\u0000', '\\0'],
  [SEPARATOR, '\\e'],
];
const characters: Readonly<Record<string, string>> = Object.fromEntries(
  escapes.map(([character, escape]) => [escape, character]),
);

/** A key as a text column can hold it beside its neighbours; almost always the key itself. */
export function toColumn(key: string): string {
  if (!escapes.some(([character]) => key.includes(character))) return key;
  return escapes.reduce((text, [character, escape]) => text.replaceAll(character, escape), key);
}

export const fromColumn = (text: string): string =>
  text.includes('\\') ? text.replace(/\\[\\0e]/g, (escape) => characters[escape]!) : text;

/** Between the keys and between the states of one parameter: not in JSON text, and escaped in keys. */
export const SEPARATOR = '\u001e';

const special = /[\\\u0000\u001e]/;
const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\u0000': '\\0', '\u001e': '\\e' };
const characters: Readonly<Record<string, string>> = { '\\\\': '\\', '\\0': '\u0000', '\\e': '\u001e' };

/** A key as a text column can hold it beside its neighbours; almost always the key itself. */
export const toColumn = (key: string): string =>
  special.test(key) ? key.replace(/[\\\u0000\u001e]/g, (character) => escapes[character]!) : key;

export const fromColumn = (text: string): string =>
  text.includes('\\') ? text.replace(/\\[\\0e]/g, (escape) => characters[escape]!) : text;

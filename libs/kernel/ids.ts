import { hash } from 'node:crypto';

/** What an id may be derived from; parts are told apart whatever text they hold. */
export type IdPart = string | number | boolean | null;

/**
 * `<prefix>-<32 hexadecimal digits>`: 128 bits of SHA-256 over the parts. The same parts give the same id in every process and
 * release; different ones never meet, since JSON keeps the border between them.
 */
export const deriveId = (prefix: string, ...parts: readonly IdPart[]): string =>
  `${prefix}-${sha256Hex(JSON.stringify(parts)).slice(0, 32)}`;

/** SHA-256 of a text's UTF-8 bytes, as 64 hexadecimal digits. */
export const sha256Hex = (text: string): string => hash('sha256', text, 'hex');

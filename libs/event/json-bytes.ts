import { fail, ok, type Result } from '#kernel/result';

export interface ParsedJson {
  readonly data: unknown;
  /** Whether any text was written with `\u`: only then can it hold what UTF-8 cannot. */
  readonly hasUnicodeEscape: boolean;
}

/** JSON from bytes; a byte order mark is skipped (RFC 8259, section 8.1), bytes that are not UTF-8 are refused, not replaced. */
export function parseJson(bytes: Buffer): Result<ParsedJson, string> {
  const text = bytes.toString('utf8');
  if (text.includes('\uFFFD') && !Buffer.from(text, 'utf8').equals(bytes)) return fail('bytes that are not UTF-8');
  try {
    const data: unknown = JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
    return ok({ data, hasUnicodeEscape: text.includes('\\u') });
  } catch {
    return fail(bytes.length === 0 ? 'no bytes' : `${bytes.length} bytes that are no JSON`);
  }
}

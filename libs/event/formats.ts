import { FormatRegistry } from '@sinclair/typebox';
import { isCardNumber } from '#kernel/card-number';
import { isCurrency } from '#kernel/currency';
import { parseInstant } from '#kernel/time';

/** The formats that schemas name: what each accepts, as people read it, and as JSON Schema without our code can say it. */
export const formats = {
  'date-time': {
    accepts: (text: string) => parseInstant(text) !== undefined,
    expected: 'an RFC 3339 time with offset, such as 2026-06-11T14:00:00Z',
  },
  currency: { accepts: isCurrency, expected: 'an ISO 4217 currency code with a minor unit, such as EUR' },
  country: { accepts: isCountryCode, expected: 'an ISO 3166 country code of two capital letters, such as DE' },
  token: { accepts: (text: string) => !isCardNumber(text), expected: 'a token, never a card number' },
  sha256: { accepts: isSha256, expected: 'a SHA-256 digest as 64 hexadecimal digits' },
} as const;

export type FormatName = keyof typeof formats;

for (const [name, { accepts }] of Object.entries(formats)) FormatRegistry.Set(name, accepts);

function isCountryCode(text: string): boolean {
  return text.length === 2 && isCapital(text.charCodeAt(0)) && isCapital(text.charCodeAt(1));
}

const isCapital = (code: number): boolean => code >= 65 && code <= 90;

function isSha256(text: string): boolean {
  if (text.length !== 64) return false;
  for (let at = 0; at < 64; at++) {
    const code = text.charCodeAt(at);
    if (!((code >= 48 && code <= 57) || ((code | 32) >= 97 && (code | 32) <= 102))) return false;
  }
  return true;
}

import { Type, type TLiteral, type TUnion } from '@sinclair/typebox';

/** One of these words, each of them in the static type. */
export const oneOf = <const Words extends readonly string[]>(...words: Words) =>
  Type.Unsafe<Words[number]>({ enum: words }) as unknown as TUnion<{ -readonly [At in keyof Words]: TLiteral<Words[At]> }>;

export const time = Type.String({ format: 'date-time', description: 'RFC 3339' });
export const money = Type.Object(
  {
    minor: Type.Integer({ minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER }),
    currency: Type.String({ pattern: '^[A-Z]{3}$' }),
  },
  { description: 'A whole number of ISO 4217 minor units: 1250 EUR is 12.50 euro, 1250 JPY is 1250 yen.' },
);

import { Type, type StaticDecode, type TObject, type TProperties, type TSchema } from '@sinclair/typebox';

/**
 * How the schema is written: each leaf has its default and a sentence of documentation. `env` names a variable in addition to the
 * one derived from the path (`gateway.rate.burst` is always also `MAKEWHOLE_GATEWAY_RATE_BURST`).
 */
interface LeafOptions {
  readonly env?: string;
  /** Shown as `***` by `redact`. */
  readonly secret?: boolean;
}

export const section = <Properties extends TProperties>(properties: Properties, description: string): TObject<Properties> =>
  Type.Object(properties, { additionalProperties: false, default: {}, description });

export const text = (fallback: string, description: string, options: LeafOptions & { pattern?: string } = {}) =>
  Type.String({ default: fallback, description, ...options });

export const count = (fallback: number, range: readonly [number, number], description: string, options: LeafOptions = {}) =>
  Type.Integer({ default: fallback, minimum: range[0], maximum: range[1], description, ...options });

/** Milliseconds; written as a number or as text such as `5s`. */
export const duration = (fallbackMs: number, range: readonly [number, number], description: string, options: LeafOptions = {}) =>
  Type.Number({ default: fallbackMs, minimum: range[0], maximum: range[1], description, duration: true, ...options });

export const flag = (fallback: boolean, description: string, options: LeafOptions = {}) =>
  Type.Boolean({ default: fallback, description, ...options });

export const choice = <const Values extends readonly string[]>(
  values: Values,
  fallback: Values[number],
  description: string,
  options: LeafOptions = {},
) => Type.Unsafe<Values[number]>(Type.Union(wordsOf(values), { default: fallback, description, choices: values, ...options }));

/** A value out of a closed set, without a default. */
export const oneOf = <const Values extends readonly string[]>(values: Values) =>
  Type.Unsafe<Values[number]>(Type.Union(wordsOf(values), { choices: values }));

const wordsOf = (values: readonly string[]) => values.map((value) => Type.Literal(value));

/** A list of words; in the environment separated by commas. */
export const words = (description: string, options: LeafOptions = {}) =>
  Type.Array(Type.String({ minLength: 1 }), { default: [], description, words: true, ...options });

/** A list of secrets, the newest first; in the environment separated by commas. */
export const secrets = (description: string, pattern: string) =>
  Type.Array(Type.String({ pattern, secret: true }), { default: [], description, words: true });

/** A list of objects; in the environment as JSON. */
export const list = <Item extends TSchema>(item: Item, description: string, options: LeafOptions = {}) =>
  Type.Array(item, { default: [], description, ...options });

/** Every level read-only: a configuration is read once and never changed. */
export type DeepReadonly<Value> = Value extends readonly (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : Value extends object
    ? { readonly [Name in keyof Value]: DeepReadonly<Value[Name]> }
    : Value;

export type ValueOf<Schema extends TSchema> = DeepReadonly<StaticDecode<Schema>>;

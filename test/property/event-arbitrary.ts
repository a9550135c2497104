import type { TSchema } from '@sinclair/typebox';
import fc, { type Arbitrary } from 'fast-check';
import { currencies } from '#kernel/currency';
import { formatInstant } from '#kernel/time';
import type { FormatName } from '#event/formats';
import { dataSchemas, eventTypes, type EventType } from '#event/types';

/** CloudEvents that the contract allows, made from the schemas themselves: every field at its borders, optional ones there or not. */
export const anyEventJson = (): Arbitrary<EventJson> =>
  fc.constantFrom(...eventTypes).chain((type) => eventJsonOf(type, dataArbitrary(dataSchemas[type])));

export interface EventJson {
  readonly specversion: '1.0';
  readonly id: string;
  readonly source: string;
  readonly type: EventType;
  readonly time: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export const eventJsonOf = (type: EventType, data: Arbitrary<Readonly<Record<string, unknown>>>): Arbitrary<EventJson> =>
  fc.record({
    specversion: fc.constant('1.0' as const),
    id: identity,
    source: identity,
    type: fc.constant(type),
    time: instantText,
    data,
  });

export const dataArbitrary = (schema: TSchema): Arbitrary<Readonly<Record<string, unknown>>> =>
  valueArbitrary(schema) as Arbitrary<Readonly<Record<string, unknown>>>;

const identity = fc.stringMatching(/^[ -~]{1,40}$/);
const instantText = fc
  .date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true })
  .map((date) => formatInstant(+date));

const texts: Readonly<Record<FormatName, Arbitrary<string>>> = {
  'date-time': instantText,
  currency: fc.constantFrom(...currencies),
  country: fc.stringMatching(/^[A-Z]{2}$/),
  token: fc.stringMatching(/^[a-z]{3}_[A-Za-z0-9]{1,30}$/),
  sha256: fc.stringMatching(/^[0-9a-f]{64}$/),
};

function valueArbitrary(schema: TSchema): Arbitrary<unknown> {
  const { type, format, minLength = 0, maxLength = 50, minimum, maximum, exclusiveMinimum } = schema;
  if (Array.isArray(schema['anyOf'])) return fc.constantFrom(...schema['anyOf'].map((one: TSchema) => one['const'] as string));
  if (typeof format === 'string') return texts[format as FormatName];
  switch (type as string) {
    case 'object':
      return objectArbitrary(schema);
    case 'array':
      return fc.array(valueArbitrary(schema['items'] as TSchema), { maxLength: 3 });
    case 'string':
      return fc
        .string({ unit: 'grapheme', minLength: minLength as number, maxLength: Math.min(maxLength as number, 20) })
        .filter(fits(schema));
    case 'integer':
      return fc.integer({ min: minimum as number, max: maximum as number });
    case 'number':
      return fc
        .double({ min: (minimum ?? exclusiveMinimum) as number, max: (maximum ?? 1e9) as number, noNaN: true })
        .filter((value) => value !== exclusiveMinimum);
    default:
      return fc.boolean();
  }
}

/** A grapheme may be several UTF-16 units, in which lengths are counted; U+0000 is no text of an event. */
const fits =
  (schema: TSchema) =>
  (text: string): boolean =>
    text.length >= ((schema['minLength'] as number | undefined) ?? 0) &&
    text.length <= (schema['maxLength'] as number) &&
    !text.includes('\0');

function objectArbitrary(schema: TSchema): Arbitrary<unknown> {
  const properties = Object.entries(schema['properties'] as Record<string, TSchema>);
  return fc.record(Object.fromEntries(properties.map(([name, inner]) => [name, valueArbitrary(inner)])), {
    requiredKeys: (schema['required'] as string[] | undefined) ?? [],
  });
}

import type { TSchema } from '@sinclair/typebox';
import type { ValueErrorIterator } from '@sinclair/typebox/compiler';
import type { DecodeError } from '#event/event';
import { formats, type FormatName } from '#event/formats';
import { redactText } from '#event/redact';

/** Where a value is not what it should be: the part of a `DecodeError` that a schema can tell. */
export type Fault = Pick<DecodeError, 'pointer' | 'expected' | 'found'>;

/** The first fault that a schema finds in `data`, as a JSON pointer into the event. */
export function explainData(errors: ValueErrorIterator): Fault {
  const first = errors.First();
  if (!first) return { pointer: '/data', expected: 'data that fits its type', found: 'something else' };
  const pointer = `/data${first.path}`;
  return { pointer, expected: describeSchema(first.schema), found: describeValue(pointer, first.value) };
}

export function describeSchema(schema: TSchema): string {
  const { format, minLength, maxLength, minimum, maximum, maxItems } = schema as Partial<Record<string, number | string>>;
  if (typeof format === 'string') return formats[format as FormatName].expected;
  if (Array.isArray(schema['anyOf'])) return `one of ${schema['anyOf'].map((one: TSchema) => String(one['const'])).join(', ')}`;
  switch (schema['type']) {
    case 'string':
      return `text of ${minLength ?? 0} to ${maxLength} characters`;
    case 'integer':
      return minimum === 0 ? `a whole number from 0 to ${maximum}` : 'a whole number in the safe range';
    case 'number':
      return minimum === undefined ? 'a number above 0' : `a number from ${minimum} to ${maximum}`;
    case 'array':
      return `a list of at most ${maxItems}`;
    case 'boolean':
      return 'true or false';
    default:
      return 'an object';
  }
}

/** Fields whose text is a word of the contract, no one's own: only these are quoted. */
const quotable =
  /\/(?:specversion|type|time|kind|currency|country|initiator|presence|outcome|direction|per|how|about|bookedAt|deliverBy|captureBefore|from|to|until)$/;
const QUOTED_MAX = 40;

/** What stands there, without telling what a buyer, a card or a secret is: texts by their length unless they are contract words. */
export function describeValue(pointer: string, value: unknown): string {
  switch (typeof value) {
    case 'undefined':
      return 'nothing';
    case 'string':
      return quotable.test(pointer) && value.length <= QUOTED_MAX
        ? redactText(JSON.stringify(value))
        : `text of ${value.length} characters`;
    case 'number':
    case 'boolean':
      return redactText(String(value));
    default:
      if (value === null) return 'null';
      return Array.isArray(value) ? `a list of ${value.length}` : 'an object';
  }
}

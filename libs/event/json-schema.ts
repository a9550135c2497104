import type { TSchema } from '@sinclair/typebox';
import { currencies } from '#kernel/currency';
import { IDENTITY_CHARACTERS_MAX } from '#event/cloud-event';
import { formats, type FormatName } from '#event/formats';
import { contextSchema, dataSchemas, instrumentSchema, moneySchema, signedMoneySchema } from '#event/types';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** Shapes that many types share: written once, under `$defs`. */
const sharedShapes: Readonly<Record<string, TSchema>> = {
  Money: moneySchema,
  SignedMoney: signedMoneySchema,
  Instrument: instrumentSchema,
  Context: contextSchema,
};

/**
 * The events as JSON Schema 2020-12, for people and tools without our code: the CloudEvents envelope, whose `type` decides which
 * of `$defs` its `data` must fit. What our formats check is written in words that every validator knows; that a fingerprint is no
 * card number and that a day exists is beyond it.
 */
export function eventsJsonSchema(): JsonSchema {
  const types = Object.entries(dataSchemas).map(([type, schema]): [string, TSchema] => [type, schema]);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'urn:makewhole:events',
    title: 'Payment events, as CloudEvents 1.0 in structured mode',
    type: 'object',
    required: ['specversion', 'id', 'source', 'type', 'time', 'data'],
    properties: {
      specversion: { const: '1.0' },
      id: {
        type: 'string',
        minLength: 1,
        maxLength: IDENTITY_CHARACTERS_MAX,
        description: 'With source, the identity of the event.',
      },
      source: { type: 'string', minLength: 1, maxLength: IDENTITY_CHARACTERS_MAX },
      type: { enum: types.map(([type]) => type) },
      time: { type: 'string', format: 'date-time', description: 'When it happened, with offset.' },
      data: { type: 'object' },
    },
    allOf: types.map(([type]) => ({
      if: { properties: { type: { const: type } }, required: ['type'] },
      then: { properties: { data: { $ref: `#/$defs/${type}` } } },
    })),
    $defs: {
      Currency: { description: formats.currency.expected, enum: currencies },
      ...Object.fromEntries(Object.entries(sharedShapes).map(([name, schema]) => [name, portable(schema)])),
      ...Object.fromEntries(types.map(([type, schema]) => [type, portable(schema, sharedNames)])),
    },
  };
}

const sharedNames: ReadonlyMap<string, string> = new Map(
  Object.entries(sharedShapes).map(([name, schema]) => [JSON.stringify(schema), name]),
);

function portable(schema: TSchema, shared: ReadonlyMap<string, string> = new Map()): JsonSchema {
  const { type, format, properties, required, items, anyOf, ...rules } = schema as TSchema & Record<string, unknown>;
  if (Array.isArray(anyOf)) return { enum: anyOf.map((one: TSchema) => one['const'] as unknown) };
  if (typeof format === 'string') return { ...rules, ...portableFormat(format as FormatName) };
  if (type === 'object' && properties !== undefined) {
    const fields = Object.entries(properties as Record<string, TSchema>).map(([name, inner]) => {
      const known = shared.get(JSON.stringify(inner));
      return [name, known === undefined ? portable(inner, shared) : { $ref: `#/$defs/${known}` }];
    });
    return { type, ...(required === undefined ? {} : { required }), properties: Object.fromEntries(fields), ...rules };
  }
  return { type, ...(items === undefined ? {} : { items: portable(items as TSchema, shared) }), ...rules };
}

function portableFormat(format: FormatName): JsonSchema {
  switch (format) {
    case 'date-time':
      return { type: 'string', format };
    case 'currency':
      return { $ref: '#/$defs/Currency' };
    case 'country':
      return { type: 'string', pattern: '^[A-Z]{2}$' };
    case 'sha256':
      return { type: 'string', pattern: '^[0-9A-Fa-f]{64}$' };
    case 'token':
      return { type: 'string', description: formats.token.expected };
  }
}

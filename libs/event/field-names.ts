import type { TSchema } from '@sinclair/typebox';
import { dataSchemas } from '#event/types';

/** Every field name that a schema knows, at any depth, once. */
export const dataFieldNames: readonly string[] = [...new Set(Object.values(dataSchemas).flatMap(fieldNamesOf))];

function fieldNamesOf(schema: TSchema): string[] {
  const properties = (schema['properties'] ?? {}) as Record<string, TSchema>;
  const items = schema['items'] as TSchema | undefined;
  return [
    ...Object.entries(properties).flatMap(([name, inner]) => [name, ...fieldNamesOf(inner)]),
    ...(items ? fieldNamesOf(items) : []),
  ];
}

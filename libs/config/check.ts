import { KindGuard, type TObject, type TSchema } from '@sinclair/typebox';
import { Value, ValueErrorType, type ValueError } from '@sinclair/typebox/value';
import { unknownName } from '#config/detector-settings';
import { parseDuration } from '#config/duration';
import type { ConfigFault } from '#config/fault';
import { isTree, type Tree } from '#config/tree';

/** The tree with durations as numbers and defaults filled in, or the faults: what was expected, what was found, what to do. */
export function checkTree(schema: TObject, tree: Tree, originOf: (path: string) => string, faults: ConfigFault[]): Tree {
  readDurations(schema, tree);
  const filled = Value.Default(schema, tree) as Tree;
  const seen = new Set<string>();
  for (const error of Value.Errors(schema, filled)) {
    if (seen.has(error.path)) continue;
    seen.add(error.path);
    const path = error.path.split('/').slice(1).join('.');
    faults.push({ where: originOf(path), message: describe(schema, error) });
  }
  return filled;
}

function readDurations(schema: TObject, tree: Tree): void {
  for (const [name, inner] of Object.entries(schema.properties)) {
    const value = tree[name];
    if (KindGuard.IsObject(inner) && isTree(value)) readDurations(inner, value);
    if (inner['duration'] === true && typeof value === 'string') tree[name] = parseDuration(value) ?? value;
  }
}

function describe(schema: TObject, error: ValueError): string {
  if (error.type === ValueErrorType.ObjectAdditionalProperties) {
    const parts = error.path.split('/').slice(1);
    const parent = schemaAt(schema, parts.slice(0, -1));
    const known = parent !== undefined && KindGuard.IsObject(parent) ? Object.keys(parent.properties) : [];
    return unknownName('setting', parts.at(-1) ?? '', known);
  }
  const { schema: leaf } = error;
  const found = leaf['secret'] === true ? 'a value that is not shown' : JSON.stringify(error.value);
  return `expected ${expectation(leaf)}; found ${found ?? 'nothing'}${leaf.description === undefined ? '' : `. ${leaf.description}`}`;
}

function schemaAt(schema: TSchema, path: readonly string[]): TSchema | undefined {
  let current: TSchema | undefined = schema;
  for (const part of path) {
    if (current === undefined) return undefined;
    if (KindGuard.IsObject(current)) current = current.properties[part];
    else current = KindGuard.IsArray(current) ? current.items : undefined;
  }
  return current;
}

function expectation(leaf: TSchema): string {
  const choices = leaf['choices'] as readonly string[] | undefined;
  if (choices !== undefined) return `one of ${choices.join(', ')}`;
  const { minimum, maximum, pattern, minLength, minItems } = leaf as Record<string, number | string | undefined>;
  const range = minimum === undefined ? '' : ` from ${minimum} to ${maximum}`;
  if (leaf['duration'] === true) return `milliseconds${range}, or text such as 5s`;
  if (pattern !== undefined) return `text that matches ${pattern}`;
  if (minLength !== undefined) return `text of at least ${minLength} characters`;
  if (minItems !== undefined) return `a list of at least ${minItems}`;
  return `${leaf['type'] ?? 'another value'}${range}`;
}

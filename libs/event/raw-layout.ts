import { isCurrency, minorUnitDigits } from '#kernel/currency';
import { formatInstant } from '#kernel/time';
import { fail, ok, type Result } from '#kernel/result';
import { describeValue, type Fault } from '#event/explain';
import { fieldsOf } from '#event/provider-webhook';
import { dataSchemas } from '#event/types';

/**
 * Where a field of ours stands in a record of another layout: a JSON pointer (RFC 6901), the same with a way to read it, or a value that
 * is always the same. `decimal` is an amount such as "12.50", counted in the minor units of the `currency` beside it.
 */
export type RawField =
  | string
  | { readonly at: string; readonly as: 'text' | 'upper' | 'lower' | 'seconds' | 'milliseconds' | 'decimal' }
  | { readonly value: string | number | boolean };

/** How one topic writes events: which of its types are which of ours, and where their fields are. */
export interface RawLayout {
  /** The CloudEvents source; with the id the identity of an event. */
  readonly source: string;
  readonly type: { readonly at: string; readonly values: Readonly<Record<string, string>>; readonly ignore: readonly string[] };
  readonly id: RawField;
  readonly time: RawField;
  /** By JSON pointer into our `data`. What is not there in a record is left out. */
  readonly fields: Readonly<Record<string, RawField>>;
}

/** By event type, the fields without which an event is none: what a layout has to map. */
export const requiredFields: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  Object.entries(dataSchemas).map(([type, { required }]) => [type, required ?? []]),
);

export interface RawEvent {
  readonly specversion: '1.0';
  readonly id: unknown;
  readonly source: string;
  readonly type: string;
  readonly time: unknown;
  readonly data: object;
}

/** A record as an event of ours, to be decoded like any other; or why it is of no type that the layout knows. Never throws. */
export function readRaw(layout: RawLayout, raw: unknown): Result<RawEvent, Fault> | 'ignored' {
  const told = textOfScalar(at(raw, layout.type.at));
  if (told !== undefined && layout.type.ignore.includes(told)) return 'ignored';
  const type = told !== undefined && Object.hasOwn(layout.type.values, told) ? layout.type.values[told] : undefined;
  if (type === undefined)
    return fail({
      pointer: layout.type.at,
      expected: `one of ${Object.keys(layout.type.values).join(', ')}`,
      found: describeValue('/type', at(raw, layout.type.at)),
    });
  const data: Record<string, unknown> = {};
  const decimals: (() => void)[] = [];
  for (const [pointer, field] of Object.entries(layout.fields)) {
    if (typeof field === 'object' && 'as' in field && field.as === 'decimal')
      decimals.push(() => put(data, pointer, minorOf(at(raw, field.at), at(data, pointer.replace(/\/[^/]*$/, '/currency')))));
    else put(data, pointer, readField(raw, field));
  }
  for (const count of decimals) count();
  const id = textOfScalar(readField(raw, layout.id));
  return ok({ specversion: '1.0', id, source: layout.source, type, time: readField(raw, layout.time), data });
}

function readField(raw: unknown, field: RawField): unknown {
  if (typeof field === 'string') return at(raw, field);
  if ('value' in field) return field.value;
  const value = at(raw, field.at);
  switch (field.as) {
    case 'text':
      return textOfScalar(value);
    case 'upper':
      return typeof value === 'string' ? value.toUpperCase() : value;
    case 'lower':
      return typeof value === 'string' ? value.toLowerCase() : value;
    case 'seconds':
      return timeOf(value, 1_000);
    case 'milliseconds':
      return timeOf(value, 1);
    case 'decimal':
      return undefined;
  }
}

const textOfScalar = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;

function timeOf(value: unknown, unitMs: number): unknown {
  const count = typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value;
  if (typeof count !== 'number' || !(Math.abs(count * unitMs) < 8.64e15)) return value;
  return formatInstant(Math.floor(count * unitMs));
}

/** Exact, or the value as it is, which the decoder refuses: no part of a minor unit is rounded away. */
function minorOf(value: unknown, currency: unknown): unknown {
  const text = textOfScalar(value);
  const parts = text === undefined ? null : /^(-?)(\d{1,15})(?:\.(\d{1,8}))?$/.exec(text);
  if (parts === null || typeof currency !== 'string' || !isCurrency(currency)) return value;
  const [, sign, whole = '', fraction = ''] = parts;
  const digits = minorUnitDigits(currency);
  if (/[1-9]/.test(fraction.slice(digits))) return value;
  const minor = Number(`${sign}${whole}${fraction.slice(0, digits).padEnd(digits, '0')}`);
  return Number.isSafeInteger(minor) ? minor : value;
}

const partsOf = (pointer: string): readonly string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));

function at(value: unknown, pointer: string): unknown {
  let current = value;
  for (const part of partsOf(pointer)) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, part)) return undefined;
    current = (current as Record<string, unknown>)[part];
  }
  return current;
}

/** What is absent or null is left out. */
function put(data: Record<string, unknown>, pointer: string, value: unknown): void {
  if (value === undefined || value === null) return;
  const parts = partsOf(pointer);
  let current = data;
  for (const part of parts.slice(0, -1)) current = (current[part] = { ...fieldsOf(current[part]) }) as Record<string, unknown>;
  current[parts.at(-1)!] = value;
}

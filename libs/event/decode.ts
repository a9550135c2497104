import { TypeCompiler, type TypeCheck } from '@sinclair/typebox/compiler';
import type { TSchema } from '@sinclair/typebox';
import { fail, ok, type Result } from '#kernel/result';
import { finishHash, hashText, mixBlock } from '#kernel/hash';
import { storable } from '#kernel/sound-text';
import {
  IDENTITY_CHARACTERS_MAX,
  fromHeaders,
  identityFault,
  instantOf,
  isBinaryMode,
  type Headers,
  type RawEvent,
} from '#event/cloud-event';
import { hashContent, NESTING_MAX, TOO_DEEP } from '#event/content-hash';
import type { AnyEvent, DeadLetterReason, DecodeError } from '#event/event';
import { describeValue, explainData, type Fault } from '#event/explain';
import { parseJson } from '#event/json-bytes';
import { redactText } from '#event/redact';
import { strayText } from '#event/stray-text';
import { dataSchemas, type EventType } from '#event/types';

export interface DecoderOptions {
  /** Types that are passed over without a dead letter, although they are none of ours. */
  readonly ignoredTypes?: readonly string[];
  /** A longer value is `too-large`. */
  readonly maxBytes?: number;
}

/** Half of what Kafka takes in one record by default: leaves room for headers and for producers that compress nothing. */
export const EVENT_BYTES_MAX = 524_288;

export type Decoded = Result<AnyEvent, DecodeError> | 'ignored';

/** From a record's value (null: a tombstone) and headers to an event. Never throws, whatever the bytes. */
export type Decode = (value: Buffer | null, headers?: Headers) => Decoded;

/**
 * A decoder of CloudEvents 1.0 in JSON, structured or (by `ce_` headers) binary. A value without headers, or with a content type
 * other than CloudEvents', is read as structured. `data_base64` is read as JSON bytes, as the CloudEvents JSON format allows.
 * The faults are `too-large`, `not-json`, `invalid-event` and `unknown-type`; conflicts and future dates are the caller's to judge.
 */
export function createDecoder(options: DecoderOptions = {}): Decode {
  const ignoredTypes: ReadonlySet<unknown> = new Set(options.ignoredTypes);
  const maxBytes = options.maxBytes ?? EVENT_BYTES_MAX;

  return (value, headers) => {
    if (value === null) return refused('not-json', whole('a JSON object', 'no value'));
    if (value.length > maxBytes) return refused('too-large', whole(`at most ${maxBytes} bytes`, `${value.length} bytes`));
    const json = parseJson(value);
    if (!json.ok) return refused('not-json', whole('JSON in UTF-8', json.error));
    const raw = headers !== undefined && isBinaryMode(headers) ? fromHeaders(headers, json.value.data) : json.value.data;
    if (!isObject(raw)) return refused('invalid-event', whole('a JSON object', describeValue('', raw)));
    if (ignoredTypes.has((raw as RawEvent).type)) return 'ignored';
    return decodeEvent(raw, json.value.hasUnicodeEscape);
  };
}

interface Kind {
  readonly type: EventType;
  readonly check: TypeCheck<TSchema>;
  readonly typeHash: number;
}

const kinds: ReadonlyMap<string, Kind> = compileKinds();

function compileKinds(): Map<string, Kind> {
  const compiled = new Map<TSchema, TypeCheck<TSchema>>();
  return new Map(
    Object.entries(dataSchemas).map(([type, schema]: [string, TSchema]) => {
      const check = compiled.get(schema) ?? TypeCompiler.Compile(schema);
      compiled.set(schema, check);
      return [type, { type: type as EventType, check, typeHash: hashText(type, 0) }];
    }),
  );
}

function decodeEvent(raw: RawEvent, hasUnicodeEscape: boolean): Decoded {
  const broken = identityFault(raw);
  if (broken) return refused('invalid-event', broken, raw);
  const kind = kinds.get(raw.type as string);
  if (!kind) return refused('unknown-type', at('/type', 'a type of the contract', raw.type), raw);
  const instant = instantOf(raw);
  if (instant === undefined)
    return refused('invalid-event', at('/time', 'an RFC 3339 time with offset, such as 2026-06-11T14:00:00Z', raw.time), raw);

  const data = raw.data_base64 === undefined ? raw.data : decodeBase64(raw);
  if (!isObject(data)) return refused('invalid-event', at('/data', 'an object', data), raw);
  if (!kind.check.Check(data)) return refused('invalid-event', explainData(kind.check.Errors(data)), raw);
  const content = hashContent(data);
  if (content === TOO_DEEP)
    return refused('invalid-event', { pointer: '/data', expected: `at most ${NESTING_MAX} levels`, found: 'more' }, raw);
  const stray = hasUnicodeEscape || raw.data_base64 !== undefined ? strayEventText(raw, data) : undefined;
  if (stray) return refused('invalid-event', stray, raw);

  const { accountId } = data as { accountId?: string };
  return ok({
    type: kind.type,
    id: raw.id,
    source: raw.source,
    at: instant,
    accountId: accountId ?? '',
    data,
    fingerprint: finishHash(mixBlock(mixBlock(mixBlock(kind.typeHash, instant / 0x1_0000_0000), instant | 0), content)) >>> 0,
  } as AnyEvent);
}

const strayEventText = (raw: RawEvent, data: object): Fault | undefined =>
  strayText(raw.id, '/id') ?? strayText(raw.source, '/source') ?? strayText(data, '/data');

/** Only one of `data` and `data_base64` may be there; whatever is wrong comes back as something that is no object. */
function decodeBase64(raw: RawEvent): unknown {
  if (raw.data !== undefined || typeof raw.data_base64 !== 'string') return undefined;
  const json = parseJson(Buffer.from(raw.data_base64, 'base64'));
  return json.ok ? json.value.data : undefined;
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value);

const whole = (expected: string, found: string): Fault => ({ pointer: '', expected, found });
const at = (pointer: string, expected: string, value: unknown): Fault => ({
  pointer,
  expected,
  found: describeValue(pointer, value),
});

function refused(reason: DeadLetterReason, fault: Fault, raw: RawEvent = {}): Result<AnyEvent, DecodeError> {
  return fail({
    reason,
    ...fault,
    ...(typeof raw.source === 'string' ? { source: shown(raw.source) } : {}),
    ...(typeof raw.id === 'string' ? { id: shown(raw.id) } : {}),
  });
}

/** What a dead letter may tell of an identity that may itself be wrong: no card number, nothing that a database refuses. */
const shown = (text: string): string => redactText(storable(text).slice(0, IDENTITY_CHARACTERS_MAX));

import { describeValue, type Fault } from '#event/explain';
import { parseInstant, type InstantMs } from '#kernel/time';

/** A CloudEvent's attributes as they came, before anything is checked. */
export interface RawEvent {
  readonly specversion?: unknown;
  readonly id?: unknown;
  readonly source?: unknown;
  readonly type?: unknown;
  readonly time?: unknown;
  readonly data?: unknown;
  readonly data_base64?: unknown;
}

export type Headers = Readonly<Record<string, string>>;

export const IDENTITY_CHARACTERS_MAX = 500;

/** Binary mode (CloudEvents Kafka binding 3.2): attributes in `ce_` headers, unless the content type says that the value has them. */
export const isBinaryMode = (headers: Headers): boolean =>
  (headers['ce_specversion'] !== undefined || headers['ce_type'] !== undefined || headers['ce_id'] !== undefined) &&
  !headers['content-type']?.startsWith('application/cloudevents');

export const fromHeaders = (headers: Headers, data: unknown): RawEvent => ({
  specversion: headers['ce_specversion'],
  id: headers['ce_id'],
  source: headers['ce_source'],
  type: headers['ce_type'],
  time: headers['ce_time'],
  data,
});

/** The first of specversion, id, source and type that breaks CloudEvents 1.0; undefined when they are sound. */
export function identityFault(raw: RawEvent): Fault | undefined {
  if (raw.specversion !== '1.0') return fault('specversion', '"1.0"', raw.specversion);
  if (!isIdentity(raw.id)) return fault('id', identityRule, raw.id);
  if (!isIdentity(raw.source)) return fault('source', identityRule, raw.source);
  if (typeof raw.type !== 'string' || raw.type.length === 0) return fault('type', 'the name of an event type', raw.type);
  return undefined;
}

export const instantOf = (raw: RawEvent): InstantMs | undefined =>
  typeof raw.time === 'string' ? parseInstant(raw.time) : undefined;

const identityRule = `text of 1 to ${IDENTITY_CHARACTERS_MAX} characters, none of them a control character`;

function isIdentity(value: unknown): value is string {
  if (typeof value !== 'string' || value.length === 0 || value.length > IDENTITY_CHARACTERS_MAX) return false;
  for (let at = 0; at < value.length; at++) if (value.charCodeAt(at) < 32) return false;
  return true;
}

const fault = (attribute: string, expected: string, value: unknown): Fault => ({
  pointer: `/${attribute}`,
  expected,
  found: describeValue(`/${attribute}`, value),
});

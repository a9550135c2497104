import { type TSchema, Type } from '@sinclair/typebox';
import { TypeCompiler } from '@sinclair/typebox/compiler';
import { fail, ok, type Result } from '#kernel/result';
import type { ActionResult } from '#action/action';
import { type FindingMessage, findingKinds } from '#detection/finding';
import type { LogRecord } from '#stream/log';

/** A message of another service of ours: a CloudEvent, its id unique to what it says. */
export interface Message<Data> {
  readonly id: string;
  readonly data: Data;
  /** Which partition of events it follows from; absent where the sender does not say. */
  readonly source?: MessageSource;
}

export interface MessageSource {
  /** Its topic and number. */
  readonly partition: string;
  /** Everything that the log held was read when it was said: nothing that was there already can change it. */
  readonly isAtEnd: boolean;
}

/** The detector has read a partition of events to its end. */
export interface CaughtUp {
  readonly type: 'caught-up';
}

export interface MessageFault {
  readonly reason: 'not-json' | 'invalid-event' | 'unknown-type';
  readonly pointer: string;
  readonly expected: string;
}

const text = Type.String({ minLength: 1 });
const optionalText = Type.Optional(text);
const oneOf = (...words: readonly string[]) => Type.Union(words.map((word) => Type.Literal(word)));
const minor = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const money = Type.Object({ minor, currency: text });

const payment = Type.Object({
  paymentId: text,
  accountId: text,
  currency: text,
  authorisedMinor: minor,
  capturedMinor: minor,
  refundedMinor: minor,
  refundPendingMinor: minor,
  chargedBackMinor: minor,
  chargebackOpen: Type.Boolean(),
  settled: oneOf('yes', 'no', 'unknown'),
  voided: Type.Boolean(),
  asOf: Type.Number(),
});
const finding = Type.Object({
  findingId: text,
  kind: oneOf(...findingKinds),
  confidence: oneOf('certain', 'likely', 'possible'),
  status: oneOf('open', 'cleared'),
  at: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}T' }),
  accountId: Type.Union([text, Type.Null()]),
  orderId: optionalText,
  paymentIds: Type.Array(text),
  loss: Type.Union([money, Type.Null()]),
  because: Type.Object({ rule: text, fields: Type.Array(Type.String()), figures: Type.Object({}) }),
  eventIds: Type.Array(text),
});
const result = Type.Object({
  actionId: text,
  caseId: text,
  state: oneOf('proposed', 'awaiting_approval', 'approved', 'sent', 'pending', 'confirmed', 'failed', 'refused', 'unknown'),
  at: text,
});

const source = {
  sourcepartition: Type.Optional(text),
  sourceend: Type.Optional(Type.Boolean()),
};
const cloudEvent = (data: TSchema) => TypeCompiler.Compile(Type.Object({ id: text, type: text, ...source, data }));
const known = {
  'makewhole.finding': cloudEvent(Type.Object({ finding, payments: Type.Array(payment) })),
  'makewhole.payment': cloudEvent(Type.Object({ payment })),
  'makewhole.caught-up': cloudEvent(Type.Object({})),
  'makewhole.action-result': cloudEvent(result),
} as const;
type KnownType = keyof typeof known;

export const decodeFindingMessage = (record: LogRecord): Result<Message<FindingMessage | CaughtUp>, MessageFault> => {
  const read = readMessage(record, ['makewhole.finding', 'makewhole.payment', 'makewhole.caught-up']);
  if (!read.ok) return read;
  const { id, type, data, sourcepartition: partition, sourceend: isAtEnd = true } = read.value;
  const source = partition === undefined ? {} : { source: { partition, isAtEnd } };
  if (type === 'makewhole.caught-up') return ok({ id, data: { type: 'caught-up' }, ...source });
  const at = (data as { readonly finding?: { readonly at: string } }).finding?.at;
  if (at !== undefined && Number.isNaN(Date.parse(at))) {
    return fail({ reason: 'invalid-event', pointer: '/data/finding/at', expected: 'RFC 3339' });
  }
  const message = { ...(data as object), type: type === 'makewhole.finding' ? 'finding' : 'payment' } as FindingMessage;
  return ok({ id, data: message, ...source });
};

export const decodeResultMessage = (record: LogRecord): Result<Message<ActionResult>, MessageFault> => {
  const read = readMessage(record, ['makewhole.action-result']);
  return read.ok ? ok({ id: read.value.id, data: read.value.data as ActionResult }) : read;
};

interface CloudEvent {
  readonly id: string;
  readonly type: string;
  readonly sourcepartition?: string;
  readonly sourceend?: boolean;
  readonly data: unknown;
}

function readMessage(record: LogRecord, types: readonly KnownType[]): Result<CloudEvent, MessageFault> {
  const event = parse(record.value?.toString('utf8') ?? '');
  if (event === undefined) return fail({ reason: 'not-json', pointer: '', expected: 'a JSON object without NUL characters' });
  const type = types.find((name) => name === event.type);
  if (type === undefined) return fail({ reason: 'unknown-type', pointer: '/type', expected: types.join(' or ') });
  const check = known[type];
  if (check.Check(event)) return ok(event as CloudEvent);
  const fault = check.Errors(event).First();
  return fail({ reason: 'invalid-event', pointer: fault?.path ?? '', expected: fault?.message ?? '' });
}

/** An escaped NUL or half of a surrogate pair: Postgres keeps neither in text, and a dead letter is better than a partition that stops. */
const unstorable = /(?<!\\)(?:\\\\)*\\u(?:0000|[dD][89a-fA-F])/;

function parse(value: string): { readonly type?: unknown } | undefined {
  if (unstorable.test(value)) return undefined;
  try {
    const parsed: unknown = JSON.parse(value);
    return typeof parsed === 'object' && parsed !== null ? parsed : undefined;
  } catch {
    return undefined;
  }
}

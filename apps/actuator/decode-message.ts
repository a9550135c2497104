import { type Static, Type } from '@sinclair/typebox';
import { TypeCompiler } from '@sinclair/typebox/compiler';
import { fail, ok, type Result } from '#kernel/result';
import type { ActionOrder, PolicyMessage } from '#action/action';
import type { CaseMessage } from '#case/case-message';
import type { PaymentFacts } from '#detection/finding';
import type { LogRecord } from '#stream/log';

/** What the actuator takes from the log. */
export type Message =
  | { readonly kind: 'order'; readonly order: ActionOrder }
  | { readonly kind: 'facts'; readonly payments: readonly PaymentFacts[] }
  | { readonly kind: 'case'; readonly message: CaseMessage; readonly at: string }
  | { readonly kind: 'policy'; readonly policy: PolicyMessage; readonly at: string }
  | { readonly kind: 'nothing' };

export interface MessageFault {
  readonly reason: 'not-json' | 'invalid-event' | 'unknown-type';
  readonly pointer: string;
  readonly expected: string;
}

const text = Type.String({ minLength: 1 });
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
  settled: Type.Union([Type.Literal('yes'), Type.Literal('no'), Type.Literal('unknown')]),
  voided: Type.Boolean(),
  asOf: Type.Number(),
});
const order = Type.Object({
  actionId: text,
  key: text,
  kind: Type.Union(
    ['refund', 'void', 'freeze', 'unfreeze', 'hold_payout', 'step_up', 'compensate', 'notify'].map((kind) => Type.Literal(kind)),
  ),
  caseId: text,
  caseNumber: text,
  accountId: Type.Union([text, Type.Null()]),
  scope: Type.Optional(Type.Object({ kind: text, key: text })),
  paymentId: Type.Optional(text),
  amount: Type.Optional(money),
  accrual: Type.Optional(Type.Union([Type.Literal('daily-compensation'), Type.Literal('provisional-credit')])),
  findingId: Type.Optional(text),
  owed: Type.Optional(money),
  reason: text,
  evidence: Type.Array(Type.String()),
  policyVersion: text,
  payment: Type.Optional(payment),
});
const caseMessage = Type.Object({
  case: Type.Object({
    caseId: text,
    number: text,
    accountId: Type.Union([text, Type.Null()]),
    kinds: Type.Array(text),
    loss: Type.Array(Type.Object({ minor, currency: text })),
    stage: text,
    status: text,
    clocks: Type.Array(Type.Object({ name: text, dueAt: text, state: text })),
    actions: Type.Array(Type.Object({ actionId: text, kind: text, state: text })),
  }),
  revision: Type.Integer(),
  notices: Type.Array(Type.Object({ kind: text })),
  findings: Type.Array(Type.Object({ findingId: text })),
});
const policy = Type.Object({
  version: text,
  sequence: Type.Integer({ minimum: 1 }),
  document: Type.Record(Type.String(), Type.Unknown()),
});
const envelope = Type.Object({ id: text, type: text, time: text, data: Type.Unknown() });

const checks = {
  envelope: TypeCompiler.Compile(envelope),
  'makewhole.action': TypeCompiler.Compile(order),
  'makewhole.finding': TypeCompiler.Compile(Type.Object({ payments: Type.Array(payment) })),
  'makewhole.payment': TypeCompiler.Compile(Type.Object({ payment })),
  'makewhole.case': TypeCompiler.Compile(caseMessage),
  'makewhole.policy': TypeCompiler.Compile(policy),
} as const;

/** A record of one of our topics as what it says, or what is wrong with it. */
export function decodeMessage(record: LogRecord): Result<Message, MessageFault> {
  const parsed = parse(record.value?.toString('utf8') ?? '');
  if (parsed === undefined) return fail({ reason: 'not-json', pointer: '', expected: 'a CloudEvent as a JSON object' });
  if (!checks.envelope.Check(parsed)) return fail(invalid(checks.envelope.Errors(parsed).First(), ''));
  const { type, data, time } = parsed as Static<typeof envelope>;
  switch (type) {
    case 'makewhole.caught-up':
      return ok({ kind: 'nothing' });
    case 'makewhole.action':
    case 'makewhole.finding':
    case 'makewhole.payment':
    case 'makewhole.case':
    case 'makewhole.policy': {
      const check = checks[type];
      return check.Check(data) ? ok(messageOf(type, data, time)) : fail(invalid(check.Errors(data).First(), '/data'));
    }
    default:
      return fail({ reason: 'unknown-type', pointer: '/type', expected: Object.keys(checks).slice(1).join(', ') });
  }
}

function messageOf(type: Exclude<keyof typeof checks, 'envelope'>, data: unknown, at: string): Message {
  switch (type) {
    case 'makewhole.action':
      return { kind: 'order', order: data as ActionOrder };
    case 'makewhole.finding':
      return { kind: 'facts', payments: (data as { payments: readonly PaymentFacts[] }).payments };
    case 'makewhole.payment':
      return { kind: 'facts', payments: [(data as { payment: PaymentFacts }).payment] };
    case 'makewhole.case':
      return { kind: 'case', message: data as CaseMessage, at };
    case 'makewhole.policy':
      return { kind: 'policy', policy: data as PolicyMessage, at };
  }
}

const invalid = (fault: { readonly path: string; readonly message: string } | undefined, prefix: string): MessageFault => ({
  reason: 'invalid-event',
  pointer: `${prefix}${fault?.path ?? ''}`,
  expected: fault?.message ?? '',
});

/** Postgres keeps no NUL in text or jsonb, and no half of a surrogate pair: such a record is a dead letter, not a partition that stops. */
function parse(value: string): object | undefined {
  if (/\\u0000|\\u[dD][89a-fA-F]/.test(value)) return undefined;
  try {
    const parsed: unknown = JSON.parse(value);
    return typeof parsed === 'object' && parsed !== null ? parsed : undefined;
  } catch {
    return undefined;
  }
}

import { Type } from '@sinclair/typebox';
import { languages } from '#case/buyer-words';
import { queueNames } from '#case/queue';
import { policyStates } from '#action/policy-version';
import { findingKinds } from '#detection/finding';

const oneOf = (words: readonly string[], description: string) =>
  Type.String({ enum: words, pattern: `^(${words.join('|')})$`, description });
const id = (description: string) => Type.String({ minLength: 1, maxLength: 200, pattern: '^[^\\u0000]+$', description });

const page = {
  limit: Type.Integer({ minimum: 1, maximum: 200, default: 50, description: 'A number of rows from 1 to 200.' }),
  cursor: Type.Optional(Type.String({ maxLength: 1_000, description: 'The `nextCursor` of the page before, as it was given.' })),
};
const closed = { additionalProperties: false } as const;
const optional = Type.Optional;

export const caseStages = ['open', 'investigating', 'awaiting_buyer', 'resolving', 'closed'] as const;
export const actionKinds = ['refund', 'void', 'freeze', 'unfreeze', 'hold_payout', 'step_up', 'compensate', 'notify'] as const;
export const actionStates = [
  'proposed',
  'awaiting_approval',
  'approved',
  'sent',
  'pending',
  'confirmed',
  'failed',
  'refused',
  'unknown',
] as const;

export const caseQuery = Type.Object(
  {
    ...page,
    status: optional(oneOf(['open', 'closed'], '`open` or `closed`.')),
    stage: optional(oneOf(caseStages, `One of ${caseStages.join(', ')}.`)),
    kind: optional(oneOf(findingKinds, 'A kind of finding that the case holds, such as `duplicate-charge`.')),
    accountId: optional(id('The buyer.')),
    paymentId: optional(id('A payment that the case is about.')),
    orderId: optional(id('An order that the case is about.')),
    queue: optional(oneOf(queueNames, `Where it waits: one of ${queueNames.join(', ')}.`)),
    assignee: optional(id('Who works on it.')),
    tag: optional(id('A tag that it carries.')),
    number: optional(id('The case number that the buyer quotes, `MW-…`.')),
    minLossMinor: optional(Type.Integer({ minimum: 0, description: 'Least loss in minor units; needs `currency`.' })),
    currency: optional(Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217, upper case; goes with `minLossMinor`.' })),
  },
  closed,
);

export const timelineQuery = Type.Object(page, closed);

export const findingQuery = Type.Object(
  {
    ...page,
    kind: optional(oneOf(findingKinds, 'A kind of finding, such as `duplicate-charge`.')),
    confidence: optional(oneOf(['certain', 'likely', 'possible'], '`certain`, `likely` or `possible`.')),
    status: optional(oneOf(['open', 'cleared'], '`open` or `cleared`.')),
    suppressedBy: optional(id('A snooze, or a finding that was marked: what it keeps from becoming a case.')),
    mode: optional(oneOf(['live', 'shadow'], '`live`, or `shadow`: found and shown, never acted on.')),
    accountId: optional(id('The buyer.')),
  },
  closed,
);

export const actionQuery = Type.Object(
  {
    ...page,
    state: optional(oneOf(actionStates, `One of ${actionStates.join(', ')}.`)),
    kind: optional(oneOf(actionKinds, `One of ${actionKinds.join(', ')}.`)),
    caseId: optional(id('The case.')),
    accountId: optional(id('The buyer.')),
  },
  closed,
);

/** Postgres keeps no NUL in text. */
const prose = Type.String({ minLength: 1, maxLength: 10_000, pattern: '^[^\\u0000]*[^\\s\\u0000][^\\u0000]*$' });

export const noteBody = Type.Object({ text: prose }, closed);
export const decisionBody = Type.Union([
  Type.Object(
    { outcome: Type.Union([Type.Literal('rejected'), Type.Literal('withdrawn'), Type.Literal('made_whole')]), reason: prose },
    closed,
  ),
  Type.Object(
    {
      stage: Type.Union([
        Type.Literal('open'),
        Type.Literal('investigating'),
        Type.Literal('awaiting_buyer'),
        Type.Literal('resolving'),
      ]),
      reason: prose,
      needed: optional(prose),
    },
    closed,
  ),
]);
export const approveBody = Type.Object({ reason: optional(prose) }, closed);
export const rejectBody = Type.Object({ reason: prose }, closed);

const instant = Type.String({ maxLength: 40, description: 'RFC 3339, such as 2026-06-30T00:00:00Z.' });
const kind = oneOf(findingKinds, 'A kind of finding, such as `duplicate-charge`.');

export const notADuplicateBody = Type.Object(
  { reason: prose, findingId: optional(id('One finding of the case; without it every duplicate in it is meant.')) },
  closed,
);
export const markBody = Type.Object({ reason: prose }, closed);
export const caseSnoozeBody = Type.Union([
  Type.Object(
    { kind, for: oneOf(['buyer', 'merchant'], 'Whose findings of this kind are expected.'), until: instant, reason: prose },
    closed,
  ),
  Type.Object({ until: instant, reason: prose }, { ...closed, description: 'The case itself: it waits in no queue until then.' }),
]);
export const reasonBody = Type.Object({ reason: prose }, closed);
/** A request without a body means the same as an empty one. */
export const secretBody = Type.Union([Type.Object({ reason: optional(prose) }, closed), Type.Undefined()]);
export const assignBody = Type.Object(
  {
    assignee: optional(
      Type.Union([id('Who works on it; without it, the caller.'), Type.Null({ description: 'Nobody any more.' })]),
    ),
    reason: optional(prose),
  },
  closed,
);
const tag = Type.String({ minLength: 1, maxLength: 50, pattern: '^[a-z0-9][a-z0-9:_.-]*$', description: 'In lower case.' });
export const tagsBody = Type.Object({ tags: Type.Array(tag, { maxItems: 20 }), reason: optional(prose) }, closed);
export const mergeBody = Type.Object({ caseId: id('The case that this one takes in.'), reason: prose }, closed);
export const splitBody = Type.Object(
  { findingIds: Type.Array(id('A finding of the case.'), { minItems: 1, maxItems: 100 }), reason: prose },
  closed,
);
export const nextBody = Type.Object({}, closed);
export const snoozeBody = Type.Object(
  {
    kind,
    accountId: optional(id('The buyer; or else a merchant.')),
    merchantId: optional(id('The merchant; or else a buyer.')),
    until: instant,
    reason: prose,
  },
  closed,
);

export const snoozeQuery = Type.Object(
  {
    ...page,
    kind: optional(kind),
    accountId: optional(id('The buyer.')),
    merchantId: optional(id('The merchant.')),
    active: optional(oneOf(['true'], '`true`: only those that have not ended.')),
  },
  closed,
);

export const searchQuery = Type.Object(
  {
    ...page,
    q: Type.String({
      minLength: 3,
      maxLength: 200,
      pattern: '^[^\\u0000]*[^\\s\\u0000][^\\u0000]*$',
      description:
        'A case number, buyer, order, payment, refund, statement line or reference, or the last four digits; 3 to 200 characters.',
    }),
  },
  closed,
);
export const fileQuery = Type.Object(
  {
    name: Type.String({
      minLength: 1,
      maxLength: 200,
      pattern: '^[^\\u0000-\\u001f/\\\\]+$',
      description: 'The name of the file: 1 to 200 characters, no slashes.',
    }),
  },
  closed,
);

export const policyQuery = Type.Object(
  { ...page, state: optional(oneOf(policyStates, `One of ${policyStates.join(', ')}.`)) },
  closed,
);
export const decisionQuery = Type.Object(
  { ...page, caseId: optional(id('The case.')), policyVersion: optional(id('The version under which it was made.')) },
  closed,
);
export const replayQuery = Type.Object({ policy: id('The version under which it is decided again.') }, closed);
export const replaysQuery = Type.Object({ ...decisionQuery.properties, ...replayQuery.properties }, closed);
export const policyChangeQuery = Type.Object({ ...page, version: optional(id('A version of the policy.')) }, closed);
export const policyBody = Type.Object(
  {
    document: Type.Record(Type.String(), Type.Unknown(), {
      description: 'The policy; what it leaves out is that of the default one.',
    }),
    reason: prose,
  },
  closed,
);

export const buyerTextBody = Type.Object({ text: prose }, closed);
export const trackQuery = Type.Object(
  {
    secret: optional(id('What the buyer was given with the number; better sent as X-Case-Secret.')),
    lang: optional(oneOf(languages, '`en` or `zh`; better sent as Accept-Language.')),
  },
  closed,
);
export const trackFileQuery = Type.Object({ ...trackQuery.properties, ...fileQuery.properties }, closed);

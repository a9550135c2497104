import type { TSchema } from '@sinclair/typebox';
import { actionOrderSchema, actionResultSchema, policyMessageSchema } from '#contract/action';
import { caseMessageSchema } from '#contract/case';
import { deadLetterSchema } from '#contract/dead-letter';
import { caughtUpMessageSchema, findingMessageSchema, paymentMessageSchema } from '#contract/finding';

interface Message {
  readonly name: string;
  readonly payload: unknown;
}

const CLOUD_EVENT = 'application/cloudevents+json';

/** The topics as AsyncAPI 3.0. `payment-events` points to `events.schema.json` beside it; the rest stands inline. */
export function asyncApiDocument(): Readonly<Record<string, unknown>> {
  const channels = topics.map(({ topic, key, description, messages }) => [
    topic,
    {
      address: topic,
      description: `${description} Record key: ${key}.`,
      messages: Object.fromEntries(messages.map(({ name, payload }) => [name, { name, contentType: CLOUD_EVENT, payload }])),
    },
  ]);
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Makewhole topics',
      version: '1.0.0',
      description: 'What Makewhole reads and writes on Kafka. Every record but a dead letter is a CloudEvent 1.0.',
      license: { name: 'Apache-2.0' },
    },
    defaultContentType: CLOUD_EVENT,
    channels: Object.fromEntries(channels),
    operations: Object.fromEntries(
      topics.map(({ topic, action }) => [`${action}-${topic}`, { action, channel: { $ref: `#/channels/${topic}` } }]),
    ),
  };
}

/** Our own messages: the envelope of an event, with the type and shape of this one. */
const envelope = (type: string, data: TSchema, extensions: Readonly<Record<string, unknown>> = {}): Message => ({
  name: type,
  payload: {
    type: 'object',
    required: ['specversion', 'id', 'source', 'type', 'time', 'data'],
    properties: {
      specversion: { const: '1.0' },
      id: { type: 'string', description: 'One for each change: consumers are idempotent by it.' },
      source: { type: 'string', pattern: '^makewhole/' },
      type: { const: type },
      time: { type: 'string', format: 'date-time' },
      ...extensions,
      data,
    },
  },
});

const source = {
  sourcepartition: { type: 'string', description: 'The topic and partition that it follows from, as payment-events/3.' },
  sourceend: {
    type: 'boolean',
    description: 'Everything that partition held had been read but for the last five seconds: no backlog can change it.',
  },
};

const topics = [
  {
    topic: 'payment-events',
    action: 'receive',
    key: 'accountId',
    description: 'What happened on the platform, from the gateway or from any producer.',
    messages: [{ name: 'event', payload: { $ref: './events.schema.json' } }],
  },
  {
    topic: 'findings',
    action: 'send',
    key: 'accountId',
    description: 'What is wrong, and the newest facts of each payment that a finding names.',
    messages: [
      envelope('makewhole.finding', findingMessageSchema, source),
      envelope('makewhole.payment', paymentMessageSchema, source),
      envelope('makewhole.caught-up', caughtUpMessageSchema, source),
    ],
  },
  {
    topic: 'cases',
    action: 'send',
    key: 'accountId',
    description: 'A case after each change.',
    messages: [envelope('makewhole.case', caseMessageSchema)],
  },
  {
    topic: 'actions',
    action: 'send',
    key: 'accountId',
    description: 'What is to be done, once policy, guards and people agree; and, under the key `policy`, which policy is live.',
    messages: [envelope('makewhole.action', actionOrderSchema), envelope('makewhole.policy', policyMessageSchema)],
  },
  {
    topic: 'action-results',
    action: 'send',
    key: 'accountId',
    description: 'What became of it.',
    messages: [envelope('makewhole.action-result', actionResultSchema)],
  },
  {
    topic: 'dead-letters',
    action: 'send',
    key: 'that of the record',
    description: 'Records that could not be applied, as plain JSON.',
    messages: [{ name: 'dead-letter', payload: deadLetterSchema }],
  },
] as const satisfies readonly {
  readonly topic: string;
  readonly action: 'send' | 'receive';
  readonly key: string;
  readonly description: string;
  readonly messages: readonly Message[];
}[];

import { Type } from '@sinclair/typebox';
import { oneOf } from '#contract/words';

/** A record that could not be applied, on topic `dead-letters` and in the file of `replay`. */
export const deadLetterSchema = Type.Object({
  topic: Type.String({ description: '`input` in a file.' }),
  partition: Type.Integer({ minimum: 0 }),
  offset: Type.Integer({ minimum: 0, description: 'In a file the line, counted from 0.' }),
  reason: oneOf('not-json', 'invalid-event', 'unknown-type', 'conflicting-redelivery', 'future-event', 'too-large'),
  source: Type.Optional(Type.String()),
  id: Type.Optional(Type.String()),
  pointer: Type.Optional(Type.String({ description: 'JSON pointer into the event.' })),
  expected: Type.Optional(Type.String()),
  found: Type.Optional(Type.String()),
  bytes: Type.String({ contentEncoding: 'base64', description: 'The record, with card numbers and secrets masked.' }),
});

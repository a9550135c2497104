import { Type } from '@sinclair/typebox';
import { noticeKinds } from '#hook/notice';

const closed = { additionalProperties: false } as const;
/** Postgres keeps no NUL in text. */
const reason = Type.String({ minLength: 1, maxLength: 1_000, pattern: '^[^\\u0000]*[^\\s\\u0000][^\\u0000]*$' });
const noticeId = Type.String({ minLength: 1, maxLength: 300, pattern: '^[^\\u0000]+$' });

export const reasonBody = Type.Object({ reason }, closed);

export const resendBody = Type.Object({ noticeIds: Type.Array(noticeId, { minItems: 1, maxItems: 1_000 }), reason }, closed);

export const redeliverBody = Type.Object(
  {
    from: Type.String({ maxLength: 40 }),
    until: Type.String({ maxLength: 40 }),
    types: Type.Optional(Type.Array(Type.Union(noticeKinds.map((kind) => Type.Literal(kind))), { minItems: 1 })),
    reason,
  },
  closed,
);

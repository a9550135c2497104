import { Type } from '@sinclair/typebox';
import { accrualSchema, actionKindSchema, actionStateSchema } from '#contract/case';
import { findingKindSchema, paymentFactsSchema, scopeSchema } from '#contract/finding';
import { money, time } from '#contract/words';

/** Data of `makewhole.action`, on topic `actions`: carry this out, exactly once. */
export const actionOrderSchema = Type.Object({
  actionId: Type.String(),
  key: Type.String({
    description:
      'Idempotency key, derived from case, payment, kind and sequence; of a compensation, from finding, rule and sequence.',
  }),
  kind: actionKindSchema,
  caseId: Type.String(),
  caseNumber: Type.String(),
  accountId: Type.Union([Type.String(), Type.Null()], {
    description: 'null where it is about a merchant, network, operator or route: `scope` says which. Then no money moves.',
  }),
  scope: Type.Optional(scopeSchema),
  merchantId: Type.Optional(Type.String()),
  findingKind: Type.Optional(findingKindSchema),
  paymentId: Type.Optional(Type.String()),
  amount: Type.Optional(money),
  accrual: Type.Optional({
    ...accrualSchema,
    description:
      'Of `compensate`: what it pays the buyer, beside or before a refund. It goes to the platform alone, as `action.compensate` with the same field; no payment provider pays it.',
  }),
  findingId: Type.Optional(Type.String({ description: 'Of `compensate`: for which finding; one daily compensation each.' })),
  owed: Type.Optional({ ...money, description: 'Of a daily compensation: what accrued by the facts; no more is paid.' }),
  reason: Type.String(),
  evidence: Type.Array(Type.String()),
  policyVersion: Type.String(),
  proposedBy: Type.String(),
  approvedBy: Type.Array(Type.String()),
  payment: Type.Optional(paymentFactsSchema),
  until: Type.Optional(time),
  contactBefore: Type.Optional(
    Type.String({ format: 'date-time', description: 'Of a notice: goes to the contact that the buyer had before this instant.' }),
  ),
});

/** Data of `makewhole.action-result`, on topic `action-results`: each change of an action's state. */
export const actionResultSchema = Type.Object({
  actionId: Type.String(),
  key: Type.String(),
  caseId: Type.String(),
  accountId: Type.Union([Type.String(), Type.Null()]),
  kind: actionKindSchema,
  state: actionStateSchema,
  guard: Type.Optional(Type.String()),
  reference: Type.Optional(Type.String()),
  reason: Type.Optional(Type.String()),
  amount: Type.Optional(money),
  at: time,
});

/** Data of `makewhole.policy`, on topic `actions`: the policy by whose limits actions are carried out from now on. */
export const policyMessageSchema = Type.Object({
  version: Type.String(),
  sequence: Type.Integer({ minimum: 1, description: 'Grows with each change; the highest one holds, whatever comes first.' }),
  document: Type.Record(Type.String(), Type.Unknown(), { description: 'The whole document: nothing is left to a default.' }),
});

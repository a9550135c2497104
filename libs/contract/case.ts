import { Type } from '@sinclair/typebox';
import { findingKindSchema, findingSchema } from '#contract/finding';
import { money, oneOf, time } from '#contract/words';

export const actionKindSchema = oneOf('refund', 'void', 'freeze', 'unfreeze', 'hold_payout', 'step_up', 'compensate', 'notify');
export const actionStateSchema = oneOf(
  'proposed',
  'awaiting_approval',
  'approved',
  'sent',
  'pending',
  'confirmed',
  'failed',
  'refused',
  'unknown',
);

export const accrualSchema = oneOf('daily-compensation', 'provisional-credit');

const action = Type.Object({
  actionId: Type.String(),
  kind: actionKindSchema,
  accrual: Type.Optional(accrualSchema),
  paymentId: Type.Optional(Type.String()),
  amount: Type.Optional(money),
  state: actionStateSchema,
  key: Type.String(),
  guard: Type.Optional(Type.String()),
  reason: Type.Optional(Type.String()),
  policyVersion: Type.String(),
  proposedBy: Type.String(),
  approvedBy: Type.Array(Type.String()),
});

export const caseSchema = Type.Object({
  caseId: Type.String(),
  number: Type.String({ description: 'What a buyer quotes.' }),
  accountId: Type.Union([Type.String(), Type.Null()]),
  kinds: Type.Array(findingKindSchema),
  findingIds: Type.Array(Type.String()),
  loss: Type.Array(money),
  stage: oneOf('open', 'investigating', 'awaiting_buyer', 'resolving', 'closed'),
  status: oneOf('open', 'closed'),
  outcome: Type.Union([oneOf('healed', 'made_whole', 'rejected', 'withdrawn', 'merged'), Type.Null()]),
  attention: Type.Optional(
    Type.String({ description: 'Why people have to end it though nothing is missing: a credit is to be reversed by hand.' }),
  ),
  openedAt: time,
  clocks: Type.Array(
    Type.Object({
      name: oneOf(
        'acknowledge',
        'answer',
        'resolve',
        'pay',
        'platform_complaint',
        'consumer_association',
        'mediation',
        'arbitration',
        'court',
        'police',
      ),
      dueAt: time,
      state: oneOf('running', 'paused', 'met', 'missed'),
    }),
  ),
  actions: Type.Array(action),
});

const notice = Type.Object({
  kind: oneOf(
    'case.opened',
    'case.updated',
    'case.closed',
    'finding.opened',
    'finding.cleared',
    'action.confirmed',
    'action.failed',
  ),
  findingId: Type.Optional(Type.String()),
  actionId: Type.Optional(Type.String()),
});

/** Data of `makewhole.case`, on topic `cases`: a case after each change. */
export const caseMessageSchema = Type.Object({
  case: caseSchema,
  revision: Type.Integer({ minimum: 1 }),
  notices: Type.Array(notice),
  findings: Type.Array(findingSchema),
  evidence: Type.Object({ sequence: Type.Integer({ minimum: 1 }), hash: Type.String({ pattern: '^[0-9a-f]{64}$' }) }),
});

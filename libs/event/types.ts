import { Type, type Static, type TLiteral, type TUnion } from '@sinclair/typebox';
import type { FormatName } from '#event/formats';

/**
 * The shapes of an event's `data`, one schema a type. They are the single source: the decoder is compiled from them, the
 * TypeScript types are derived from them, and the JSON Schemas in `contract/` are written from them.
 * Times inside `data` stay RFC 3339 text here; the decoder checks them and the fold reads them as instants.
 */
const id = Type.String({ minLength: 1, maxLength: 200 });
const word = Type.String({ minLength: 1, maxLength: 100 });
const text = Type.String({ maxLength: 10_000 });
const token = Type.String({ minLength: 1, maxLength: 200, format: 'token' satisfies FormatName });
const country = Type.String({ format: 'country' satisfies FormatName });
const currency = Type.String({ format: 'currency' satisfies FormatName });
const dateTime = Type.String({ format: 'date-time' satisfies FormatName });
const optional = Type.Optional;

/** One of these words; unlike `Type.Union(words.map(...))` it keeps the words in the static type. */
const oneOf = <const Words extends readonly string[]>(...words: Words) =>
  Type.Union(words.map((word) => Type.Literal(word))) as unknown as TUnion<{
    -readonly [At in keyof Words]: TLiteral<Words[At]>;
  }>;

export const moneySchema = Type.Object({
  minor: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
  currency,
});
/** A balance may be below zero. */
export const signedMoneySchema = Type.Object({
  minor: Type.Integer({ minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER }),
  currency,
});
export const instrumentSchema = Type.Object({
  kind: oneOf('card', 'wallet', 'bank_account', 'upi', 'balance', 'voucher', 'other'),
  fingerprint: token,
  scheme: optional(word),
  last4: optional(Type.String({ maxLength: 4 })),
  country: optional(country),
});
export const contextSchema = Type.Object({
  ip: optional(Type.String({ maxLength: 200 })),
  deviceId: optional(id),
  country: optional(country),
  lat: optional(Type.Number({ minimum: -90, maximum: 90 })),
  lon: optional(Type.Number({ minimum: -180, maximum: 180 })),
  userAgent: optional(text),
});

export type Instrument = Static<typeof instrumentSchema>;
export type Context = Static<typeof contextSchema>;

const fee = Type.Object({ kind: word, amount: moneySchema });
const account = { accountId: id };
const accountOptional = { accountId: optional(id) };

const startedPayment = {
  ...account,
  paymentId: id,
  orderId: optional(id),
  merchantId: id,
  amount: moneySchema,
  instrument: instrumentSchema,
  provider: optional(word),
  idempotencyKey: optional(Type.String({ minLength: 1, maxLength: 500 })),
  initiator: optional(oneOf('customer', 'merchant')),
  presence: optional(oneOf('online', 'in_person')),
  subscription: optional(Type.Object({ id, period: word })),
  lineIds: optional(Type.Array(id, { maxItems: 1_000 })),
  mcc: optional(Type.String({ maxLength: 10 })),
  context: optional(contextSchema),
};
const endedPayment = Type.Object({
  ...account,
  paymentId: id,
  reason: optional(text),
  merchantId: optional(id),
  instrument: optional(instrumentSchema),
  amount: optional(moneySchema),
  context: optional(contextSchema),
});
const refund = Type.Object({
  ...account,
  refundId: id,
  paymentId: id,
  amount: moneySchema,
  instrument: optional(instrumentSchema),
  exchange: optional(Type.Object({ from: moneySchema, rate: Type.Number({ exclusiveMinimum: 0 }) })),
  reason: optional(text),
  operatorId: optional(id),
});
const orderStep = Type.Object({ ...account, orderId: id, reason: optional(text) });
const deliveryStep = Type.Object({ ...account, orderId: id, trackingId: optional(id) });
const payout = Type.Object({ ...accountOptional, payoutId: id, merchantId: id, orderId: optional(id), amount: moneySchema });
const walletEntry = Type.Object({
  ...account,
  entryId: id,
  amount: moneySchema,
  reference: optional(id),
  operatorId: optional(id),
});
const accountAct = Type.Object({ ...account, context: optional(contextSchema), method: optional(word) });
const profileChange = Type.Object({
  ...account,
  context: optional(contextSchema),
  operatorId: optional(id),
  how: optional(oneOf('change', 'reset')),
  field: optional(word),
  instrument: optional(instrumentSchema),
});
const merchantAct = Type.Object({ ...accountOptional, merchantId: id, outcome: optional(word), reason: optional(text) });

export const dataSchemas = {
  'order.placed': Type.Object({
    ...account,
    orderId: id,
    merchantId: id,
    total: moneySchema,
    discount: optional(moneySchema),
    fees: optional(Type.Array(fee, { maxItems: 100 })),
    deliverBy: optional(dateTime),
    shipTo: optional(Type.Object({ fingerprint: token, country: optional(country) })),
    giftCard: optional(Type.Boolean()),
    context: optional(contextSchema),
  }),
  'order.confirmed': orderStep,
  'order.cancelled': orderStep,
  'payment.created': Type.Object(startedPayment),
  'payment.authorised': Type.Object({ ...startedPayment, captureBefore: optional(dateTime) }),
  'payment.captured': Type.Object({ ...startedPayment, captureId: optional(id) }),
  'payment.failed': endedPayment,
  'payment.voided': endedPayment,
  'payment.expired': endedPayment,
  'payment.settled': endedPayment,
  'refund.requested': refund,
  'refund.approved': refund,
  'refund.rejected': refund,
  'refund.submitted': refund,
  'refund.succeeded': refund,
  'refund.failed': refund,
  'refund.posted': refund,
  'chargeback.opened': Type.Object({
    ...account,
    chargebackId: id,
    paymentId: id,
    amount: moneySchema,
    reasonCode: optional(word),
    scheme: optional(word),
  }),
  'chargeback.closed': Type.Object({
    ...account,
    chargebackId: id,
    paymentId: id,
    outcome: oneOf('buyer', 'merchant'),
  }),
  'delivery.shipped': deliveryStep,
  'delivery.delivered': deliveryStep,
  'delivery.returned': deliveryStep,
  'payout.held': payout,
  'payout.released': payout,
  'payout.paid': payout,
  'funds.frozen': Type.Object({
    ...account,
    freezeId: id,
    amount: optional(moneySchema),
    reason: optional(text),
    until: optional(dateTime),
    operatorId: optional(id),
  }),
  'funds.unfrozen': Type.Object({
    ...account,
    freezeId: id,
    amount: optional(moneySchema),
    reason: optional(text),
    until: optional(dateTime),
    operatorId: optional(id),
  }),
  'wallet.credited': walletEntry,
  'wallet.debited': walletEntry,
  'wallet.balance_reported': Type.Object({ ...account, balance: signedMoneySchema }),
  'fee.charged': Type.Object({
    ...account,
    feeId: id,
    kind: word,
    amount: moneySchema,
    orderId: optional(id),
    paymentId: optional(id),
    disclosed: optional(Type.Boolean()),
  }),
  'account.created': accountAct,
  'account.logged_in': accountAct,
  'account.login_failed': accountAct,
  'account.step_up_passed': accountAct,
  'account.password_changed': profileChange,
  'account.second_factor_changed': profileChange,
  'account.contact_changed': profileChange,
  'account.address_changed': profileChange,
  'account.payout_changed': profileChange,
  'account.instrument_added': profileChange,
  'account.travel_announced': Type.Object({ ...account, country, from: dateTime, to: dateTime }),
  'account.limit_set': Type.Object({
    ...account,
    limit: moneySchema,
    per: oneOf('payment', 'day', 'month'),
    operatorId: optional(id),
  }),
  'account.phishing_reported': Type.Object({ ...account, about: optional(text), context: optional(contextSchema) }),
  'statement.line': Type.Object({
    ...accountOptional,
    lineId: id,
    bookedAt: dateTime,
    amount: moneySchema,
    direction: oneOf('debit', 'credit'),
    reference: optional(id),
    description: optional(text),
  }),
  'complaint.filed': Type.Object({
    ...account,
    complaintId: id,
    about: optional(oneOf('payment', 'refund', 'delivery', 'fee', 'account', 'merchant', 'other')),
    orderId: optional(id),
    paymentId: optional(id),
    text: optional(text),
    attachments: optional(
      Type.Array(Type.Object({ name: word, sha256: Type.String({ format: 'sha256' satisfies FormatName }) }), { maxItems: 100 }),
    ),
  }),
  'merchant.vetted': merchantAct,
  'merchant.reported': merchantAct,
} as const;

export type EventType = keyof typeof dataSchemas;
export type EventData<EventKind extends EventType> = Static<(typeof dataSchemas)[EventKind]>;

export const eventTypes = Object.keys(dataSchemas) as readonly EventType[];

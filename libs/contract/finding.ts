import { Type } from '@sinclair/typebox';
import { money, oneOf, time } from '#contract/words';

const kind = oneOf(
  'duplicate-charge',
  'paid-by-other-means',
  'stuck-hold',
  'payment-unconfirmed',
  'frozen-funds',
  'refund-overdue',
  'refund-amount-wrong',
  'refund-wrong-instrument',
  'refund-failed',
  'amount-differs-from-order',
  'undisclosed-fee',
  'not-delivered',
  'paid-out-before-delivery',
  'balance-differs',
  'statement-without-order',
  'order-without-statement',
  'statement-amount-differs',
  'limit-exceeded',
  'account-takeover',
  'impossible-travel',
  'credential-stuffing',
  'card-testing',
  'spend-outlier',
  'compromised-merchant',
  'merchant-anomaly',
  'insider-abuse',
  'payment-outage',
  'buyer-complaint',
);
export const findingKindSchema = kind;

const ids = Type.Array(Type.String());

/** Whom a finding about no buyer is about. */
export const scopeSchema = Type.Object({
  kind: oneOf('merchant', 'network', 'operator', 'route', 'statement'),
  key: Type.String(),
});

/** A detector's claim. A finding that a later event clears is told again, under the same id, with `status: "cleared"`. */
export const findingSchema = Type.Object({
  findingId: Type.String(),
  kind,
  confidence: oneOf('certain', 'likely', 'possible'),
  status: oneOf('open', 'cleared'),
  mode: Type.Optional(oneOf('shadow')),
  at: time,
  accountId: Type.Union([Type.String(), Type.Null()]),
  scope: Type.Optional(scopeSchema),
  merchantId: Type.Optional(Type.String()),
  orderId: Type.Optional(Type.String()),
  paymentIds: ids,
  loss: Type.Union([money, Type.Null()]),
  because: Type.Object({
    rule: Type.String(),
    fields: Type.Array(Type.String()),
    figures: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()])),
  }),
  eventIds: ids,
});

const minor = Type.Integer({ minimum: 0 });

/** A payment as the ledger knows it, for guards. Sums are minor units of `currency`; `asOf` is milliseconds since the epoch. */
export const paymentFactsSchema = Type.Object({
  paymentId: Type.String(),
  accountId: Type.String(),
  merchantId: Type.Optional(Type.String()),
  orderId: Type.Optional(Type.String()),
  provider: Type.Optional(Type.String()),
  instrument: Type.Optional(
    Type.Object({
      kind: oneOf('card', 'wallet', 'bank_account', 'upi', 'balance', 'voucher', 'other'),
      fingerprint: Type.String(),
      scheme: Type.Optional(Type.String()),
      last4: Type.Optional(Type.String()),
      country: Type.Optional(Type.String()),
    }),
  ),
  currency: Type.String(),
  authorisedMinor: minor,
  capturedMinor: minor,
  refundedMinor: minor,
  refundPendingMinor: minor,
  chargebackOpen: Type.Boolean(),
  chargedBackMinor: minor,
  settled: oneOf('yes', 'no', 'unknown'),
  voided: Type.Boolean(),
  asOf: Type.Integer(),
});

/** Data of `makewhole.finding` and of `makewhole.payment`, on topic `findings`. */
export const findingMessageSchema = Type.Object({ finding: findingSchema, payments: Type.Array(paymentFactsSchema) });
export const paymentMessageSchema = Type.Object({ payment: paymentFactsSchema });
/** Of `makewhole.caught-up`: a partition of `payment-events` that was read to its end after findings had been told before that. */
export const caughtUpMessageSchema = Type.Object({ partition: Type.Integer({ minimum: 0 }) });

import { fromProviderUnits, stripeUnits } from '#kernel/provider-money';
import { formatInstant } from '#kernel/time';
import { type Fields, fieldsOf, instantOfSeconds, present, type Told, type ToldEvent, wordOf } from '#event/provider-webhook';
import type { EventType } from '#event/types';

export const STRIPE_SOURCE = '/stripe';

/** Told by another event as well, which we take. */
const toldElsewhere: ReadonlySet<string> = new Set([
  'charge.updated',
  'charge.dispute.funds_reinstated',
  'payment_intent.amount_capturable_updated',
  'payment_intent.created',
  'payment_intent.partially_funded',
  'payment_intent.payment_failed',
  'payment_intent.processing',
  'payment_intent.requires_action',
  'payment_intent.succeeded',
]);
const aboutPayments = /^(charge|refund|payment_intent)\./;

/**
 * A Stripe event (docs.stripe.com/api/events/types) as events of ours. A payment's id is its payment intent's, or its charge's where
 * there is none. The buyer is `metadata.accountId` of the object, otherwise its `customer`; `metadata.orderId` and
 * `metadata.merchantId` are taken likewise, the merchant otherwise from the connected account. An inquiry (`warning_…`) is no chargeback
 * yet. What is not about charges, refunds or payment intents is ignored.
 */
export function tellStripe(webhook: unknown): Told {
  const event = fieldsOf(webhook);
  const type = wordOf(event['type']) ?? 'unknown';
  if (!aboutPayments.test(type) || toldElsewhere.has(type)) return { kind: 'ignored' };
  const id = wordOf(event['id']) ?? '';
  const at = instantOfSeconds(event['created']);
  const time = at === undefined ? undefined : formatInstant(at);
  const unmapped: Told = {
    kind: 'unmapped',
    type: `stripe.${type}`,
    id,
    source: STRIPE_SOURCE,
    ...(time === undefined ? {} : { time }),
  };
  if (time === undefined) return unmapped;
  const told = tellObject(type, fieldsOf(fieldsOf(event['data'])['object']), wordOf(event['account']));
  if (told === undefined) return unmapped;
  const events = told.map(({ suffix = '', ...rest }): ToldEvent => ({
    ...rest,
    id: `${id}${suffix}`,
    source: STRIPE_SOURCE,
    time,
  }));
  return events.length === 0 ? { kind: 'ignored' } : { kind: 'events', events };
}

type ToldObject = Pick<ToldEvent, 'type' | 'data'> & { readonly suffix?: string };

/** Undefined where it is about payments and we have no event for it. */
function tellObject(type: string, object: Fields, connected: string | undefined): readonly ToldObject[] | undefined {
  const charge = (as: EventType, amount?: unknown): readonly ToldObject[] => [
    { type: as, data: chargeData(object, connected, amount) },
  ];
  const ended = (as: EventType, reason: unknown): readonly ToldObject[] => [
    { type: as, data: present({ ...whose(object, connected), reason: wordOf(reason), paymentId: paymentOf(object) }) },
  ];
  switch (type) {
    case 'charge.pending':
      return charge('payment.created', object['amount']);
    case 'charge.succeeded':
      return object['captured'] === false
        ? charge('payment.authorised', object['amount'])
        : charge('payment.captured', object['amount_captured'] ?? object['amount']);
    case 'charge.captured':
      return charge('payment.captured', object['amount_captured'] ?? object['amount']);
    case 'charge.failed':
      return ended('payment.failed', object['failure_code'] ?? object['failure_message']);
    case 'charge.expired':
      return ended('payment.expired', undefined);
    case 'payment_intent.canceled':
      return object['cancellation_reason'] === 'automatic'
        ? ended('payment.expired', 'automatic')
        : ended('payment.voided', object['cancellation_reason']);
    case 'charge.refunded':
      return refundsOfCharge(object, connected);
    case 'charge.refund.updated':
    case 'refund.created':
    case 'refund.updated':
    case 'refund.failed': {
      const step = refundStep(object['status'], type);
      return step === undefined ? undefined : [{ type: step, data: refundData(object, whose(object, connected)) }];
    }
    case 'charge.dispute.created':
    case 'charge.dispute.updated':
    case 'charge.dispute.funds_withdrawn':
      return isInquiry(object) ? [] : [{ type: 'chargeback.opened', data: chargebackData(object, connected) }];
    case 'charge.dispute.closed':
      return closedDispute(object, connected);
    default:
      return undefined;
  }
}

const paymentOf = (object: Fields): string | undefined =>
  object['object'] === 'payment_intent'
    ? wordOf(object['id'])
    : (idOf(object['payment_intent']) ?? idOf(object['charge']) ?? chargeId(object));

const chargeId = (object: Fields): string | undefined => (object['object'] === 'charge' ? wordOf(object['id']) : undefined);

/** A reference is an id, or the object itself where it was expanded. */
const idOf = (value: unknown): string | undefined => wordOf(value) ?? wordOf(fieldsOf(value)['id']);

function whose(object: Fields, connected: string | undefined): Fields {
  const metadata = fieldsOf(object['metadata']);
  return present({
    accountId: wordOf(metadata['accountId']) ?? idOf(object['customer']),
    merchantId: wordOf(metadata['merchantId']) ?? connected ?? idOf(object['on_behalf_of']) ?? 'stripe',
  });
}

function chargeData(charge: Fields, connected: string | undefined, amount: unknown): Fields {
  const metadata = fieldsOf(charge['metadata']);
  const method = fieldsOf(charge['payment_method_details']);
  const captureBefore = instantOfSeconds(fieldsOf(method['card'])['capture_before']);
  return present({
    ...whose(charge, connected),
    paymentId: paymentOf(charge),
    orderId: wordOf(metadata['orderId']) ?? wordOf(metadata['order_id']),
    amount: fromProviderUnits(amount, charge['currency'], stripeUnits),
    instrument: instrumentOf(charge, method),
    provider: 'stripe',
    presence: method['type'] === 'card_present' || method['type'] === 'interac_present' ? 'in_person' : undefined,
    captureBefore: captureBefore === undefined ? undefined : formatInstant(captureBefore),
  });
}

const bankAccounts: ReadonlySet<string> = new Set([
  'us_bank_account',
  'sepa_debit',
  'bacs_debit',
  'au_becs_debit',
  'acss_debit',
  'ach_debit',
]);
const schemes: Readonly<Record<string, string>> = {
  us_bank_account: 'ach',
  ach_debit: 'ach',
  bacs_debit: 'bacs',
  au_becs_debit: 'becs',
  sepa_debit: 'sepa_debit',
};

/** Without a fingerprint of Stripe's the instrument is like no other: sameness is not guessed. */
function instrumentOf(charge: Fields, method: Fields): Fields {
  const type = wordOf(method['type']) ?? 'other';
  const details = fieldsOf(method[type]);
  const isCard = type === 'card' || type === 'card_present' || type === 'interac_present';
  const kind = isCard ? 'card' : bankAccounts.has(type) ? 'bank_account' : type === 'other' ? 'other' : 'wallet';
  return present({
    kind,
    fingerprint: wordOf(details['fingerprint']) ?? idOf(charge['payment_method']) ?? `stripe:${String(charge['id'])}`,
    scheme: isCard ? wordOf(details['brand'])?.toLowerCase() : (schemes[type] ?? (type === 'other' ? undefined : type)),
    last4: wordOf(details['last4']),
    country: wordOf(details['country'])?.toUpperCase(),
  });
}

/** Older API versions list a charge's refunds inside it; newer ones tell each by `refund.…`. */
function refundsOfCharge(charge: Fields, connected: string | undefined): readonly ToldObject[] | undefined {
  const list = fieldsOf(charge['refunds'])['data'];
  if (!Array.isArray(list)) return [];
  const owner = whose(charge, connected);
  const told: ToldObject[] = [];
  for (const refund of list.map(fieldsOf)) {
    const type = refundStep(refund['status'], 'charge.refunded');
    if (type === undefined) return undefined;
    const data = refundData({ ...refund, payment_intent: charge['payment_intent'], charge: charge['id'] }, owner);
    told.push({ type, data, suffix: `:${String(refund['id'])}` });
  }
  return told;
}

/** Source: docs.stripe.com/refunds: pending and requires_action are on their way; failed and canceled came back. */
function refundStep(status: unknown, type: string): EventType | undefined {
  if (status === 'failed' || status === 'canceled' || type === 'refund.failed') return 'refund.failed';
  if (status === 'succeeded') return 'refund.succeeded';
  return status === 'pending' || status === 'requires_action' ? 'refund.submitted' : undefined;
}

function refundData(refund: Fields, owner: Fields): Fields {
  const { merchantId: _, ...account } = owner;
  return present({
    ...account,
    refundId: wordOf(refund['id']),
    paymentId: paymentOf(refund),
    amount: fromProviderUnits(refund['amount'], refund['currency'], stripeUnits),
    reason: wordOf(refund['failure_reason']) ?? wordOf(refund['reason']),
  });
}

const isInquiry = (dispute: Fields): boolean => String(dispute['status']).startsWith('warning_');

function chargebackData(dispute: Fields, connected: string | undefined): Fields {
  const { merchantId: _, ...account } = whose(dispute, connected);
  const card = fieldsOf(fieldsOf(dispute['payment_method_details'])['card']);
  return present({
    ...account,
    // In old API versions a dispute had no id, and a charge at most one dispute.
    chargebackId: wordOf(dispute['id']) ?? idOf(dispute['charge']),
    paymentId: paymentOf(dispute),
    amount: fromProviderUnits(dispute['amount'], dispute['currency'], stripeUnits),
    reasonCode: wordOf(card['network_reason_code']) ?? wordOf(dispute['reason']),
    scheme: wordOf(card['brand'])?.toLowerCase(),
  });
}

/** Lost: the buyer keeps the money; so does one whose charge was refunded meanwhile. */
function closedDispute(dispute: Fields, connected: string | undefined): readonly ToldObject[] | undefined {
  const { accountId, chargebackId, paymentId } = chargebackData(dispute, connected);
  if (isInquiry(dispute)) return [];
  const outcome = { lost: 'buyer', charge_refunded: 'buyer', won: 'merchant' }[String(dispute['status'])];
  return outcome === undefined
    ? undefined
    : [{ type: 'chargeback.closed', data: present({ accountId, chargebackId, paymentId, outcome }) }];
}

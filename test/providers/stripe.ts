import { createHmac } from 'node:crypto';
import type { Money } from '#kernel/money';
import { hours } from '#kernel/time';
import { type Called, Emulator, type Reply } from '#test/providers/emulator';

export const stripeKey = 'sk_test_emulated';
export const stripeSecret = 'whsec_emulated_stripe_endpoint';

export interface StripeRefund {
  id: string;
  object: 'refund';
  amount: number;
  currency: string;
  charge: string | null;
  payment_intent: string | null;
  created: number;
  metadata: Record<string, string>;
  reason: string | null;
  status: 'pending' | 'requires_action' | 'succeeded' | 'failed' | 'canceled';
  failure_reason?: string;
}

interface Payment {
  readonly amount: number;
  readonly currency: string;
  status: 'requires_capture' | 'succeeded' | 'canceled';
}

interface Saved {
  readonly at: number;
  readonly parameters: string;
  readonly reply: Reply;
}

/** Keys are removed once they are at least 24 h old (docs.stripe.com/api/idempotent_requests). */
const keysKept = hours(24);

/**
 * Stripe as its documentation says: docs.stripe.com/api/idempotent_requests (the first answer under a key is given again, a 500 too;
 * other parameters under it are an error; after 24 h it is a new request; what fails validation is not saved), /api/refunds/create,
 * /api/refunds/list (newest first, starting_after, has_more), /api/refunds/retrieve, /api/payment_intents/cancel (not once it is
 * captured), /api/errors, /refunds (a refund can fail after it succeeded), /webhooks (signature, redelivery, no order).
 */
export class StripeEmulator extends Emulator {
  readonly payments = new Map<string, Payment>();
  /** Oldest first. */
  readonly refunds: StripeRefund[] = [];
  /** The state that new refunds begin with. */
  firstStatus: StripeRefund['status'] = 'succeeded';
  /** The next request that moves money breaks inside Stripe: a 500 that is saved under its key. */
  breaks: 'before' | 'after' | undefined;
  private readonly saved = new Map<string, Saved>();

  pay(id: string, amount: number, currency = 'eur', status: Payment['status'] = 'succeeded'): void {
    this.payments.set(id, { amount, currency, status });
  }

  /** Money that went back, by payment. */
  refunded(payment: string): number {
    return this.refundsOf(payment).reduce(
      (sum, { status, amount }) => (status === 'failed' || status === 'canceled' ? sum : sum + amount),
      0,
    );
  }

  /** Closed account: what had succeeded comes back. */
  fail(refund: StripeRefund): void {
    refund.status = 'failed';
    refund.failure_reason = 'expired_or_canceled_card';
  }

  protected moves({ method }: Called): boolean {
    return method === 'POST';
  }

  protected deny({ headers }: Called): Reply | undefined {
    return headers.authorization === `Bearer ${stripeKey}`
      ? undefined
      : fault(401, 'invalid_request_error', '', 'Invalid API Key provided');
  }

  protected answer(call: Called): Reply {
    if (call.method === 'GET') return this.read(call);
    const key = String(call.headers['idempotency-key'] ?? '');
    const parameters = `${call.path}?${call.body}`;
    const known = this.saved.get(key);
    if (known !== undefined && this.now() - known.at < keysKept)
      return known.parameters === parameters
        ? { ...known.reply, headers: { 'idempotent-replayed': 'true' } }
        : fault(400, 'idempotency_error', '', 'Keys for idempotent requests can only be used with the same parameters');
    const form = new URLSearchParams(call.body);
    const invalid = this.invalid(call.path, form);
    if (invalid !== undefined) return invalid;
    const reply = this.execute(call.path, form, key);
    if (key !== '') this.saved.set(key, { at: this.now(), parameters, reply });
    return reply;
  }

  private execute(path: string, form: URLSearchParams, key: string): Reply {
    const breaks = this.breaks;
    this.breaks = undefined;
    const broken = fault(500, 'api_error', '', 'An unknown error occurred');
    if (breaks === 'before') return broken;
    const done = path === '/v1/refunds' ? this.refund(form, key) : this.cancel(path.split('/')[3]!, key);
    return breaks === 'after' ? broken : done;
  }

  private invalid(path: string, form: URLSearchParams): Reply | undefined {
    if (path === '/v1/refunds') {
      const id = form.get('payment_intent') ?? form.get('charge') ?? '';
      const payment = this.payments.get(id);
      if (payment === undefined) return fault(404, 'invalid_request_error', 'resource_missing', `No such payment: '${id}'`);
      if (!/^[1-9]\d*$/.test(form.get('amount') ?? ''))
        return fault(400, 'invalid_request_error', 'parameter_invalid_integer', 'amount');
      const left = payment.amount - this.refunded(id);
      if (left === 0) return fault(400, 'invalid_request_error', 'charge_already_refunded', 'Charge has already been refunded.');
      return Number(form.get('amount')) > left
        ? fault(400, 'invalid_request_error', '', 'Refund amount is greater than unrefunded amount on charge')
        : undefined;
    }
    const cancelled = /^\/v1\/payment_intents\/(\w+)\/cancel$/.exec(path)?.[1];
    if (cancelled === undefined) return fault(404, 'invalid_request_error', '', 'Unrecognized request URL');
    const intent = this.payments.get(cancelled);
    if (intent === undefined)
      return fault(404, 'invalid_request_error', 'resource_missing', `No such payment_intent: '${cancelled}'`);
    return intent.status === 'requires_capture'
      ? undefined
      : fault(400, 'invalid_request_error', 'payment_intent_unexpected_state', `status of ${intent.status}`);
  }

  private refund(form: URLSearchParams, key: string): Reply {
    const intent = form.get('payment_intent');
    const metadata: Record<string, string> = {};
    for (const [name, value] of form) {
      const field = /^metadata\[(.+)\]$/.exec(name)?.[1];
      if (field !== undefined) metadata[field] = value;
    }
    const refund: StripeRefund = {
      id: `re_${String(this.refunds.length + 1).padStart(4, '0')}`,
      object: 'refund',
      amount: Number(form.get('amount')),
      currency: this.payments.get(intent ?? form.get('charge')!)!.currency,
      charge: form.get('charge'),
      payment_intent: intent,
      created: Math.floor(this.now() / 1_000),
      metadata,
      reason: form.get('reason'),
      status: this.firstStatus,
    };
    this.refunds.push(refund);
    const amount = moneyOf(refund.amount, refund.currency);
    this.did({ key, kind: 'refund', paymentId: (intent ?? refund.charge)!, amount, reference: refund.id });
    return { status: 200, body: { ...refund } };
  }

  private cancel(id: string, key: string): Reply {
    const payment = this.payments.get(id)!;
    payment.status = 'canceled';
    this.did({ key, kind: 'void', paymentId: id, amount: moneyOf(payment.amount, payment.currency), reference: id });
    return { status: 200, body: this.intent(id) };
  }

  private intent(id: string): object {
    const { amount, currency, status } = this.payments.get(id)!;
    return { id, object: 'payment_intent', amount, currency, status };
  }

  private read({ path, query }: Called): Reply {
    const [, , resource, id] = path.split('/');
    if (resource === 'refunds' && id === undefined) return this.list(query);
    const found =
      resource === 'refunds'
        ? this.refunds.find((refund) => refund.id === id)
        : this.payments.has(id!)
          ? this.intent(id!)
          : undefined;
    return found === undefined
      ? fault(404, 'invalid_request_error', 'resource_missing', 'No such object')
      : { status: 200, body: found };
  }

  private list(query: URLSearchParams): Reply {
    const all = this.refundsOf(query.get('payment_intent') ?? query.get('charge') ?? '').toReversed();
    const after = query.get('starting_after');
    const from = after === null ? 0 : all.findIndex(({ id }) => id === after) + 1;
    const limit = Math.min(Number(query.get('limit') ?? 10), 100);
    const data = all.slice(from, from + limit);
    return { status: 200, body: { object: 'list', data, has_more: from + limit < all.length, url: '/v1/refunds' } };
  }

  private refundsOf(payment: string): StripeRefund[] {
    return this.refunds.filter(({ payment_intent, charge }) => payment_intent === payment || charge === payment);
  }
}

/** Of the currencies that tests pay in, Stripe counts all as ISO 4217 does. */
const moneyOf = (minor: number, currency: string): Money => ({ minor, currency: currency.toUpperCase() });

const fault = (status: number, type: string, code: string, message: string): Reply => ({
  status,
  body: { error: { type, message, ...(code === '' ? {} : { code }) } },
});

/** The header that Stripe sends with a webhook: `t=…,v1=…` (docs.stripe.com/webhooks#verify-manually). */
export function stripeSignature(body: string, at: number, ...secrets: readonly string[]): string {
  const t = Math.floor(at / 1_000);
  const signatures = secrets.map((secret) => `v1=${createHmac('sha256', secret).update(`${t}.${body}`).digest('hex')}`);
  return [`t=${t}`, ...signatures, 'v0=0000'].join(',');
}

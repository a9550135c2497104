import { stripeUnits, toProviderUnits } from '#kernel/provider-money';
import type { InstantMs } from '#kernel/time';
import type { ActionOrder } from '#action/action';
import {
  type Answered,
  type Asked,
  type AskOutcome,
  type CallOutcome,
  type Connector,
  refused,
  type Unknown,
  unknown,
} from '#connector/connector';
import type { HttpAnswer, HttpCaller } from '#connector/http-caller';
import { type JsonObject, objectOf, parseObject, textOf } from '#connector/json-answer';
import { cannotPay, failedCall, isSuccess, isUnknown, judgeStatus, readAsked, releasesHold } from '#connector/provider-answer';
import { judgeRefund, type RefundStatuses } from '#connector/refund-status';

export interface StripeOptions {
  /** Default of the configuration: https://api.stripe.com. */
  readonly url: string;
  readonly secretKey: string;
  readonly http: HttpCaller;
  readonly now: () => InstantMs;
}

/** Carries our key on each refund: how it is found again once Stripe has forgotten the idempotency key. */
export const STRIPE_KEY_FIELD = 'makewhole_key';
/** Answers keep their shape whatever the account's default is. */
const apiVersion = '2024-06-20';
const pageSize = 100;

type Payment = { readonly field: 'payment_intent' | 'charge'; readonly id: string };

/**
 * Stripe's refunds and cancellations of payment intents. A payment's id is Stripe's own: `pi_…`, `ch_…` or `py_…`.
 * Sources: docs.stripe.com/api/idempotent_requests (a key is pruned after 24 h and is a new request then; a saved answer is given
 * again, also a 500), /api/refunds/create, /api/refunds/list, /api/refunds/object (status), /api/payment_intents/cancel, /error-low-level.
 */
export class StripeConnector implements Connector {
  readonly name = 'stripe';
  readonly failsLate = true;

  constructor(private readonly options: StripeOptions) {}

  async call(order: ActionOrder): Promise<CallOutcome> {
    const cannot = cannotPay(order, 'Stripe');
    if (cannot !== undefined) return cannot;
    const payment = paymentOf(order);
    if (payment === undefined) return refused(`${order.paymentId} is no payment of Stripe's: expected pi_…, ch_… or py_…`);
    if (releasesHold(order) && payment.field === 'payment_intent')
      return this.post(`/v1/payment_intents/${payment.id}/cancel`, order.key, {}, judgeIntent);
    const amount = order.amount === undefined ? undefined : toProviderUnits(order.amount, stripeUnits);
    if (amount === undefined) return refused('the amount cannot be said in the units of Stripe');
    const earlier = await this.find(order, payment);
    if (earlier !== undefined) return isUnknown(earlier) ? { kind: 'not-done', reason: earlier.reason } : judge(earlier, order);
    const form = {
      [payment.field]: payment.id,
      amount: String(amount),
      reason: order.findingKind === 'duplicate-charge' ? 'duplicate' : 'requested_by_customer',
      [`metadata[${STRIPE_KEY_FIELD}]`]: order.key,
      'metadata[makewhole_case]': order.caseNumber,
      'metadata[accountId]': order.accountId ?? '',
    };
    return this.post('/v1/refunds', order.key, form, (refund) => judge(refund, order));
  }

  async ask({ order, reference }: Asked): Promise<AskOutcome> {
    const payment = paymentOf(order);
    if (payment === undefined) return { kind: 'never-arrived' };
    if (releasesHold(order) && payment.field === 'payment_intent') {
      const intent = readAsked(await this.get(`/v1/payment_intents/${payment.id}`));
      if (intent === 'absent') return { kind: 'never-arrived' };
      if (isUnknown(intent)) return intent;
      return intent['status'] === 'requires_capture' ? { kind: 'never-arrived' } : judgeIntent(intent);
    }
    if (reference !== undefined) {
      const refund = readAsked(await this.get(`/v1/refunds/${encodeURIComponent(reference)}`));
      if (refund === 'absent') return unknown(`Stripe knows no refund ${reference}`);
      return isUnknown(refund) ? refund : judge(refund, order);
    }
    const found = await this.find(order, payment);
    if (found === undefined) return { kind: 'never-arrived' };
    return isUnknown(found) ? found : judge(found, order);
  }

  close(): Promise<void> {
    return this.options.http.close();
  }

  /** The refund of this payment that carries our key: every page is read, newest first. */
  private async find({ key }: ActionOrder, { field, id }: Payment): Promise<JsonObject | Unknown | undefined> {
    for (let after: string | undefined; ;) {
      const query = new URLSearchParams({
        [field]: id,
        limit: String(pageSize),
        ...(after === undefined ? {} : { starting_after: after }),
      });
      const page = readAsked(await this.get(`/v1/refunds?${query}`));
      if (page === 'absent') return undefined;
      if (isUnknown(page)) return page;
      const refunds = Array.isArray(page['data']) ? page['data'].map(objectOf) : undefined;
      if (refunds === undefined) return unknown('asked, answered no list of refunds');
      const ours = refunds.find((refund) => objectOf(refund?.['metadata'])?.[STRIPE_KEY_FIELD] === key);
      if (ours !== undefined) return ours;
      after = textOf(refunds.at(-1)?.['id']);
      if (page['has_more'] !== true) return undefined;
      if (after === undefined) return unknown('asked, answered a page of refunds without ids');
    }
  }

  private get(path: string) {
    return this.options.http.call(`${this.options.url}${path}`, 'GET', this.headers());
  }

  private async post(
    path: string,
    key: string,
    form: Readonly<Record<string, string>>,
    judgeBody: (body: JsonObject) => Answered | Unknown,
  ): Promise<CallOutcome> {
    const headers = { ...this.headers(), 'content-type': 'application/x-www-form-urlencoded', 'idempotency-key': key };
    const body = new URLSearchParams(form).toString();
    const outcome = await this.options.http.call(`${this.options.url}${path}`, 'POST', headers, body);
    if (outcome.kind !== 'answer') return failedCall(outcome);
    const judged = judgeStatus(outcome.answer, this.options.now());
    if (judged !== undefined) return judged;
    if (!isSuccess(outcome.answer.status)) return judgeFault(outcome.answer);
    const answered = parseObject(outcome.answer.text);
    return answered === undefined ? unknown('answered no JSON object') : judgeBody(answered);
  }

  private headers(): Record<string, string> {
    return { authorization: `Bearer ${this.options.secretKey}`, 'stripe-version': apiVersion, accept: 'application/json' };
  }
}

function paymentOf({ paymentId = '' }: ActionOrder): Payment | undefined {
  if (/^pi_\w+$/.test(paymentId)) return { field: 'payment_intent', id: paymentId };
  return /^(ch|py)_\w+$/.test(paymentId) ? { field: 'charge', id: paymentId } : undefined;
}

/** docs.stripe.com/api/refunds/object: `requires_action` waits for the buyer. */
const statuses: RefundStatuses = {
  succeeded: 'confirmed',
  pending: 'pending',
  requires_action: 'pending',
  failed: 'failed',
  canceled: 'failed',
};

function judge(refund: JsonObject, order: ActionOrder): Answered | Unknown {
  const reference = refund['object'] === 'refund' ? textOf(refund['id']) : undefined;
  const key = objectOf(refund['metadata'])?.[STRIPE_KEY_FIELD];
  const reason = textOf(refund['failure_reason']) ?? textOf(refund['pending_reason']);
  const judged = judgeRefund({ reference, key, status: refund['status'], reason }, order, statuses);
  return isUnknown(judged) || refund['currency'] === order.amount?.currency.toLowerCase()
    ? judged
    : unknown(`refund ${reference} is in ${String(refund['currency'])}: look at it in Stripe's dashboard`);
}

function judgeIntent(intent: JsonObject): Answered | Unknown {
  const reference = textOf(intent['id']);
  const { status } = intent;
  if (intent['object'] !== 'payment_intent' || reference === undefined) return unknown('answered no payment intent');
  if (status === 'canceled') return { kind: 'answered', state: 'confirmed', reference };
  if (status === 'succeeded') return refused('the payment was captured: there is no hold to release');
  return unknown(`payment intent ${reference} has status ${String(status)}`);
}

/**
 * A fault of the request did nothing, but for a key that was used for another request before: what that one did has to be looked up.
 */
function judgeFault({ status, text }: HttpAnswer): Answered | Unknown {
  const error = objectOf(parseObject(text)?.['error']);
  if (error === undefined) return unknown(`answered ${status} without an error of Stripe's`);
  const reason = `${status} ${textOf(error['code']) ?? textOf(error['type']) ?? ''} ${textOf(error['message']) ?? ''}`.trim();
  return error['type'] === 'idempotency_error' || status === 424 ? unknown(reason) : refused(reason);
}

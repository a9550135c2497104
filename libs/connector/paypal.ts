import { paypalUnits, toDecimalText } from '#kernel/provider-money';
import { days, type InstantMs } from '#kernel/time';
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
import type { HttpAnswer, HttpCaller, HttpOutcome } from '#connector/http-caller';
import { type JsonObject, objectOf, parseObject, textOf } from '#connector/json-answer';
import { type PaypalCredentials, PaypalToken } from '#connector/paypal-token';
import { cannotPay, failedCall, isSuccess, isUnknown, judgeStatus, readAsked, releasesHold } from '#connector/provider-answer';
import { judgeRefund, type RefundStatuses } from '#connector/refund-status';

export interface PaypalOptions extends PaypalCredentials {
  readonly http: HttpCaller;
  readonly now: () => InstantMs;
}

/** A PayPal-Request-Id is stored for 45 days with refunds and voids (Payments API v2); a day is left for clocks. */
const keyHoldsMs = days(44);
/** What an earlier call of ours may have done, or is doing: it has to be looked up. */
const perhapsOurs = /IN_PROGRESS|PREVIOUSLY_VOIDED|ALREADY_VOIDED|PREVIOUSLY_USED/;

/**
 * PayPal's refunds of captures and voids of authorisations (developer.paypal.com/api/payments/v2, /reference/guidelines/idempotency). A
 * payment's id is that of its capture, or of its authorisation while that is only held. A refund carries our key as `custom_id`, and is
 * looked up among those of the capture's order. PayPal tells of no failed refund: what it confirmed is asked about again.
 */
export class PaypalConnector implements Connector {
  readonly name = 'paypal';
  readonly failsLate = true;
  private readonly token: PaypalToken;

  constructor(private readonly options: PaypalOptions) {
    this.token = new PaypalToken(options, options.http, options.now);
  }

  async call(order: ActionOrder): Promise<CallOutcome> {
    const cannot = cannotPay(order, 'PayPal');
    if (cannot !== undefined) return cannot;
    const { paymentId = '', key, amount } = order;
    if (!isId(paymentId))
      return refused(`${paymentId} is no payment of PayPal's: expected the id of its capture or authorisation`);
    if (releasesHold(order))
      return this.post(`/v2/payments/authorizations/${paymentId}/void`, key, undefined, judgeAuthorization);
    const value = amount === undefined ? undefined : toDecimalText(amount, paypalUnits);
    if (value === undefined) return refused('the amount cannot be said in the decimals of PayPal');
    const content = { amount: { value, currency_code: amount!.currency }, custom_id: key };
    return this.post(`/v2/payments/captures/${paymentId}/refund`, key, content, (refund) => judge(refund, order));
  }

  async ask(asked: Asked): Promise<AskOutcome> {
    const { order, reference } = asked;
    const { paymentId = '' } = order;
    if (!isId(paymentId)) return { kind: 'never-arrived' };
    if (releasesHold(order)) {
      const authorization = readAsked(await this.get(`/v2/payments/authorizations/${paymentId}`));
      if (authorization === 'absent') return { kind: 'never-arrived' };
      if (isUnknown(authorization)) return authorization;
      const { status } = authorization;
      return status === 'CREATED' || status === 'PENDING' ? { kind: 'never-arrived' } : judgeAuthorization(authorization);
    }
    if (reference !== undefined) {
      const refund = readAsked(await this.get(`/v2/payments/refunds/${encodeURIComponent(reference)}`));
      if (refund === 'absent') return unknown(`PayPal knows no refund ${reference}`);
      return isUnknown(refund) ? refund : judge(refund, order);
    }
    return this.find(asked, paymentId);
  }

  close(): Promise<void> {
    return this.options.http.close();
  }

  private async find({ order, receivedAt }: Asked, captureId: string): Promise<AskOutcome> {
    const capture = readAsked(await this.get(`/v2/payments/captures/${captureId}`));
    if (capture === 'absent') return { kind: 'never-arrived' };
    if (isUnknown(capture)) return capture;
    if (capture['status'] === 'COMPLETED') return { kind: 'never-arrived' };
    const orderId = textOf(objectOf(objectOf(capture['supplementary_data'])?.['related_ids'])?.['order_id']);
    const checkout =
      orderId === undefined ? 'absent' : readAsked(await this.get(`/v2/checkout/orders/${encodeURIComponent(orderId)}`));
    if (checkout === 'absent')
      return this.options.now() - receivedAt < keyHoldsMs
        ? { kind: 'repeat' }
        : unknown('PayPal shows no order of this capture to look into, and the key may hold no longer');
    if (isUnknown(checkout)) return checkout;
    const ours = refundsIn(checkout).find((refund) => refund['custom_id'] === order.key);
    return ours === undefined ? { kind: 'never-arrived' } : judge(ours, order);
  }

  private async post(
    path: string,
    key: string,
    content: object | undefined,
    judgeBody: (body: JsonObject) => Answered | Unknown,
  ): Promise<CallOutcome> {
    const headers = { 'paypal-request-id': key, prefer: 'return=representation' };
    const outcome = await this.send(path, 'POST', headers, content === undefined ? undefined : JSON.stringify(content));
    if (isUnknown(outcome)) return { kind: 'not-done', reason: outcome.reason };
    if (outcome.kind !== 'answer') return failedCall(outcome);
    const judged = judgeStatus(outcome.answer, this.options.now());
    if (judged !== undefined) return judged;
    if (!isSuccess(outcome.answer.status)) return judgeFault(outcome.answer);
    if (outcome.answer.status === 204) return { kind: 'answered', state: 'confirmed' };
    const answered = parseObject(outcome.answer.text);
    return answered === undefined ? unknown('answered no JSON object') : judgeBody(answered);
  }

  private async get(path: string): Promise<HttpOutcome> {
    const outcome = await this.send(path, 'GET', {});
    return isUnknown(outcome) ? { kind: 'no-answer', reason: outcome.reason } : outcome;
  }

  /** A token that PayPal refuses did nothing: once more with a new one. `Unknown` when there is no token: nothing was sent. */
  private async send(
    path: string,
    method: 'GET' | 'POST',
    more: Readonly<Record<string, string>>,
    body?: string,
    isRetry = false,
  ): Promise<HttpOutcome | Unknown> {
    const token = await this.token.get();
    if (typeof token !== 'string') return token;
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', accept: 'application/json', ...more };
    const outcome = await this.options.http.call(`${this.options.url}${path}`, method, headers, body);
    if (outcome.kind !== 'answer' || outcome.answer.status !== 401 || isRetry) return outcome;
    this.token.forget(token);
    return this.send(path, method, more, body, true);
  }
}

const isId = (paymentId: string): boolean => /^[A-Z0-9]{8,40}$/.test(paymentId);

function refundsIn(checkout: JsonObject): readonly JsonObject[] {
  const units = Array.isArray(checkout['purchase_units']) ? checkout['purchase_units'].map(objectOf) : [];
  return units.flatMap((unit) => {
    const refunds = objectOf(unit?.['payments'])?.['refunds'];
    return Array.isArray(refunds) ? refunds.map(objectOf).filter((refund) => refund !== undefined) : [];
  });
}

/** developer.paypal.com/api/payments/v2, refund_status. */
const statuses: RefundStatuses = { COMPLETED: 'confirmed', PENDING: 'pending', FAILED: 'failed', CANCELLED: 'failed' };

/** A representation may leave `custom_id` out: what was asked for by its id, or answered to our own call, is ours. */
function judge(refund: JsonObject, order: ActionOrder): Answered | Unknown {
  const { id, custom_id: key = order.key, status, status_details: details } = refund;
  return judgeRefund({ reference: textOf(id), key, status, reason: textOf(objectOf(details)?.['reason']) }, order, statuses);
}

function judgeAuthorization(authorization: JsonObject): Answered | Unknown {
  const reference = textOf(authorization['id']);
  const status = String(authorization['status']);
  if (status === 'VOIDED') return { kind: 'answered', state: 'confirmed', ...(reference === undefined ? {} : { reference }) };
  if (/^(PARTIALLY_CAPTURED|CAPTURED|DENIED|EXPIRED)$/.test(status))
    return refused(`the authorisation is ${status}: there is no hold to release`);
  return unknown(`the authorisation has status ${status}`);
}

function judgeFault({ status, text }: HttpAnswer): Answered | Unknown {
  const fault = parseObject(text);
  const name = textOf(fault?.['name']);
  if (name === undefined) return unknown(`answered ${status} without an error of PayPal's`);
  const details = fault?.['details'];
  const issue = Array.isArray(details) ? textOf(objectOf(details[0])?.['issue']) : undefined;
  const reason = `${status} ${name} ${issue ?? ''}`.trim();
  return perhapsOurs.test(reason) ? unknown(reason) : refused(reason);
}

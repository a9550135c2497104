import { adyenUnits, toProviderUnits } from '#kernel/provider-money';
import { days, type InstantMs } from '#kernel/time';
import type { ActionOrder } from '#action/action';
import { type Asked, type AskOutcome, type CallOutcome, type Connector, refused, unknown } from '#connector/connector';
import type { HttpAnswer, HttpCaller } from '#connector/http-caller';
import { parseObject, textOf } from '#connector/json-answer';
import { cannotPay, failedCall, isSuccess, judgeStatus, releasesHold } from '#connector/provider-answer';

export interface AdyenOptions {
  /** With the version: https://checkout-test.adyen.com/v71, or the live one with the account's prefix. */
  readonly url: string;
  readonly apiKey: string;
  readonly merchantAccount: string;
  readonly http: HttpCaller;
  readonly now: () => InstantMs;
}

/** A key is valid for at least 7 days (docs.adyen.com/development-resources/api-idempotency); a day is left for clocks. */
const keyHoldsMs = days(6);
/** Same page: another request with this key is still at work. */
const IN_PROGRESS = '704';

/**
 * Adyen's modifications. A payment's id is the pspReference of its authorisation. Every answer is `received`: what became of it is told by
 * a webhook alone (REFUND, CANCELLATION, CANCEL_OR_REFUND, REFUND_FAILED), which reaches us as an event; there is nothing to look up.
 * A call without an answer is made again under its key, as Adyen says is safe, while the key holds.
 * Sources: docs.adyen.com/online-payments/refund, /cancel, /reversal, /development-resources/api-idempotency, /response-handling.
 */
export class AdyenConnector implements Connector {
  readonly name = 'adyen';
  readonly failsLate = false;

  constructor(private readonly options: AdyenOptions) {}

  async call(order: ActionOrder): Promise<CallOutcome> {
    const cannot = cannotPay(order, 'Adyen');
    if (cannot !== undefined) return cannot;
    const { paymentId = '', key } = order;
    if (!/^[A-Z0-9]{8,40}$/.test(paymentId)) return refused(`${paymentId} is no payment of Adyen's: expected its pspReference`);
    const common = { merchantAccount: this.options.merchantAccount, reference: key };
    if (order.kind === 'void')
      return this.post(`/payments/${paymentId}/${releasesHold(order) ? 'cancels' : 'reversals'}`, key, common);
    const value = order.amount === undefined ? undefined : toProviderUnits(order.amount, adyenUnits);
    if (value === undefined) return refused('the amount cannot be said in the units of Adyen');
    return this.post(`/payments/${paymentId}/refunds`, key, { ...common, amount: { value, currency: order.amount!.currency } });
  }

  ask({ reference, receivedAt }: Asked): Promise<AskOutcome> {
    if (reference !== undefined) return Promise.resolve({ kind: 'answered', state: 'pending', reference });
    const holds = this.options.now() - receivedAt < keyHoldsMs;
    return Promise.resolve(
      holds
        ? { kind: 'repeat' }
        : unknown('the key may hold no longer: only a webhook, or a look into the Customer Area, can tell'),
    );
  }

  close(): Promise<void> {
    return this.options.http.close();
  }

  private async post(path: string, key: string, content: object): Promise<CallOutcome> {
    const headers = { 'x-api-key': this.options.apiKey, 'idempotency-key': key, 'content-type': 'application/json' };
    const outcome = await this.options.http.call(`${this.options.url}${path}`, 'POST', headers, JSON.stringify(content));
    if (outcome.kind !== 'answer') return failedCall(outcome);
    const judged = judgeStatus(outcome.answer, this.options.now());
    if (judged !== undefined) return judged;
    return isSuccess(outcome.answer.status) ? readReceived(outcome.answer, key) : judgeFault(outcome.answer);
  }
}

function readReceived({ text }: HttpAnswer, key: string): CallOutcome {
  const answered = parseObject(text);
  const reference = textOf(answered?.['pspReference']);
  if (answered?.['status'] !== 'received' || reference === undefined)
    return unknown('answered without `received` and a pspReference');
  if (answered['reference'] !== key) return unknown(`answered about ${String(answered['reference'])}`);
  return { kind: 'answered', state: 'pending', reference };
}

function judgeFault({ status, text }: HttpAnswer): CallOutcome {
  const fault = parseObject(text);
  const code = textOf(fault?.['errorCode']);
  if (code === undefined) return unknown(`answered ${status} without an errorCode of Adyen's`);
  const reason = `${status} ${code} ${textOf(fault?.['message']) ?? ''}`.trim();
  return code === IN_PROGRESS ? unknown(reason) : refused(reason);
}

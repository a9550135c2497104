import { formatInstant, type InstantMs } from '#kernel/time';
import type { ActionOrder } from '#action/action';
import { readRetryAfter } from '#hook/retry';
import { signBody } from '#hook/sign';
import type { Answered, Asked, AskOutcome, CallOutcome, Connector, Unknown } from '#connector/connector';
import type { HttpAnswer, HttpCaller } from '#connector/http-caller';
import { parseObject } from '#connector/json-answer';

export interface PlatformEndpointOptions {
  readonly url: string;
  /** Standard Webhooks secrets, the newest first. */
  readonly secrets: readonly string[];
  readonly http: HttpCaller;
  readonly now: () => InstantMs;
}

/** The platform's own endpoint: `POST {url}` with an idempotency key, `GET {url}/{key}` to ask (interface, section 5). */
export class PlatformEndpoint implements Connector {
  readonly name = 'platform';
  readonly failsLate = false;

  constructor(private readonly options: PlatformEndpointOptions) {}

  async call(order: ActionOrder): Promise<CallOutcome> {
    const at = this.options.now();
    const body = callBody(order, at);
    const headers = { ...this.sign(order.key, at, body), 'content-type': 'application/json', 'idempotency-key': order.key };
    const outcome = await this.options.http.call(this.options.url, 'POST', headers, body);
    if (outcome.kind !== 'answer') return { kind: outcome.kind === 'not-made' ? 'not-done' : 'unknown', reason: outcome.reason };
    return judgeCall(outcome.answer, at);
  }

  async ask({ order: { key } }: Asked): Promise<AskOutcome> {
    const url = `${this.options.url.replace(/\/$/, '')}/${encodeURIComponent(key)}`;
    const outcome = await this.options.http.call(url, 'GET', {
      ...this.sign(key, this.options.now(), ''),
      accept: 'application/json',
    });
    if (outcome.kind !== 'answer') return { kind: 'unknown', reason: outcome.reason };
    const { status } = outcome.answer;
    if (status === 404) return { kind: 'never-arrived' };
    return isSuccess(status) ? readAnswer(outcome.answer) : { kind: 'unknown', reason: `asked, answered ${status}` };
  }

  close(): Promise<void> {
    return this.options.http.close();
  }

  private sign(id: string, at: InstantMs, body: string) {
    return { ...signBody({ id, at, body, secrets: this.options.secrets }) };
  }
}

/** The body of the call, as text: what is signed is what is sent. */
export const callBody = (order: ActionOrder, at: InstantMs): string =>
  JSON.stringify({
    type: `action.${order.kind}`,
    timestamp: formatInstant(at),
    data: {
      actionId: order.actionId,
      key: order.key,
      caseNumber: order.caseNumber,
      accountId: order.accountId,
      ...(order.scope === undefined ? {} : { scope: order.scope }),
      ...(order.merchantId === undefined ? {} : { merchantId: order.merchantId }),
      ...(order.paymentId === undefined ? {} : { paymentId: order.paymentId }),
      ...(order.amount === undefined ? {} : { amount: order.amount }),
      ...(order.accrual === undefined ? {} : { accrual: order.accrual }),
      ...(order.until === undefined ? {} : { until: order.until }),
      ...(order.contactBefore === undefined ? {} : { contactBefore: order.contactBefore }),
      reason: order.reason,
      evidence: order.evidence,
      policyVersion: order.policyVersion,
    },
  });

function judgeCall(answer: HttpAnswer, now: InstantMs): CallOutcome {
  const { status } = answer;
  if (isSuccess(status)) return readAnswer(answer);
  if (status === 429) {
    const retryAfterMs = readRetryAfter(answer.retryAfter, now);
    return { kind: 'not-done', reason: 'answered 429', ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  }
  if (status >= 400 && status < 500)
    return { kind: 'answered', state: 'refused', reason: `${status} ${reasonIn(answer.text)}`.trim() };
  return { kind: 'unknown', reason: `answered ${status}` };
}

const isSuccess = (status: number): boolean => status >= 200 && status < 300;

/** An answer that says nothing clear is no answer. */
function readAnswer({ text }: HttpAnswer): Answered | Unknown {
  const fields = parseObject(text);
  const { state, reference, reason } = fields ?? {};
  if (state !== 'confirmed' && state !== 'pending' && state !== 'refused')
    return { kind: 'unknown', reason: 'answer without a state' };
  return {
    kind: 'answered',
    state,
    ...(typeof reference === 'string' ? { reference: reference.slice(0, 200) } : {}),
    ...(typeof reason === 'string' ? { reason: reason.slice(0, 500) } : {}),
  };
}

function reasonIn(text: string): string {
  const fields = parseObject(text);
  const reason = fields?.['reason'] ?? fields?.['detail'] ?? fields?.['title'] ?? text;
  return String(reason).slice(0, 500);
}

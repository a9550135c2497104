import type { DurationMs, InstantMs } from '#kernel/time';
import type { HttpCaller } from '#connector/http-caller';
import { judgeDelivery, readRetryAfter } from '#hook/retry';
import { signBody } from '#hook/sign';

/** `status` is undefined when no answer came. */
export type Delivery =
  | { readonly kind: 'delivered'; readonly status: number }
  | { readonly kind: 'disable'; readonly status: number; readonly reason: string }
  | { readonly kind: 'again'; readonly status?: number; readonly reason: string; readonly retryAfterMs?: DurationMs };

/** Someone outside who is told. */
export interface HookEndpoint {
  readonly url: string;
  readonly secrets: readonly string[];
}

/** Posts one notice, once. `body` is the same text at every try; the signature is of now. */
export async function deliverNotice(
  http: HttpCaller,
  endpoint: HookEndpoint,
  notice: { readonly id: string; readonly body: string },
  now: InstantMs,
): Promise<Delivery> {
  const signature = signBody({ id: notice.id, at: now, body: notice.body, secrets: endpoint.secrets });
  const headers = { ...signature, 'content-type': 'application/json' };
  const outcome = await http.call(endpoint.url, 'POST', headers, notice.body);
  if (outcome.kind !== 'answer') return { kind: 'again', reason: outcome.reason };
  const { status, retryAfter } = outcome.answer;
  const verdict = judgeDelivery(status);
  if (verdict === 'delivered') return { kind: 'delivered', status };
  if (verdict === 'disable') return { kind: 'disable', status, reason: `answered ${status}` };
  const retryAfterMs = readRetryAfter(retryAfter, now);
  return { kind: 'again', status, reason: `answered ${status}`, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}

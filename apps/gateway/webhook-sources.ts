import type { IncomingHttpHeaders } from 'node:http';
import type { InstantMs } from '#kernel/time';
import type { Config } from '#config/config';
import { tellAdyen } from '#event/adyen';
import { fieldsOf, type Fields, type Told } from '#event/provider-webhook';
import { tellStripe } from '#event/stripe';
import { isSignedBody, isSignedItem } from '#apps/gateway/adyen-signature';
import { stripeSignatureFault } from '#apps/gateway/stripe-signature';

/** What a provider's webhook is: whether it is the provider's, what it tells, and how it wants to be thanked. */
export interface WebhookSource {
  /** Why it cannot be taken for the provider's; undefined when it is. `content` is undefined for a body that is no JSON. */
  fault(webhook: {
    readonly body: Buffer;
    readonly content: unknown;
    readonly headers: IncomingHttpHeaders;
    readonly now: InstantMs;
  }): string | undefined;
  /** One for each thing that it tells of, with the part of the webhook that tells it. */
  tell(content: unknown): readonly { readonly told: Told; readonly part: unknown }[];
  readonly thanks: { readonly type: string; readonly text: string };
}

export type WebhookProvider = 'stripe' | 'adyen';

/** The providers whose secrets are configured. */
export function webhookSources({ stripe, adyen }: Config['gateway']['webhooks']): ReadonlyMap<WebhookProvider, WebhookSource> {
  const sources = new Map<WebhookProvider, WebhookSource>();
  if (stripe.secrets.length > 0) sources.set('stripe', stripeSource(stripe.secrets));
  if (adyen.hmacKeys.length > 0) sources.set('adyen', adyenSource(adyen.hmacKeys, adyen));
  return sources;
}

const stripeSource = (secrets: readonly string[]): WebhookSource => ({
  fault: ({ body, headers, now }) => {
    const fault = stripeSignatureFault(headerOf(headers, 'stripe-signature'), body, secrets, now);
    return fault === undefined ? undefined : `Stripe-Signature: ${fault}`;
  },
  tell: (content) => [{ told: tellStripe(content), part: content }],
  thanks: { type: 'application/json', text: '{"received":true}' },
});

/** Standard webhooks sign each item, others their body (docs.adyen.com/development-resources/webhooks: `[accepted]` with any 2xx). */
const adyenSource = (keys: readonly string[], settings: { readonly capturesAtOnce: boolean }): WebhookSource => ({
  fault: ({ body, content, headers }) => {
    const signature = headerOf(headers, 'hmacsignature');
    if (signature !== undefined) return isSignedBody(signature, body, keys) ? undefined : 'HmacSignature: no-match';
    const items = itemsOf(content);
    if (items.length === 0) return 'HmacSignature: missing';
    return items.every((item) => isSignedItem(item, keys)) ? undefined : 'hmacSignature: no-match';
  },
  tell: (content) => {
    const items = itemsOf(content);
    return items.length === 0
      ? [{ told: { kind: 'ignored' }, part: content }]
      : items.map((item) => ({ told: tellAdyen(item, settings), part: item }));
  },
  thanks: { type: 'text/plain', text: '[accepted]' },
});

function itemsOf(content: unknown): readonly Fields[] {
  const items = fieldsOf(content)['notificationItems'];
  return Array.isArray(items) ? items.map((item) => fieldsOf(fieldsOf(item)['NotificationRequestItem'])) : [];
}

const headerOf = (headers: IncomingHttpHeaders, name: string): string | undefined => {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
};

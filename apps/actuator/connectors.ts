import type { InstantMs } from '#kernel/time';
import type { ActionOrder } from '#action/action';
import type { Config } from '#config/config';
import { AdyenConnector } from '#connector/adyen';
import type { Connector } from '#connector/connector';
import { HttpCaller } from '#connector/http-caller';
import { PaypalConnector } from '#connector/paypal';
import { PlatformEndpoint } from '#connector/platform-endpoint';
import { PROVIDER_ANSWER_BYTES_MAX } from '#connector/provider-answer';
import { StripeConnector } from '#connector/stripe';

/** One connector for everybody that the configuration gives credentials for. */
export function openConnectors(config: Config['actuator'], now: () => InstantMs): readonly Connector[] {
  const { platformUrl, platformSecret, stripe, adyen, paypal, callTimeoutMs, privateAddresses } = config;
  const caller = { timeoutMs: callTimeoutMs, allowPrivate: privateAddresses };
  const provider = () => new HttpCaller({ ...caller, answerBytesMax: PROVIDER_ANSWER_BYTES_MAX });
  const connectors: Connector[] = [];
  if (stripe.secretKey !== '') connectors.push(new StripeConnector({ ...stripe, http: provider(), now }));
  if (adyen.apiKey !== '') connectors.push(new AdyenConnector({ ...adyen, http: provider(), now }));
  if (paypal.clientId !== '') connectors.push(new PaypalConnector({ ...paypal, http: provider(), now }));
  if (platformUrl !== '')
    connectors.push(new PlatformEndpoint({ url: platformUrl, secrets: [platformSecret], http: new HttpCaller(caller), now }));
  return connectors;
}

/**
 * The connector of an order: refunds and voids go to the payment's provider where it has one. What is about an account or a merchant,
 * and everything else, goes to the platform, whether or not it can be reached yet.
 */
export const connectorFor =
  (connectors: readonly Pick<Connector, 'name'>[]) =>
  ({ kind, payment }: ActionOrder): string => {
    const provider = payment?.provider?.toLowerCase();
    const movesPayment = kind === 'refund' || kind === 'void';
    return movesPayment && connectors.some(({ name }) => name === provider) ? provider! : 'platform';
  };

import { randomBytes } from 'node:crypto';

import { adyenAccount, adyenKey } from '#test/providers/adyen';
import { paypalClient } from '#test/providers/paypal';
import { stripeKey, stripeSecret } from '#test/providers/stripe';
import { adyenHmacKey } from '#test/providers/webhooks';

import { hookNames } from './hook-receiver';
import type { ProviderName } from './provider-payments';

/** The configuration of every service of a world: short leases and short patience, so that a fault heals within seconds. */
export function worldConfig({
  providerPort,
  emulatorPorts,
  hookPort,
  seed,
}: {
  readonly providerPort: number;
  readonly emulatorPorts: Readonly<Record<ProviderName, number>>;
  readonly hookPort: number;
  readonly seed: number;
}): {
  readonly document: object;
  readonly apiKey: string;
  readonly platformSecret: string;
} {
  const apiKey = `fault-tests-${seed}-${randomBytes(12).toString('hex')}`;
  const urlOf = (name: ProviderName): string => `http://127.0.0.1:${emulatorPorts[name]}`;
  const platformSecret = `whsec_${randomBytes(32).toString('base64')}`;
  return {
    apiKey,
    platformSecret,
    document: {
      log: { partitions: { paymentEvents: 4, others: 2 }, kafka: { deliveryTimeoutMs: 20_000 } },
      http: { progressMsMax: 60_000 },
      stream: { latenessMs: 2_000, leaseMs: 2_000, leaseRenewMs: 500, checkpointMs: 1_000, commitEvents: 400 },
      gateway: { webhooks: { stripe: { secrets: [stripeSecret] }, adyen: { hmacKeys: [adyenHmacKey] } } },
      actuator: {
        stripe: { secretKey: stripeKey, url: urlOf('stripe') },
        adyen: { apiKey: adyenKey, merchantAccount: adyenAccount, url: urlOf('adyen') },
        paypal: { ...paypalClient, url: urlOf('paypal') },
        platformUrl: `http://127.0.0.1:${providerPort}/actions`,
        platformSecret,
        privateAddresses: true,
        callTimeoutMs: 1_500,
        askAgainMs: 400,
        // One kind of many: what is told of it is enough to see, and does not crowd out the rest.
        hooks: hookNames.map((name) => ({
          name,
          url: `http://127.0.0.1:${hookPort}/${name}`,
          secret: platformSecret,
          kinds: ['duplicate-charge'],
        })),
      },
      apiKeys: [{ name: 'fault-tests', roles: ['ingest', 'viewer', 'investigator', 'approver'], secret: apiKey }],
      logLevel: 'info',
      vault: { masterKeys: [randomBytes(32).toString('base64')] },
    },
  };
}

import { randomBytes } from 'node:crypto';

import { hookNames } from './hook-receiver';

/** The configuration of every service of a world: short leases and short patience, so that a fault heals within seconds. */
export function worldConfig({
  providerPort,
  hookPort,
  seed,
}: {
  readonly providerPort: number;
  readonly hookPort: number;
  readonly seed: number;
}): {
  readonly document: object;
  readonly apiKey: string;
  readonly platformSecret: string;
} {
  const apiKey = `fault-tests-${seed}-${randomBytes(12).toString('hex')}`;
  const platformSecret = `whsec_${randomBytes(32).toString('base64')}`;
  return {
    apiKey,
    platformSecret,
    document: {
      log: { partitions: { paymentEvents: 4, others: 2 }, kafka: { deliveryTimeoutMs: 20_000 } },
      http: { progressMsMax: 60_000 },
      stream: { latenessMs: 2_000, leaseMs: 2_000, leaseRenewMs: 500, checkpointMs: 1_000, commitEvents: 400 },
      actuator: {
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

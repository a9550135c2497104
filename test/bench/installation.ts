import { randomBytes } from 'node:crypto';
import { defaultPolicy } from '#action/default-policy';
import { SimulatedProvider } from '#simulator/provider';
import { noFaults } from '#simulator/provider-faults';
import { type RunningProvider, startProviderServer } from '#simulator/provider-server';
import type { CloudEvent } from '#simulator/teller';
import type { ServiceProcess } from '#test/faults/service-process';
import type { BenchService, Ground } from './ground';
import { profileArgs } from './profile';

/** The detector, casework and the actuator as processes of their own, and a provider that answers at once. */
export interface Installation {
  readonly databaseUrl: string;
  readonly provider: SimulatedProvider;
  service(name: BenchService): ServiceProcess;
  stop(): Promise<void>;
}

export async function install(
  ground: Ground,
  tell: (events: readonly CloudEvent[]) => Promise<void>,
  profile: string | undefined,
): Promise<Installation> {
  const databaseUrl = await ground.freshDatabase();
  const secret = `whsec_${randomBytes(32).toString('base64')}`;
  const provider = new SimulatedProvider({ seed: 1, faults: noFaults, recordPath: null, remembersKeys: true });
  const endpoint: RunningProvider = await startProviderServer({ provider, secret, tell });
  const env = {
    MAKEWHOLE_POLICY_FILE: ground.writeFile('policy.json', JSON.stringify(withoutBudget)),
    MAKEWHOLE_ACTUATOR_PLATFORM_URL: endpoint.url,
    MAKEWHOLE_ACTUATOR_PLATFORM_SECRET: secret,
    MAKEWHOLE_ACTUATOR_PRIVATE_ADDRESSES: 'true',
  };
  const names: readonly BenchService[] = ['detector', 'casework', 'actuator'];
  const services = new Map<BenchService, ServiceProcess>();
  for (const name of names)
    services.set(name, await ground.service(name, { databaseUrl, env, nodeArgs: profileArgs(profile, `latency-${name}`) }));
  return {
    databaseUrl,
    provider,
    service: (name) => services.get(name)!,
    async stop() {
      await Promise.all([...services.values()].map((each) => (profile === undefined ? each.kill9() : each.stop())));
      await endpoint.stop();
      await ground.dropDatabase(databaseUrl);
    },
  };
}

/** A budget would stop the refunds that are to be timed. */
const withoutBudget = { ...defaultPolicy, version: 'bench-1', budgetPerHour: { minor: {}, otherwise: 1_000_000_000 } };

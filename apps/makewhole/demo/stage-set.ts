import { randomBytes } from 'node:crypto';
import { type Config, loadConfig } from '#config/config';
import { roles } from '#config/schema';
import { detectorSettings } from '#detection/settings';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '#postgres/embedded';
import { openPostgresLog } from '#postgres/postgres-log';
import { SimulatedProvider } from '#simulator/provider';
import { badDay, type FaultShares } from '#simulator/provider-faults';
import { type RunningProvider, startProviderServer } from '#simulator/provider-server';
import type { CloudEvent } from '#simulator/teller';
import type { Log } from '#stream/log';
import { newKey, newMasterKey } from '#apps/makewhole/run/local-key';
import { createTopics } from '#apps/makewhole/topics';

/** Everything around the services: a throw-away database with the log in it, and a provider on a bad day. */
export interface StageSet {
  readonly database: EmbeddedPostgres;
  readonly log: Log;
  readonly provider: SimulatedProvider;
  readonly endpoint: RunningProvider;
  readonly apiKey: string;
  configFor(port: number): Config;
  strike(): Promise<void>;
}

/** How late accounts may be against each other: the demo has a minute, not an hour. */
export const DEMO_LATENESS_MS = 3_000;
/** The provider's own patience is 1.5 s: what is slow is answered, what is silent becomes unknown. */
const CALL_TIMEOUT_MS = 2_500;
const ASK_AGAIN_MS = 1_000;

export interface StageSetOptions {
  readonly seed: number;
  readonly tell: (events: readonly CloudEvent[]) => Promise<void>;
  /** How the provider's day is; bad, unless said. */
  readonly faults?: FaultShares;
  /** Others who may use the API, beside the one who may do everything. */
  readonly people?: Config['apiKeys'];
}

export async function buildStageSet({ seed, tell, faults = badDay, people = [] }: StageSetOptions): Promise<StageSet> {
  const secret = `whsec_${randomBytes(32).toString('base64')}`;
  const apiKey = newKey();
  const masterKey = newMasterKey();
  const database = await startEmbeddedPostgres({ durable: false });
  const log = await openPostgresLog(database.url);
  const provider = new SimulatedProvider({ seed, faults, recordPath: null, remembersKeys: true });
  const endpoint = await startProviderServer({ provider, secret, tell });
  const configFor = (port: number): Config => demoConfig({ database, endpoint, secret, apiKey, masterKey, people, port });
  await createTopics(log, configFor(0));
  return {
    database,
    log,
    provider,
    endpoint,
    apiKey,
    configFor,
    async strike() {
      await endpoint.stop();
      await log.close();
      await database.stop();
    },
  };
}

interface Wiring {
  readonly database: EmbeddedPostgres;
  readonly endpoint: RunningProvider;
  readonly secret: string;
  readonly apiKey: string;
  readonly masterKey: string;
  readonly people: Config['apiKeys'];
  readonly port: number;
}

/** The configuration that an operator would write, by the same names and checks. */
function demoConfig({ database, endpoint, secret, apiKey, masterKey, people, port }: Wiring): Config {
  const notices = [{ name: 'demo', url: endpoint.url.replace('/actions', '/notices'), secret }];
  const loaded = loadConfig({
    detectors: detectorSettings,
    env: {
      DATABASE_URL: database.url,
      MAKEWHOLE_HTTP_PORT: String(port),
      MAKEWHOLE_VAULT_MASTER_KEYS: masterKey,
      MAKEWHOLE_STREAM_LATENESS_MS: String(DEMO_LATENESS_MS),
      MAKEWHOLE_ACTUATOR_PLATFORM_URL: endpoint.url,
      MAKEWHOLE_ACTUATOR_PLATFORM_SECRET: secret,
      MAKEWHOLE_ACTUATOR_PRIVATE_ADDRESSES: 'true',
      MAKEWHOLE_ACTUATOR_CALL_TIMEOUT_MS: String(CALL_TIMEOUT_MS),
      MAKEWHOLE_ACTUATOR_ASK_AGAIN_MS: String(ASK_AGAIN_MS),
      MAKEWHOLE_ACTUATOR_HOOKS: JSON.stringify(notices),
      MAKEWHOLE_API_KEYS: JSON.stringify([{ name: 'demo', roles, secret: apiKey }, ...people]),
      MAKEWHOLE_LOG_LEVEL: 'error',
    },
  });
  if (!loaded.ok) throw new Error(`the demo's configuration is wrong: ${JSON.stringify(loaded.error)}`);
  return loaded.value;
}

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { serviceNames } from '#apps/makewhole/service-names';
import { startServices } from '#apps/makewhole/services';
import { createTopics } from '#apps/makewhole/topics';
import { openPostgresAuditLog } from '#apps/makewhole/verify/postgres-log';
import { openSnapshot } from '#apps/makewhole/verify/snapshot';
import { loadConfig, type Config } from '#config/config';
import { detectorSettings } from '#detection/settings';
import { days } from '#kernel/time';
import { openPostgresLog } from '#postgres/postgres-log';
import { testDatabase } from '#postgres/test-database';
import { simulateHistory } from '#simulator/platform';
import { SimulatedProvider } from '#simulator/provider';
import { badDay } from '#simulator/provider-faults';
import { startProviderServer } from '#simulator/provider-server';
import type { CloudEvent } from '#simulator/teller';
import { silentLogger } from '#telemetry/logger';
import { poisonRecords } from '#test/faults/poison';
import { untilQuiet } from '#test/faults/quiet';
import { keepJournal } from '#test/audit/keep-journal';
import { lateBuyers, unluckyBuyers } from '#test/audit/unlucky-buyer';
import { masterKey } from '#test/casework/test-vault';

export interface HonestRun {
  readonly databaseUrl: string;
  readonly providerRecord: string;
  readonly config: Config;
  drop(): Promise<void>;
}

const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const apiKey = 'a-key-for-the-honest-run';
const accruals = ['daily-compensation', 'provisional-credit'].map((kind) => ({ kind, decision: 'act' }));

/** What the real services leave behind after two simulated months and some poison, with a journal kept below them. All are stopped. */
export async function honestRun(): Promise<HonestRun> {
  const directory = mkdtempSync(join(tmpdir(), 'makewhole-audit-'));
  const providerRecord = join(directory, 'provider.ndjson');
  const database = await testDatabase();
  const log = await openPostgresLog(database.url);
  const writer = await log.writer();
  const append = (events: readonly CloudEvent[]): Promise<void> =>
    writer.append(
      'payment-events',
      events.map((event) => ({ key: event.data.accountId ?? event.id, value: JSON.stringify(event) })),
    );
  const provider = new SimulatedProvider({ seed: 3, faults: badDay, recordPath: providerRecord, remembersKeys: true });
  const endpoint = await startProviderServer({ provider, secret, tell: append, slowMs: 300, pendingMs: 200 });
  const policyFile = join(directory, 'policy.json');
  writeFileSync(policyFile, JSON.stringify({ version: 'honest-1', accruals }));
  const config = configFor(database.url, endpoint.url, policyFile);
  await createTopics(log, config);

  const parts = { config, log, databaseUrl: database.url, logger: silentLogger };
  await keepJournal(database.url);
  const now = Date.now();
  const past = simulateHistory({ seed: 3, buyers: 120, lossesEach: 1, lookAlikesEach: 1, from: now - days(62), until: now });
  await append(past.events.map(({ event }) => event));
  await append(unluckyBuyers(now));
  await append(lateBuyers(now));
  await writer.append('payment-events', poisonRecords(1, now));

  const services = await startServices(serviceNames, parts);
  await sleep(500);
  await untilQuiet(async () => {
    const snapshot = await openSnapshot(database.url);
    return { database: snapshot, log: openPostgresAuditLog(snapshot), close: () => snapshot.close() };
  });
  await services.close();
  await endpoint.stop();
  await writer.close();
  await log.close();
  return {
    databaseUrl: database.url,
    providerRecord,
    config,
    drop: async () => {
      await database.drop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function configFor(databaseUrl: string, platformUrl: string, policyFile: string): Config {
  const loaded = loadConfig({
    detectors: detectorSettings,
    env: {
      DATABASE_URL: databaseUrl,
      MAKEWHOLE_POLICY_FILE: policyFile,
      MAKEWHOLE_VAULT_MASTER_KEYS: masterKey(),
      MAKEWHOLE_HTTP_PORT: '0',
      MAKEWHOLE_STREAM_WORKERS: '0',
      MAKEWHOLE_STREAM_LATENESS_MS: '2000',
      MAKEWHOLE_LOG_PARTITIONS_PAYMENT_EVENTS: '3',
      MAKEWHOLE_LOG_PARTITIONS_OTHERS: '2',
      MAKEWHOLE_ACTUATOR_PLATFORM_URL: platformUrl,
      MAKEWHOLE_ACTUATOR_PLATFORM_SECRET: secret,
      MAKEWHOLE_ACTUATOR_PRIVATE_ADDRESSES: 'true',
      MAKEWHOLE_ACTUATOR_CALL_TIMEOUT_MS: '800',
      MAKEWHOLE_ACTUATOR_ASK_AGAIN_MS: '200',
      MAKEWHOLE_API_KEYS: JSON.stringify([{ name: 'audit', roles: ['ingest'], secret: apiKey }]),
      MAKEWHOLE_LOG_LEVEL: 'silent',
    },
  });
  if (!loaded.ok) throw new Error(`the configuration of the honest run is wrong: ${JSON.stringify(loaded.error)}`);
  return loaded.value;
}

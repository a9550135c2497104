import { RawTopics } from '#apps/gateway/raw-topics';
import { loadConfig } from '#config/config';
import { requiredFields } from '#event/raw-layout';
import { openKafkaLog } from '#kafka/kafka-log';
import { armFailpoint } from '#stream/failpoint';
import { createLogger } from '#telemetry/logger';
import { createMetrics } from '#telemetry/metrics';

/** What a spec hands over as its only argument, in JSON. */
export interface RawTopicsProcessOptions {
  readonly brokers: readonly string[];
  readonly databaseUrl: string;
  readonly env: Readonly<Record<string, string>>;
  readonly failpoint?: string;
}

/** The reader of raw topics as a process of its own, which can be killed. */
async function main({ brokers, databaseUrl, env, failpoint }: RawTopicsProcessOptions): Promise<void> {
  const loaded = loadConfig({ env, eventFields: requiredFields });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.error));
  const log = await openKafkaLog({ brokers: [...brokers], clientId: 'raw-topics' });
  armFailpoint(failpoint);
  const metrics = createMetrics({ service: 'gateway', version: '1' }, false);
  await new RawTopics({ config: loaded.value, log, databaseUrl, metrics, logger: createLogger('gateway', 'warn') }).start();
}

main(JSON.parse(process.argv[2] ?? '{}') as RawTopicsProcessOptions).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});

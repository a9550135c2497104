import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { CaseworkModule } from '#apps/casework/casework.module';
import { type Config, loadConfig } from '#config/config';
import { HealthChecks } from '#http/health-checks';
import { serveHttp } from '#http/serve-http';
import { stopOnSignal } from '#http/stop-on-signal';
import { openKafkaLog } from '#kafka/kafka-log';
import { kafkaOptions } from '#kafka/options';
import { openPostgresLog } from '#postgres/postgres-log';
import { armFailpoint } from '#stream/failpoint';
import type { Log } from '#stream/log';
import { createLogger, type Logger } from '#telemetry/logger';
import { createMetrics } from '#telemetry/metrics';

const version = '0.1.0';

/** casework as a process of its own: `main.js [--config FILE]`. Exit code 2 for a configuration that cannot work. */
async function main(): Promise<number> {
  const { values } = parseArgs({ options: { config: { type: 'string' } } });
  const loaded = loadConfig(values.config === undefined ? {} : { file: values.config });
  const faults = loaded.ok ? missing(loaded.value) : loaded.error.map(({ where, message }) => `${where}: ${message}`);
  if (!loaded.ok || faults.length > 0) {
    process.stderr.write(`the configuration is wrong:\n  ${faults.join('\n  ')}\n`);
    return 2;
  }
  const config = loaded.value;
  const logger = createLogger('casework', config.logLevel);
  armFailpoint(config.failpoint);
  const log = await openLog(config, logger);
  const health = new HealthChecks();
  const metrics = createMetrics({ service: 'casework', version });
  const server = await serveHttp({
    modules: [CaseworkModule.register({ config, log, databaseUrl: config.database.url, health, metrics, logger })],
    apiKeys: config.apiKeys,
    health,
    metrics,
    logger,
    http: config.http,
    api: { title: 'Makewhole casework', version },
  });
  logger.info({ url: server.url, log: log.kind }, 'casework serves');
  return stopOnSignal(() => server.close().then(() => log.close()), logger);
}

const missing = ({ database, vault }: Config): readonly string[] => [
  ...(database.url === '' ? ['database.url (DATABASE_URL): a service on its own needs a Postgres'] : []),
  ...(vault.masterKeys.length === 0
    ? ['vault.masterKeys (MAKEWHOLE_VAULT_MASTER_KEYS or …_FILE): personal data needs a key, `openssl rand -base64 32`']
    : []),
];

function openLog(config: Config, logger: Logger): Promise<Log> {
  const { kafka } = config.log;
  if (kafka.brokers.length === 0) return openPostgresLog(config.database.url);
  return openKafkaLog(kafkaOptions(kafka, ({ level, message, fields }) => logger[level](fields, message)));
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`casework ended: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(1);
  },
);

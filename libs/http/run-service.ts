import type { ModuleMetadata } from '@nestjs/common';
import { loadConfig, type Config, type ConfigSources } from '#config/config';
import { formatFaults } from '#config/fault';
import { HealthChecks } from '#http/health-checks';
import { serveHttp } from '#http/serve-http';
import { stopOnSignal } from '#http/stop-on-signal';
import { createLogger, type Logger } from '#telemetry/logger';
import { createMetrics, type Metrics } from '#telemetry/metrics';
import { packageVersion } from '#telemetry/version';

export interface ServiceTools {
  readonly config: Config;
  readonly health: HealthChecks;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

export interface ServiceDefinition {
  readonly name: string;
  /** Of the service that runs the detectors. */
  readonly detectors?: NonNullable<ConfigSources['detectors']>;
  /** Of the service that reads raw topics. */
  readonly eventFields?: NonNullable<ConfigSources['eventFields']>;
  start(tools: ServiceTools): Promise<{
    readonly modules: NonNullable<ModuleMetadata['imports']>;
    /** After the modules have stopped. */
    close(): Promise<void>;
  }>;
}

/**
 * One service as a process of its own, configured by the file that `--config` names and the environment. Resolves with the exit code:
 * 0 after a signal, 1 when it could not start, 2 when its configuration is wrong.
 */
export async function runService({ name, detectors, eventFields, start }: ServiceDefinition): Promise<number> {
  const file = configFile(process.argv.slice(2));
  const loaded = loadConfig({
    ...(file === undefined ? {} : { file }),
    ...(detectors === undefined ? {} : { detectors }),
    ...(eventFields === undefined ? {} : { eventFields }),
  });
  if (!loaded.ok) {
    process.stderr.write(`${formatFaults(loaded.error)}\n`);
    return 2;
  }
  const config = loaded.value;
  const logger = createLogger(name, config.logLevel);
  const version = packageVersion();
  const tools: ServiceTools = { config, logger, health: new HealthChecks(), metrics: createMetrics({ service: name, version }) };
  try {
    const { modules, close } = await start(tools);
    const { http, apiKeys } = config;
    const server = await serveHttp({ ...tools, modules, apiKeys, http, api: { title: `Makewhole ${name}`, version } });
    logger.info({ url: server.url }, `${name} started`);
    return await stopOnSignal(async () => {
      await server.close();
      await close();
    }, logger);
  } catch (error) {
    logger.error({ err: error }, `${name} did not start`);
    return 1;
  }
}

function configFile(args: readonly string[]): string | undefined {
  const at = args.indexOf('--config');
  return at === -1 ? undefined : args[at + 1];
}

import 'reflect-metadata';
import type { DynamicModule } from '@nestjs/common';
import type { Config } from '#config/config';
import { HealthChecks } from '#http/health-checks';
import { type HttpServer, serveHttp } from '#http/serve-http';
import type { Log } from '#stream/log';
import type { Logger } from '#telemetry/logger';
import { createMetrics, type Metrics } from '#telemetry/metrics';
import type { ServiceName } from '#apps/makewhole/service-names';
import { packageVersion } from '#telemetry/version';

/** What each service's module is given. */
export interface ServiceParts {
  readonly config: Config;
  readonly log: Log;
  readonly databaseUrl: string;
  readonly health: HealthChecks;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

export interface RunningServices {
  readonly url: string;
  readonly metrics: Metrics;
  /** Lets requests and batches in hand finish. */
  close(): Promise<void>;
}

/** A module is loaded only when its service runs. */
const modules: Readonly<Record<ServiceName, (parts: ServiceParts) => Promise<DynamicModule>>> = {
  gateway: async (parts) => (await import('#apps/gateway/gateway.module')).GatewayModule.register(parts),
  detector: async (parts) => (await import('#apps/detector/detector.module')).DetectorModule.register(parts),
  casework: async (parts) => (await import('#apps/casework/casework.module')).CaseworkModule.register(parts),
  actuator: async (parts) => (await import('#apps/actuator/actuator.module')).ActuatorModule.register(parts),
};

/** Starts services in one process behind one port. */
export async function startServices(
  names: readonly ServiceName[],
  given: Omit<ServiceParts, 'health' | 'metrics'>,
): Promise<RunningServices> {
  const version = packageVersion();
  const metrics = createMetrics({ service: 'makewhole', version });
  const parts = { ...given, metrics, health: new HealthChecks() };
  const loaded = await Promise.all(names.map((name) => modules[name](parts)));
  const server: HttpServer = await serveHttp({
    modules: loaded,
    apiKeys: given.config.apiKeys,
    health: parts.health,
    metrics,
    logger: given.logger,
    http: given.config.http,
    api: { title: 'Makewhole', version },
  });
  return { url: server.url, metrics, close: () => server.close() };
}

import { type DynamicModule, Module, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { loadPolicy } from '#action/load-policy';
import type { Policy } from '#action/policy';
import type { Config } from '#config/config';
import { readConfigFile } from '#config/file';
import type { HealthChecks } from '#http/health-checks';
import type { Log } from '#stream/log';
import type { Logger } from '#telemetry/logger';
import type { Metrics } from '#telemetry/metrics';
import { Actuator } from '#apps/actuator/actuator';
import { HooksController } from '#apps/actuator/hooks/hooks.controller';
import { HOOKS, POOL } from '#apps/actuator/hooks/tokens';

export interface ActuatorModuleParts {
  readonly config: Config;
  readonly log: Log;
  readonly databaseUrl: string;
  readonly health: HealthChecks;
  readonly metrics: Metrics;
  readonly logger: Logger;
  /** Default: the document that the configuration names. */
  readonly policy?: Policy;
}

/** Carries actions out and tells the outside; its routes are about whom it tells. Starts and stops with the Nest application. */
@Module({})
export class ActuatorModule implements OnModuleInit, OnApplicationShutdown {
  constructor(private readonly actuator: Actuator) {}

  static register({ health, policy, ...parts }: ActuatorModuleParts): DynamicModule {
    const actuator = new Actuator({ ...parts, policy: policy ?? loadPolicy(parts.config.policyFile, readConfigFile) });
    health.live('actuator', () => {
      const ageMs = Math.round(actuator.progressAgeMs());
      return ageMs <= parts.config.http.progressMsMax ? null : `no progress for ${ageMs} ms`;
    });
    health.ready('actuator', () => actuator.storeFault());
    return {
      module: ActuatorModule,
      controllers: [HooksController],
      providers: [
        { provide: Actuator, useValue: actuator },
        { provide: POOL, useValue: actuator.pool },
        { provide: HOOKS, useValue: parts.config.actuator.hooks },
      ],
    };
  }

  onModuleInit(): Promise<void> {
    return this.actuator.start();
  }

  onApplicationShutdown(): Promise<void> {
    return this.actuator.stop();
  }
}

import { Module, type DynamicModule, type ModuleMetadata } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import type { ApiKey } from '#config/schema';
import type { Logger } from '#telemetry/logger';
import type { Metrics } from '#telemetry/metrics';
import { ApiKeyGuard } from '#http/api-key.guard';
import { ApiKeyRing } from '#http/api-key-ring';
import { HealthChecks } from '#http/health-checks';
import { metricsToken, OperationsController } from '#http/operations.controller';
import { PathText } from '#http/path-text';
import { ProblemFilter } from '#http/problem.filter';

export interface EdgeParts {
  readonly modules: NonNullable<ModuleMetadata['imports']>;
  readonly apiKeys: readonly ApiKey[];
  readonly health: HealthChecks;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

/** What every service has at its edge, around the services' own modules: keys and roles, problem+json, health, metrics. */
@Module({})
export class EdgeModule {
  static register({ modules, apiKeys, health, metrics, logger }: EdgeParts): DynamicModule {
    return {
      module: EdgeModule,
      imports: [...modules],
      providers: [
        { provide: HealthChecks, useValue: health },
        { provide: metricsToken, useValue: metrics },
        { provide: APP_GUARD, useFactory: () => new ApiKeyGuard(new ApiKeyRing(apiKeys)) },
        { provide: APP_PIPE, useFactory: () => new PathText() },
        { provide: APP_FILTER, useFactory: () => new ProblemFilter(logger) },
      ],
      controllers: [OperationsController],
    };
  }
}

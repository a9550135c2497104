import { Controller, Get, Header, Inject, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Response } from 'express';
import type { Metrics } from '#telemetry/metrics';
import { HealthChecks, type HealthReport } from '#http/health-checks';
import { Public } from '#http/roles';

export const metricsToken = Symbol('metrics');

/** `/livez`, `/readyz` and `/metrics` of the process. */
@Public()
@ApiExcludeController()
@Controller()
export class OperationsController {
  constructor(
    @Inject(HealthChecks) private readonly health: HealthChecks,
    @Inject(metricsToken) private readonly metrics: Metrics,
  ) {}

  @Get('livez')
  async live(@Res() response: Response): Promise<void> {
    answer(response, await this.health.liveness());
  }

  @Get('readyz')
  async ready(@Res() response: Response): Promise<void> {
    answer(response, await this.health.readiness());
  }

  @Get('metrics')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  exposition(): Promise<string> {
    return this.metrics.registry.metrics();
  }
}

function answer(response: Response, { ok, checks }: HealthReport): void {
  response
    .status(ok ? 200 : 503)
    .set('cache-control', 'no-store')
    .json({ status: ok ? 'ok' : 'failing', checks });
}

import { Inject, Module, type DynamicModule, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { Config } from '#config/config';
import type { HealthChecks } from '#http/health-checks';
import type { Log } from '#stream/log';
import type { Logger } from '#telemetry/logger';
import type { Metrics } from '#telemetry/metrics';
import { EventIntake } from '#apps/gateway/event-intake';
import { EventsController } from '#apps/gateway/events.controller';
import { Intake } from '#apps/gateway/intake';
import { type PaymentBook, PostgresPaymentBook } from '#apps/gateway/payment-book';
import { RawTopics } from '#apps/gateway/raw-topics';
import { WebhookIntake } from '#apps/gateway/webhook-intake';
import { webhookSources } from '#apps/gateway/webhook-sources';
import { WebhooksController } from '#apps/gateway/webhooks.controller';

export interface GatewayParts {
  readonly config: Config;
  readonly log: Log;
  /** Where the progress of raw topics is kept, and whose payments webhooks told of; empty: neither. */
  readonly databaseUrl?: string;
  readonly health: HealthChecks;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

const bookToken = 'makewhole:payment-book';

/** Takes events over HTTP and appends them to the log. Starts and stops with the Nest application. */
@Module({})
export class GatewayModule implements OnModuleInit, OnApplicationShutdown {
  constructor(
    private readonly intake: Intake,
    private readonly rawTopics: RawTopics,
    @Inject(bookToken) private readonly book: PaymentBook | null,
  ) {}

  static register({ config, log, databaseUrl = '', health, metrics, logger }: GatewayParts): DynamicModule {
    const { gateway, http } = config;
    const intake = new Intake({
      log,
      partitions: config.log.partitions.paymentEvents,
      appendTimeoutMs: gateway.appendTimeoutMs,
      onFailure: (error) => {
        metrics.logFailures.inc();
        logger.warn({ err: error }, 'append failed');
      },
    });
    const takesWebhooks = webhookSources(gateway.webhooks).size > 0;
    const book = takesWebhooks && databaseUrl !== '' ? new PostgresPaymentBook(databaseUrl) : null;
    const rawTopics = new RawTopics({ config, log, databaseUrl, metrics, logger });
    health.live('gateway raw topics', () => {
      const ageMs = Math.round(rawTopics.progressAgeMs());
      return ageMs <= http.progressMsMax ? null : `no progress for ${ageMs} ms`;
    });
    health.ready('gateway', () => intake.fault());
    health.live('gateway', () => {
      const waitingMs = intake.waitingMs(Date.now());
      return waitingMs <= Math.max(http.progressMsMax, config.log.kafka.deliveryTimeoutMs * 2)
        ? null
        : `an append waits for ${waitingMs} ms`;
    });
    return {
      module: GatewayModule,
      controllers: [EventsController, WebhooksController],
      providers: [
        { provide: Intake, useValue: intake },
        { provide: RawTopics, useValue: rawTopics },
        { provide: EventIntake, useFactory: () => new EventIntake(intake, gateway, metrics) },
        { provide: WebhookIntake, useFactory: () => new WebhookIntake(intake, gateway, metrics, book ?? undefined) },
        { provide: bookToken, useValue: book },
      ],
    };
  }

  async onModuleInit(): Promise<void> {
    await this.book?.start();
    await this.intake.start();
    await this.rawTopics.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.rawTopics.stop();
    await this.intake.stop();
    await this.book?.close();
  }
}

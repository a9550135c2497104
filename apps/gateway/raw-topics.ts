import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import type { DurationMs } from '#kernel/time';
import type { Config } from '#config/config';
import { createDecoder } from '#event/decode';
import { PostgresConsumerStore } from '#postgres/consumer-store';
import { migrate } from '#postgres/migrate';
import { PostgresRelayStore } from '#postgres/outbox-store';
import { openPool } from '#postgres/pool';
import { Consumer } from '#stream/consumer';
import type { Log, LogWriter } from '#stream/log';
import { OutboxRelay } from '#stream/relay';
import type { Logger } from '#telemetry/logger';
import type { Metrics } from '#telemetry/metrics';
import { mapRawBatch } from '#apps/gateway/map-raw-batch';
import { gatewayMigrations } from '#apps/gateway/migrations';

interface RawTopicsOptions {
  readonly config: Pick<Config, 'gateway' | 'stream' | 'log'>;
  readonly log: Log;
  readonly databaseUrl: string;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

/**
 * Reads topics that others write in a layout of their own, and appends what they tell to `payment-events`: each record once, since what
 * it becomes and the progress of its partition are one transaction. Does nothing where none is configured.
 */
export class RawTopics {
  private readonly member = randomUUID();
  private pool: Pool | undefined;
  private store: PostgresConsumerStore | undefined;
  private consumer: Consumer | undefined;
  private relay: OutboxRelay | undefined;
  private writer: LogWriter | undefined;

  constructor(private readonly options: RawTopicsOptions) {}

  async start(): Promise<void> {
    const { config, log, databaseUrl, metrics } = this.options;
    const { rawTopics, eventBytesMax, ignoredTypes } = config.gateway;
    if (rawTopics.length === 0) return;
    if (databaseUrl === '') throw new Error('gateway.rawTopics needs a database for their progress: set DATABASE_URL');
    await migrate(databaseUrl, 'gateway', gatewayMigrations);
    await this.createTopics();
    this.pool = openPool(databaseUrl, { max: 3, applicationName: 'makewhole gateway' });
    this.writer = await log.writer();
    const relay = new OutboxRelay({
      store: new PostgresRelayStore(this.pool, 'gateway'),
      writer: this.writer,
      relay: this.member,
      onError: this.onError,
    });
    this.relay = relay;
    this.store = new PostgresConsumerStore(this.pool, databaseUrl, 'gateway');
    const rules = {
      layouts: new Map(rawTopics.map((layout) => [layout.topic, layout])),
      decode: createDecoder({ ignoredTypes, maxBytes: eventBytesMax }),
      onDead: (reason: string) => metrics.deadLetters.inc({ reason }),
    };
    this.consumer = new Consumer({
      service: 'gateway',
      member: this.member,
      log,
      store: this.store,
      topics: rawTopics.map(({ topic }) => topic),
      handle: (batch, transaction) => Promise.resolve(mapRawBatch(batch, transaction, rules)),
      afterCommit: () => relay.kick(),
      onError: this.onError,
      renewMs: config.stream.leaseRenewMs,
      leaseMs: config.stream.leaseMs,
    });
    relay.start();
    await this.consumer.start();
  }

  /** Finishes the batches in hand and sends what came of them. */
  async stop(): Promise<void> {
    await this.consumer?.stop();
    await this.relay?.stop();
    await this.writer?.close();
    await this.store?.close();
    await this.pool?.end();
  }

  progressAgeMs(): DurationMs {
    return this.consumer?.progressAgeMs() ?? 0;
  }

  private readonly onError = (error: unknown): void => {
    this.options.logger.error({ err: error }, 'gateway raw topics');
  };

  /** Those that nobody has written yet, so that reading can begin. */
  private async createTopics(): Promise<void> {
    const { config, log } = this.options;
    const admin = await log.admin();
    const partitions = config.log.partitions.others;
    await admin.ensureTopics(
      [...config.gateway.rawTopics.map(({ topic }) => topic), 'dead-letters'].map((topic) => ({ topic, partitions })),
    );
    await admin.close();
  }
}

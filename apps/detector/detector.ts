import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { seconds } from '#kernel/time';
import type { Config } from '#config/config';
import { migrate } from '#postgres/migrate';
import { PostgresRelayStore } from '#postgres/outbox-store';
import { PostgresOwnershipStore } from '#postgres/ownership-store';
import { openPool } from '#postgres/pool';
import { serviceMigration } from '#postgres/service-schema';
import { stageMigration } from '#postgres/stage-schema';
import type { BatchSource } from '#stream/batch.strategy';
import { keyOfEach, type Log, type LogWriter, type PartitionBatch } from '#stream/log';
import { OutboxRelay } from '#stream/relay';
import type { StageReport } from '#stream/stage-report';
import { StageService } from '#stream/stage-service';
import type { Logger } from '#telemetry/logger';
import type { Metrics } from '#telemetry/metrics';
import { DetectorMetrics } from '#apps/detector/detector-metrics';
import { SCOPE_EVENTS } from '#apps/detector/scope-host';
import { ScopeService } from '#apps/detector/scope-service';
import { DETECTOR_SCHEMA, detectorHost, detectorThread, FINDINGS, PAYMENT_EVENTS } from '#apps/detector/detector-host';

export interface DetectorParts {
  readonly config: Config;
  readonly log: Log;
  readonly databaseUrl: string;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

/**
 * payment-events → findings and scope-events → findings: the stages on the partitions this process holds, and the relays of what they
 * say.
 */
export class Detector implements BatchSource {
  readonly topics: readonly string[];
  private readonly pool: Pool;
  private readonly relayStore: PostgresRelayStore;
  private readonly service: StageService;
  private readonly report: DetectorMetrics;
  private readonly scopes: ScopeService | undefined;
  private readonly startedAt = Date.now();
  private isRunning = false;
  private everyPartition: readonly string[] = [];
  private writer: LogWriter | undefined;
  private relay: OutboxRelay | undefined;
  private gauges: NodeJS.Timeout | undefined;

  constructor(private readonly parts: DetectorParts) {
    const { config, log, databaseUrl, metrics } = parts;
    const { stream } = config;
    this.pool = openPool(databaseUrl, { max: 2, applicationName: 'makewhole detector' });
    this.relayStore = new PostgresRelayStore(this.pool, DETECTOR_SCHEMA);
    this.report = new DetectorMetrics(metrics);
    this.scopes = ScopeService.isWanted(parts)
      ? new ScopeService({
          ...parts,
          member: this.member,
          onStored: (report) => this.report.note(report),
          onError: (error) => this.complain(error),
          onDeath: (error) => this.workerDied(error),
        })
      : undefined;
    this.topics = this.scopes === undefined ? [PAYMENT_EVENTS] : [PAYMENT_EVENTS, SCOPE_EVENTS];
    this.service = new StageService({
      service: DETECTOR_SCHEMA,
      member: this.member,
      log,
      topic: PAYMENT_EVENTS,
      ownership: new PostgresOwnershipStore(databaseUrl, DETECTOR_SCHEMA),
      host: (listener) => {
        const thread = detectorThread(config, databaseUrl, this.everyPartition);
        return detectorHost(stream.workers, thread, listener, (error) => this.workerDied(error));
      },
      onStored: (report) => this.stored(report),
      onFenced: () => metrics.fencingLost.inc(),
      onError: (error) => this.complain(error),
      leaseMs: stream.leaseMs,
      renewMs: stream.leaseRenewMs,
    });
  }

  private readonly member = randomUUID();

  async start(deliver: (batch: PartitionBatch) => Promise<void>): Promise<void> {
    const { config, databaseUrl, log } = this.parts;
    await migrate(databaseUrl, DETECTOR_SCHEMA, [serviceMigration, stageMigration]);
    await this.scopes?.prepare();
    this.writer = await log.writer();
    this.relay = new OutboxRelay({
      store: this.relayStore,
      writer: this.writer,
      relay: this.member,
      onError: (error) => this.complain(error),
    });
    this.relay.start();
    const admin = await log.admin();
    await admin.ensureTopics([{ topic: FINDINGS, partitions: config.log.partitions.others }]);
    this.everyPartition = keyOfEach(log, await admin.partitionCount(FINDINGS));
    await admin.close();
    await this.scopes?.start(this.writer, deliver);
    await this.service.start(deliver);
    this.gauges = setInterval(() => void this.countPending(), seconds(2));
    this.isRunning = true;
  }

  /** Folds a batch; resolves when there is room for the next. */
  batch(batch: PartitionBatch): Promise<void> {
    return batch.topic === SCOPE_EVENTS ? (this.scopes?.batch(batch) ?? Promise.resolve()) : this.service.batch(batch);
  }

  async stop(): Promise<void> {
    clearInterval(this.gauges);
    await this.service.stop();
    await this.relay?.stop();
    await this.scopes?.stop();
    await this.writer?.close();
    await this.pool.end();
  }

  /** Since the partition that waits longest moved. */
  progressAgeMs(): number {
    if (!this.isRunning) return Date.now() - this.startedAt;
    return Math.max(this.service.progressAgeMs(), this.scopes?.progressAgeMs() ?? 0);
  }

  /** Null when the store answers. */
  async storeFault(): Promise<string | null> {
    await this.pool.query('SELECT 1');
    return this.isRunning ? null : 'starting';
  }

  private stored(report: StageReport): void {
    this.report.note(report);
    if (report.hasMessages) this.relay?.kick();
  }

  private async countPending(): Promise<void> {
    await Promise.all([this.relayStore.pendingCount(), this.scopes?.pendingCount() ?? 0]).then(
      ([accounts, scopes]) => this.parts.metrics.outboxPending.set(accounts + scopes),
      () => undefined,
    );
  }

  private complain(error: unknown): void {
    this.parts.logger.error({ err: error }, 'detector fault');
  }

  /** What the worker had in memory is gone: a fresh process folds it again. */
  private workerDied(error: Error): void {
    this.parts.logger.error({ err: error }, 'a worker of the detector ended');
    setTimeout(() => process.exit(1), 100);
  }
}

import type { Pool } from 'pg';
import { NEVER, seconds } from '#kernel/time';
import { createScopeDetectors } from '#detection/scope-detectors';
import { migrate } from '#postgres/migrate';
import { PostgresRelayStore } from '#postgres/outbox-store';
import { PostgresOwnershipStore } from '#postgres/ownership-store';
import { openPool } from '#postgres/pool';
import { serviceMigration } from '#postgres/service-schema';
import { stageMigration } from '#postgres/stage-schema';
import type { LogAdmin, LogWriter, PartitionBatch } from '#stream/log';
import { OutboxRelay } from '#stream/relay';
import { Repeat } from '#stream/repeat';
import type { StageReport } from '#stream/stage-report';
import { StageService } from '#stream/stage-service';
import type { DetectorParts } from '#apps/detector/detector';
import { ScopeClock } from '#apps/detector/scope-clock';
import { SCOPE_EVENTS, scopeHost, SCOPES_SCHEMA, scopeThread } from '#apps/detector/scope-host';

export interface ScopeServiceParts extends DetectorParts {
  readonly member: string;
  readonly onStored: (report: StageReport) => void;
  readonly onError: (error: unknown) => void;
  readonly onDeath: (error: Error) => void;
}

/** How often it is looked how far the account stage is; an idle partition of that moves on once a second. */
const LOOK_MS = seconds(1) / 2;

/** scope-events → findings: the second stage of the detector, with progress, states and outbox of its own. */
export class ScopeService {
  private readonly pool: Pool;
  private readonly relayStore: PostgresRelayStore;
  private readonly service: StageService;
  private relay: OutboxRelay | undefined;
  private admin: LogAdmin | undefined;
  private clock: ScopeClock | undefined;
  private looking: Repeat | undefined;

  constructor(private readonly parts: ScopeServiceParts) {
    const { config, databaseUrl, log, metrics, member, onError, onDeath } = parts;
    const { stream } = config;
    const thread = scopeThread(config, databaseUrl);
    this.pool = openPool(databaseUrl, { max: 2, applicationName: 'makewhole scopes' });
    this.relayStore = new PostgresRelayStore(this.pool, SCOPES_SCHEMA);
    this.service = new StageService({
      service: SCOPES_SCHEMA,
      member,
      log,
      topic: SCOPE_EVENTS,
      ownership: new PostgresOwnershipStore(databaseUrl, SCOPES_SCHEMA),
      host: (listener) => scopeHost(stream.workers, thread, listener, onDeath),
      onStored: (report) => {
        parts.onStored(report);
        if (report.hasMessages) this.relay?.kick();
      },
      onFenced: () => metrics.fencingLost.inc(),
      onError,
      leaseMs: stream.leaseMs,
      renewMs: stream.leaseRenewMs,
    });
  }

  /** Some detector of a scope is on. */
  static isWanted({ config, databaseUrl }: Pick<DetectorParts, 'config' | 'databaseUrl'>): boolean {
    const { settings, modes } = scopeThread(config, databaseUrl);
    return createScopeDetectors(settings, modes).length > 0;
  }

  /** Before anything reads events: what they tell other scopes must have somewhere to go. */
  async prepare(): Promise<void> {
    const { config, databaseUrl, log } = this.parts;
    await migrate(databaseUrl, SCOPES_SCHEMA, [serviceMigration, stageMigration]);
    const admin = await log.admin();
    await admin.ensureTopics([{ topic: SCOPE_EVENTS, partitions: config.log.partitions.others }]);
    await admin.close();
  }

  async start(writer: LogWriter, deliver: (batch: PartitionBatch) => Promise<void>): Promise<void> {
    const { member, onError } = this.parts;
    this.relay = new OutboxRelay({ store: this.relayStore, writer, relay: member, onError });
    this.relay.start();
    this.admin = await this.parts.log.admin();
    const clock = (this.clock = new ScopeClock(this.pool, this.admin));
    this.looking = new Repeat(() => clock.look().then(() => 'pause'), LOOK_MS, onError);
    await this.service.start(deliver);
  }

  batch(batch: PartitionBatch): Promise<void> {
    if (batch.records.length > 0) return this.service.batch(batch);
    return this.service.batch({ ...batch, idleUntil: this.clock?.upTo(batch) ?? -NEVER });
  }

  async stop(): Promise<void> {
    await this.service.stop();
    await this.looking?.stop();
    await this.relay?.stop();
    await this.admin?.close();
    await this.pool.end();
  }

  progressAgeMs(): number {
    return this.service.progressAgeMs();
  }

  pendingCount(): Promise<number> {
    return this.relayStore.pendingCount();
  }
}

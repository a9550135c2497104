import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { type InstantMs, milliseconds, seconds } from '#kernel/time';
import { PostgresConsumerStore } from '#postgres/consumer-store';
import { migrate } from '#postgres/migrate';
import { PostgresRelayStore } from '#postgres/outbox-store';
import { Consumer } from '#stream/consumer';
import { failpoint } from '#stream/failpoint';
import type { Log, LogAdmin, LogWriter, PartitionBatch } from '#stream/log';
import { OutboxRelay } from '#stream/relay';
import type { Logger } from '#telemetry/logger';
import type { Metrics } from '#telemetry/metrics';
import type { CaseworkRules, Effects } from '#apps/casework/consume/case-transaction';
import { type BatchEffects, handleBatch } from '#apps/casework/consume/casework-handler';
import { topics } from '#apps/casework/consume/messages';
import { ReadHorizon } from '#apps/casework/consume/read-horizon';
import { reportDeadLetters, reportEffects } from '#apps/casework/consume/report-effects';
import { Repeat } from '#stream/repeat';
import { anyCaseDue, anyCaseHeld } from '#apps/casework/store/case-rows';
import { CASEWORK_SCHEMA, caseworkMigrations } from '#apps/casework/store/migrations';
import { readInForce, seedPolicy } from '#apps/casework/store/policy-rows';
import { transact } from '#apps/casework/store/transact';
import { readOpenTotals } from '#apps/casework/store/open-totals';
import { AnchorFile } from '#apps/casework/evidence/anchors';
import { keepRetention, type Retention } from '#apps/casework/privacy/keep-retention';
import { withKeys } from '#apps/casework/store/store';
import { release, tick } from '#apps/casework/tick';
import { requireMasters, rewrapKeys } from '#apps/casework/vault/rewrap';
import type { Vault } from '#apps/casework/vault/vault';

export interface CaseworkServiceParts {
  readonly pool: Pool;
  readonly vault: Vault;
  readonly databaseUrl: string;
  readonly log: Log;
  readonly rules: CaseworkRules;
  readonly clock: () => InstantMs;
  readonly metrics: Metrics;
  readonly logger: Logger;
  /** Where the ends of evidence chains are kept, too; empty for nowhere. */
  readonly anchorsFile: string;
  readonly retention: Retention;
  /** Of each topic that is not there yet. */
  readonly partitions: number;
  readonly leaseMs: number;
  readonly leaseRenewMs: number;
}

/** Cases a tick, and the pause between two: at most 500 a second, whatever an outage has piled up. */
const TICK_CASES_MAX = 100;
const TICK_MS = milliseconds(200);
const REWRAP_MAX = 500;
/** At a start no clock runs out before there was time to take partitions and to see what waits in them. */
const HOLD_MS = seconds(10);
const END_FRESH_MS = seconds(5);

/** What runs behind the API: findings and results in, orders and news out, clocks. */
export class CaseworkService {
  private readonly member = randomUUID();
  private readonly horizon = new ReadHorizon();
  private readonly effects = new WeakMap<PartitionBatch, BatchEffects>();
  private readonly takenAt = new WeakMap<PartitionBatch, number>();
  private consumer: Consumer | undefined;
  private relay: OutboxRelay | undefined;
  private relayStore: PostgresRelayStore | undefined;
  private writer: LogWriter | undefined;
  private admin: LogAdmin | undefined;
  private readonly startedAt = performance.now();
  private anchors: AnchorFile | undefined;
  private repeats: readonly Repeat[] = [];

  constructor(readonly parts: CaseworkServiceParts) {}

  async start(): Promise<void> {
    const { pool, vault, databaseUrl, log, leaseMs, leaseRenewMs } = this.parts;
    await migrate(databaseUrl, CASEWORK_SCHEMA, caseworkMigrations);
    await requireMasters(pool, vault);
    const { anchorsFile } = this.parts;
    if (anchorsFile !== '') this.anchors = await AnchorFile.open(anchorsFile, this.onError);
    await this.seedPolicy();
    this.writer = await log.writer();
    this.admin = await log.admin();
    await this.admin.ensureTopics(Object.values(topics).map((topic) => ({ topic, partitions: this.parts.partitions })));
    this.relayStore = new PostgresRelayStore(pool, CASEWORK_SCHEMA);
    this.relay = new OutboxRelay({ store: this.relayStore, writer: this.writer, relay: this.member, onError: this.onError });
    this.consumer = new Consumer({
      service: 'casework',
      member: this.member,
      log,
      store: new PostgresConsumerStore(pool, databaseUrl, CASEWORK_SCHEMA),
      topics: [topics.findings, topics.actionResults],
      handle: async (batch, transaction) => {
        this.effects.set(
          batch,
          await handleBatch(this.asKnownNow(batch), withKeys(transaction, vault), this.parts.rules, this.parts.clock()),
        );
      },
      beforeCommit: () => failpoint('casework.before-commit'),
      afterCommit: (batch) => this.afterBatch(batch),
      onError: this.onError,
      leaseMs,
      renewMs: leaseRenewMs,
    });
    this.relay.start();
    await this.consumer.start();
    this.repeats = [
      new Repeat(() => this.tick(), TICK_MS, this.onError),
      new Repeat(() => this.release(), TICK_MS, this.onError),
      new Repeat(() => this.gauge(), seconds(5), this.onError),
      new Repeat(() => this.forget(), seconds(60), this.onError),
      new Repeat(() => this.rewrap(), seconds(60), this.onError),
    ];
  }

  /** Finishes what is in hand, sends what is written, and gives the partitions back. */
  async stop(): Promise<void> {
    for (const repeat of this.repeats) await repeat.stop();
    await this.consumer?.stop();
    await this.relay?.stop();
    await this.relayStore?.endRelay(this.member).catch(this.onError);
    await this.anchors?.close();
    await this.writer?.close();
    await this.admin?.close();
  }

  /** Why the service is not live; null when it is. */
  progressFault(progressMsMax: number): string | null {
    const age = this.consumer?.progressAgeMs() ?? 0;
    return age <= progressMsMax ? null : `no progress for ${Math.round(age / 1_000)} s`;
  }

  /** After every commit of cases, of a batch, a person or a tick. */
  readonly onCommitted = (effects: Effects): void => {
    this.kick();
    reportEffects(effects, this.parts.metrics, this.parts.logger);
    this.anchors?.add(
      effects.cases.map(({ head }) => head),
      this.parts.clock(),
    );
  };

  /** Something waits to be sent. */
  readonly kick = (): void => this.relay?.kick();

  /** The configuration's policy is the first version; afterwards people say which is live. */
  private async seedPolicy(): Promise<void> {
    const { pool, vault, rules, clock, logger } = this.parts;
    const configured = rules.policy.version;
    const live = await transact({ pool, vault }, 'storing the first policy', (transaction) =>
      seedPolicy(transaction, rules.policy, clock()),
    );
    if (live === configured) return;
    const detail = 'put the other one in force with POST /v1/policies, or name the live one in policyFile';
    logger.warn({ live, configured }, `the live policy is not the configuration's: ${detail}`);
  }

  /** A batch that had to wait for the store says nothing any more of where its partition ends: there may be more behind it. */
  private asKnownNow(batch: PartitionBatch): PartitionBatch {
    const now = performance.now();
    const takenAt = this.takenAt.get(batch) ?? now;
    this.takenAt.set(batch, takenAt);
    return now - takenAt <= END_FRESH_MS ? batch : { ...batch, endOffset: Number.POSITIVE_INFINITY };
  }

  private afterBatch(batch: PartitionBatch): void {
    failpoint('casework.after-commit');
    this.horizon.note(batch);
    const effects = this.effects.get(batch);
    if (effects === undefined) return;
    this.onCommitted(batch.topic === topics.actionResults ? { ...effects, actions: [] } : effects);
    reportDeadLetters(effects.deadLetters, this.parts.metrics, this.parts.logger);
  }

  private async tick(): Promise<'again' | 'pause'> {
    const { pool, rules, clock } = this.parts;
    const now = clock();
    if (!(await anyCaseDue(pool, now))) return 'pause';
    const inHand = this.consumer?.partitions() ?? [];
    if (inHand.length === 0 && performance.now() < this.startedAt + HOLD_MS) return 'pause';
    const readUpTo = await this.horizon.upTo(now, inHand, this.admin!);
    if (readUpTo === undefined) return 'pause';
    const effects = await tick(this.parts, rules, readUpTo, TICK_CASES_MAX);
    if (effects.changes.length > 0) this.onCommitted(effects);
    return 'pause';
  }

  /** What waited for the end of a backlog goes out, unless it has healed. */
  private async release(): Promise<'again' | 'pause'> {
    const { pool, rules, clock } = this.parts;
    if (!(await anyCaseHeld(pool))) return 'pause';
    const read = await this.horizon.readToEnd(topics.findings, this.consumer?.partitions() ?? [], this.admin!);
    if (read.length === 0) return 'pause';
    const effects = await release(this.parts, rules, clock(), read, TICK_CASES_MAX);
    if (effects.changes.length > 0) this.onCommitted(effects);
    return 'pause';
  }

  private async gauge(): Promise<'pause'> {
    const { pool, metrics, rules, clock } = this.parts;
    const { byStage, atRiskMinor } = await readOpenTotals(pool);
    for (const stage of ['open', 'investigating', 'awaiting_buyer', 'resolving']) {
      metrics.casesOpen.set({ stage }, byStage.get(stage) ?? 0);
    }
    metrics.moneyAtRisk.reset();
    for (const [currency, minor] of atRiskMinor) metrics.moneyAtRisk.set({ currency }, minor);
    const { policy, breakerOpen } = await readInForce(pool, rules.policy, clock());
    metrics.breakerOpen.set(breakerOpen ? 1 : 0);
    metrics.livePolicy.reset();
    metrics.livePolicy.set({ version: policy.version }, 1);
    return 'pause';
  }

  private async forget(): Promise<'again' | 'pause'> {
    const { rules, clock, retention } = this.parts;
    const { effects, isDone } = await keepRetention(this.parts, rules, retention, clock());
    if (effects.changes.length > 0) this.onCommitted(effects);
    return isDone ? 'pause' : 'again';
  }

  /** After a master key was replaced; says when the older one is needed no more. */
  private async rewrap(): Promise<'again' | 'pause'> {
    const rewrapped = await rewrapKeys(this.parts, REWRAP_MAX);
    if (rewrapped === REWRAP_MAX) return 'again';
    const { masters } = this.parts.vault;
    if (rewrapped > 0)
      this.parts.logger.info({ rewrapped, master: masters.newestId }, 'all keys are wrapped by the newest master key');
    return 'pause';
  }

  private readonly onError = (error: unknown): void => {
    this.parts.logger.error({ err: error }, 'casework met an error');
  };
}

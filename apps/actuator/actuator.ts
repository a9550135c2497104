import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { type DurationMs, seconds } from '#kernel/time';
import { isOfLoss, type Policy } from '#action/policy';
import type { Config } from '#config/config';
import { HttpCaller } from '#connector/http-caller';
import type { Connector } from '#connector/connector';
import { PostgresConsumerStore } from '#postgres/consumer-store';
import { migrate } from '#postgres/migrate';
import { PostgresRelayStore } from '#postgres/outbox-store';
import { openPool } from '#postgres/pool';
import { Consumer } from '#stream/consumer';
import type { Log, LogAdmin, LogWriter } from '#stream/log';
import { OutboxRelay } from '#stream/relay';
import { Repeat } from '#stream/repeat';
import type { Logger } from '#telemetry/logger';
import type { Metrics } from '#telemetry/metrics';
import { connectorFor, openConnectors } from '#apps/actuator/connectors';
import { Dispatcher } from '#apps/actuator/dispatcher';
import { actuatorMigrations } from '#apps/actuator/migrations';
import { FindingsRead } from '#apps/actuator/findings-read';
import { forgetTries } from '#apps/actuator/hooks/delivery-log';
import type { OnSettled } from '#apps/actuator/ledger-news';
import { queryOf } from '#apps/actuator/query';
import { NoticeSender } from '#apps/actuator/notice-sender';
import { reportMove } from '#apps/actuator/report-move';
import { topics } from '#apps/actuator/results';
import { takeBatch } from '#apps/actuator/take-batch';

export interface ActuatorParts {
  readonly config: Pick<Config, 'actuator' | 'database' | 'retention' | 'stream'>;
  readonly databaseUrl: string;
  readonly log: Log;
  /** The configuration's: it holds until casework tells which one is live. */
  readonly policy: Policy;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

const pollMs = 100;
const lookMs = 250;
const claimLeaseMs = seconds(5);
/** How long the log of deliveries goes back. */
const forgetMax = 10_000;

/**
 * Carries actions out and tells the outside: a consumer that turns messages into rows, a dispatcher for each connector, a sender for
 * each endpoint, a relay for what came of it.
 */
export class Actuator {
  private readonly member = randomUUID();
  readonly pool: Pool;
  private consumer: Consumer | undefined;
  private relay: OutboxRelay | undefined;
  private admin: LogAdmin | undefined;
  private findings: FindingsRead | undefined;
  private look: Repeat | undefined;
  private forget: Repeat | undefined;
  private writer: LogWriter | undefined;
  private store: PostgresConsumerStore | undefined;
  private dispatchers: readonly Dispatcher[] = [];
  private senders: readonly NoticeSender[] = [];
  private connectors: readonly Connector[] = [];
  private hookCallers: readonly HttpCaller[] = [];

  constructor(private readonly parts: ActuatorParts) {
    this.pool = openPool(parts.databaseUrl, { max: parts.config.database.poolMax + 2, applicationName: 'makewhole actuator' });
  }

  async start(): Promise<void> {
    const { databaseUrl, log } = this.parts;
    await migrate(databaseUrl, 'actuator', actuatorMigrations);
    this.writer = await log.writer();
    this.relay = new OutboxRelay({
      store: new PostgresRelayStore(this.pool, 'actuator'),
      writer: this.writer,
      relay: this.member,
      onError: this.onError,
    });
    this.admin = await log.admin();
    this.findings = new FindingsRead(this.pool, this.admin);
    this.connectors = openConnectors(this.parts.config.actuator, this.now);
    this.dispatchers = this.connectors.map((connector) => this.dispatcherFor(connector));
    this.senders = this.sendersOf();
    this.consumer = this.consumerOf();
    this.relay.start();
    for (const dispatcher of this.dispatchers) dispatcher.start();
    for (const sender of this.senders) sender.start();
    await this.consumer.start();
    this.look = new Repeat(() => this.lookAtFindings(), lookMs, this.onError);
    this.forget = new Repeat(() => this.forgetTries(), seconds(60), this.onError);
  }

  /** Takes nothing more in, lets calls under way end and stores what came of them. */
  async stop(): Promise<void> {
    await this.look?.stop();
    await this.forget?.stop();
    await this.consumer?.stop();
    await Promise.all([...this.dispatchers, ...this.senders].map((part) => part.stop()));
    await Promise.all([...this.connectors, ...this.hookCallers].map((part) => part.close()));
    await this.relay?.stop();
    await this.writer?.close();
    await this.admin?.close();
    await this.store?.close();
    await this.pool.end();
  }

  progressAgeMs(): DurationMs {
    const ages = this.dispatchers.map((dispatcher) => dispatcher.progressAgeMs());
    return Math.max(this.consumer?.progressAgeMs() ?? 0, ...ages);
  }

  /** Why the store does not answer; null when it does. */
  async storeFault(): Promise<string | null> {
    await this.pool.query('SELECT 1 FROM actuator.action LIMIT 1');
    return null;
  }

  private async lookAtFindings(): Promise<'pause'> {
    const wasFresh = this.findings?.isFresh;
    await this.findings?.look();
    if (wasFresh === false && this.findings?.isFresh === true) for (const dispatcher of this.dispatchers) dispatcher.kick();
    return 'pause';
  }

  private async forgetTries(): Promise<'again' | 'pause'> {
    const forgotten = await forgetTries(queryOf(this.pool), this.now() - this.parts.config.retention.deliveriesMs, forgetMax);
    return forgotten === forgetMax ? 'again' : 'pause';
  }

  private readonly now = (): number => Date.now();

  private readonly onError = (error: unknown): void => {
    this.parts.logger.error({ err: error }, 'actuator');
  };

  private readonly onSettled: OnSettled = (order, state) => {
    const { metrics, logger } = this.parts;
    const { kind, actionId, amount } = order;
    metrics.actions.inc({ kind, state });
    if (state === 'confirmed' && amount !== undefined && isOfLoss(order))
      metrics.moneyReturned.inc({ currency: amount.currency }, amount.minor);
    logger.info({ actionId, kind }, `action ${state}, as an event told`);
  };

  private dispatcherFor(connector: Connector): Dispatcher {
    const { metrics, logger, config, policy } = this.parts;
    const report = reportMove(metrics, logger, this.now);
    return new Dispatcher({
      pool: this.pool,
      connector,
      owner: this.member,
      policy: { configured: policy, dryRun: config.actuator.dryRun },
      askAgainMs: config.actuator.askAgainMs,
      inFlightMax: config.actuator.inFlightMax,
      leaseMs: claimLeaseMs,
      pollMs,
      mayMoveMoney: () => this.findings?.isFresh === true,
      now: this.now,
      onSettled: this.onSettled,
      onMove: (action, move) => {
        report(action, move);
        this.relay?.kick();
      },
      onError: this.onError,
    });
  }

  private sendersOf(): readonly NoticeSender[] {
    const { config, metrics } = this.parts;
    const { hooks, callTimeoutMs, privateAddresses, inFlightMax } = config.actuator;
    return hooks.map(({ name, url, secret, previousSecret }) => {
      const http = new HttpCaller({ timeoutMs: callTimeoutMs, allowPrivate: privateAddresses });
      this.hookCallers = [...this.hookCallers, http];
      return new NoticeSender({
        pool: this.pool,
        endpoint: { name, url, secrets: previousSecret === undefined ? [secret] : [secret, previousSecret] },
        http,
        inFlightMax,
        holdMs: callTimeoutMs + seconds(30),
        pollMs,
        now: this.now,
        chance: Math.random,
        onDelivery: (result) => metrics.hookDeliveries.inc({ result }),
        onError: this.onError,
      });
    });
  }

  private consumerOf(): Consumer {
    const { databaseUrl, log, config, metrics } = this.parts;
    this.store = new PostgresConsumerStore(this.pool, databaseUrl, 'actuator');
    const rules = {
      connectorFor: connectorFor(this.connectors),
      subscriptions: config.actuator.hooks,
      now: this.now,
      onDead: (reason: string) => metrics.deadLetters.inc({ reason }),
      onSettled: this.onSettled,
    };
    return new Consumer({
      service: 'actuator',
      member: this.member,
      log,
      store: this.store,
      topics: [topics.actions, topics.findings, topics.cases],
      handle: (batch, transaction) => takeBatch(batch, transaction, rules),
      afterCommit: (batch) => {
        if (batch.topic === topics.actions) for (const dispatcher of this.dispatchers) dispatcher.kick();
        this.relay?.kick();
      },
      onError: this.onError,
      renewMs: config.stream.leaseRenewMs,
      leaseMs: config.stream.leaseMs,
    });
  }
}

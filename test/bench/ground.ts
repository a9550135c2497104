import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Kafka, logLevel } from 'kafkajs';
import { Client } from 'pg';
import { loadConfig } from '#config/config';
import { openKafkaLog } from '#kafka/kafka-log';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '#postgres/embedded';
import type { Log } from '#stream/log';
import { createTopics } from '#apps/makewhole/topics';
import { buildServices, projectRoot } from '#test/faults/build';
import { ServiceProcess } from '#test/faults/service-process';
import { type RunningBroker, startBroker } from '#test/kafka/broker';
import { freePorts } from '#test/kafka/free-port';
import { familyCpuSeconds } from './process-usage';

export type BenchService = 'detector' | 'casework' | 'actuator';

export interface ServiceStart {
  readonly databaseUrl: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly nodeArgs?: readonly string[];
}

/** The names that an operator would set; what is not set stays at its default. */
export interface GroundOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly nodeArgs: readonly string[];
  /** Configuration of the services. */
  readonly config: string | undefined;
}

/** One broker, one durable Postgres and the compiled services: everything is measured on the same ground. */
export class Ground {
  private readonly masterKey = randomBytes(32).toString('base64');
  private services = 0;
  private databases = 0;

  private constructor(
    private readonly options: GroundOptions,
    readonly directory: string,
    readonly programs: string,
    private readonly broker: RunningBroker,
    private readonly postgres: EmbeddedPostgres,
  ) {}

  static async prepare(options: GroundOptions): Promise<Ground> {
    const directory = join(projectRoot, '.state', 'bench', String(process.pid));
    mkdirSync(directory, { recursive: true });
    const { services } = buildServices(join(directory, 'build'));
    const postgres = await startPostgres(join(directory, 'postgres'));
    const broker = await startBroker({ heap: '512m' });
    return new Ground(options, directory, join(services, '..', '..'), broker, postgres);
  }

  get brokers(): readonly string[] {
    return this.broker.brokers;
  }

  /** Of every process of the database, so far. */
  postgresCpuSeconds(): number {
    return familyCpuSeconds(this.postgres.pid);
  }

  /** A client of its own: one that knew topics which were deleted since would look for their leaders in vain. */
  openLog(): Promise<Log> {
    return openKafkaLog({ brokers: this.brokers, clientId: 'bench' });
  }

  /** Every topic of the product, empty but for those that are kept. */
  async freshTopics(kept: readonly string[] = []): Promise<void> {
    const admin = new Kafka({ brokers: [...this.brokers], logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    const old = (await admin.listTopics()).filter((topic) => !topic.startsWith('__') && !kept.includes(topic));
    if (old.length > 0) await admin.deleteTopics({ topics: old });
    for (let left = old; left.length > 0; left = (await admin.listTopics()).filter((topic) => old.includes(topic)))
      await sleep(100);
    await admin.disconnect();
    const log = await this.openLog();
    await createTopics(log, defaults());
    await log.close();
  }

  async freshDatabase(): Promise<string> {
    const name = `bench_${++this.databases}`;
    await execute(this.postgres.url, `CREATE DATABASE ${name}`);
    const url = new URL(this.postgres.url);
    url.pathname = `/${name}`;
    return url.href;
  }

  async dropDatabase(url: string): Promise<void> {
    await execute(this.postgres.url, `DROP DATABASE ${new URL(url).pathname.slice(1)} WITH (FORCE)`);
  }

  /** A service as a process of its own, not started yet. */
  async service(name: BenchService, { databaseUrl, env = {}, nodeArgs = [] }: ServiceStart): Promise<ServiceProcess> {
    const [port] = (await freePorts(1)) as [number];
    return new ServiceProcess({
      name,
      nodeArgs: [...this.options.nodeArgs, ...nodeArgs],
      program: join(this.programs, name, 'main.js'),
      args: this.options.config === undefined ? [] : ['--config', this.options.config],
      env: {
        DATABASE_URL: databaseUrl,
        KAFKA_BROKERS: this.brokers.join(','),
        MAKEWHOLE_HTTP_PORT: String(port),
        MAKEWHOLE_LOG_LEVEL: 'warn',
        MAKEWHOLE_VAULT_MASTER_KEYS: this.masterKey,
        ...this.options.env,
        ...env,
      },
      logFile: join(this.directory, `${name}-${++this.services}.log`),
      readyUrl: `http://127.0.0.1:${port}/readyz`,
    });
  }

  writeFile(name: string, text: string): string {
    const path = join(this.directory, name);
    writeFileSync(path, text);
    return path;
  }

  /** Ends the servers and deletes their data; the services' logs stay when something failed. */
  async stop(keepLogs: boolean): Promise<void> {
    await this.broker.stop();
    await this.postgres.kill9();
    rmSync(this.postgres.directory, { recursive: true, force: true });
    rmSync(join(this.directory, 'build'), { recursive: true, force: true });
    if (!keepLogs) rmSync(this.directory, { recursive: true, force: true });
  }
}

/** Durable as in real use, and it notes when each transaction was committed: that is how latency is read afterwards. */
async function startPostgres(directory: string): Promise<EmbeddedPostgres> {
  const first = await startEmbeddedPostgres({ directory, durable: true });
  await execute(first.url, 'ALTER SYSTEM SET track_commit_timestamp = on');
  await first.stop();
  return startEmbeddedPostgres({ directory, durable: true });
}

async function execute(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(statement);
  await client.end();
}

function defaults() {
  const loaded = loadConfig({ env: {} });
  if (!loaded.ok) throw new Error(`the default configuration is wrong: ${JSON.stringify(loaded.error)}`);
  return loaded.value;
}

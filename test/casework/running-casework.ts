import request from 'supertest';
import type { Policy } from '#action/policy';
import { CaseworkModule } from '#apps/casework/casework.module';
import { loadConfig } from '#config/config';
import type { Environment } from '#config/environment';
import type { FindingMessage } from '#detection/finding';
import { HealthChecks } from '#http/health-checks';
import { serveHttp } from '#http/serve-http';
import { openPool } from '#postgres/pool';
import { openPostgresLog } from '#postgres/postgres-log';
import { type TestDatabase, testDatabase } from '#postgres/test-database';
import type { NewRecord } from '#stream/log';
import { silentLogger } from '#telemetry/logger';
import { createMetrics } from '#telemetry/metrics';
import { findingRecord } from '#test/casework/finding-records';
import { masterKey } from '#test/casework/test-vault';

const secretOf = (name: string): string => `secret-of-${name}-0001`;
const people = {
  vera: ['viewer'],
  ines: ['investigator'],
  anna: ['approver'],
  bert: ['approver'],
  root: ['admin'],
  feed: ['ingest'],
  emma: ['emergency'],
} as const;
export type Person = keyof typeof people;

export interface Told {
  readonly type: string;
  readonly id: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Casework as a process runs it, over a fresh database with the log in it: real Postgres, real HTTP. */
export async function startCasework({
  database: given,
  ...options
}: {
  readonly policy?: Policy;
  readonly clock?: () => number;
  readonly env?: Environment;
  readonly database?: TestDatabase;
} = {}) {
  const database = given ?? (await testDatabase());
  const log = await openPostgresLog(database.url);
  const admin = await log.admin();
  const names = ['findings', 'action-results', 'actions', 'cases', 'dead-letters', 'payment-events'];
  await admin.ensureTopics(names.map((topic) => ({ topic, partitions: 2 })));
  const writer = await log.writer();
  const pool = openPool(database.url, { max: 2, applicationName: 'test' });
  const loaded = loadConfig({ env: { MAKEWHOLE_VAULT_MASTER_KEYS: masterKey(), ...options.env } });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.error));
  const config = loaded.value;
  const health = new HealthChecks();
  const metrics = createMetrics({ service: 'casework', version: 'test' }, false);
  const apiKeys = Object.entries(people).map(([name, roles]) => ({ name, roles: [...roles], secret: secretOf(name) }));
  const parts = { config, log, databaseUrl: database.url, health, metrics, logger: silentLogger, ...options };
  const server = await serveHttp({
    modules: [CaseworkModule.register(parts)],
    apiKeys,
    health,
    metrics,
    logger: silentLogger,
    http: { ...config.http, port: 0 },
    api: { title: 'casework', version: 'test' },
  });
  const client = request(server.url);
  let messages = 0;
  let keys = 0;

  const append = async (topic: string, records: readonly NewRecord[]): Promise<void> => {
    await writer.append(topic, records);
    await until(async () => {
      const { rows } = await pool.query<{ left: number }>(
        `SELECT coalesce(sum(head.next_offset - coalesce(done.next_offset, 0)), 0)::int AS left
         FROM log.partition_head AS head JOIN log.topic AS topic USING (topic_id)
         LEFT JOIN casework.partition_progress AS done ON done.topic = topic.topic AND done.partition = head.partition
         WHERE topic.topic = $1`,
        [topic],
      );
      return rows[0]!.left === 0;
    });
  };

  return {
    url: server.url,
    databaseUrl: database.url,
    pool,
    metrics,
    append,
    appendEvents: (records: readonly NewRecord[]) => writer.append('payment-events', records),
    /** Puts findings on the log and waits until they are cases. */
    tell: (...said: readonly FindingMessage[]) =>
      append(
        'findings',
        said.map((message) => findingRecord(message, `test-${(messages += 1)}`)),
      ),
    get: (person: Person, path: string) => client.get(path).set('authorization', `Bearer ${secretOf(person)}`),
    post: (person: Person, path: string, key = `key-${(keys += 1)}`) =>
      client
        .post(path)
        .set('authorization', `Bearer ${secretOf(person)}`)
        .set('idempotency-key', key),
    /** What casework has sent on a topic, once the relay has nothing left; of what is live only where that is asked for. */
    async sent(topic: string, type?: string): Promise<readonly Told[]> {
      await until(async () => {
        const { rows } = await pool.query<{ left: number }>('SELECT count(*)::int AS left FROM casework.outbox');
        return rows[0]!.left === 0;
      });
      const told: Told[] = [];
      const reader = log.reader({ group: `test-${(messages += 1)}`, topics: [topic] });
      await reader.start((batch) => {
        told.push(...batch.records.map(({ value }) => JSON.parse(value!.toString('utf8')) as Told));
        return Promise.resolve();
      });
      const ends = await admin.offsets(topic);
      for (const { partition } of ends) await reader.assign(topic, partition, 0);
      await until(() => Promise.resolve(told.length >= ends.reduce((sum, { end }) => sum + end, 0)));
      await reader.stop();
      return told.filter((one) => (type === undefined ? one.type !== 'makewhole.policy' : one.type === type));
    },
    async stop(): Promise<void> {
      await server.close();
      await writer.close();
      await log.close();
      await pool.end();
      await database.drop();
    },
  };
}

export type RunningCasework = Awaited<ReturnType<typeof startCasework>>;

export async function until(reached: () => Promise<boolean>, withinMs = 60_000): Promise<void> {
  for (const end = performance.now() + withinMs; !(await reached());) {
    if (performance.now() > end) throw new Error('it did not come to pass in time');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

import { setTimeout as sleep } from 'node:timers/promises';
import { Client, type Pool } from 'pg';
import { PostgresConsumerStore } from '#postgres/consumer-store';
import { migrate } from '#postgres/migrate';
import { PostgresRelayStore } from '#postgres/outbox-store';
import { openPool } from '#postgres/pool';
import { openPostgresLog } from '#postgres/postgres-log';
import { serviceMigration } from '#postgres/service-schema';
import { testDatabase, type TestDatabase } from '#postgres/test-database';
import { Consumer, type ConsumerOptions } from '#stream/consumer';
import type { Log } from '#stream/log';
import { OutboxRelay } from '#stream/relay';
import { Fenced } from '#stream/store';

const shopMigration = {
  number: 2,
  name: 'sum',
  sql: 'CREATE TABLE sum (key text PRIMARY KEY, total bigint NOT NULL, count int NOT NULL)',
};
const PARTITIONS = 4;

/** Adds numbers up by key: applying a record twice, or not at all, shows in the sums. */
describe('the plain consumer on Postgres', () => {
  let database: TestDatabase;
  let log: Log;
  let pool: Pool;
  const started: Consumer[] = [];

  beforeEach(async () => {
    database = await testDatabase();
    await migrate(database.url, 'shop', [serviceMigration, shopMigration]);
    log = await openPostgresLog(database.url);
    pool = openPool(database.url, { max: 8, applicationName: 'test' });
    const admin = await log.admin();
    await admin.ensureTopics([
      { topic: 'numbers', partitions: PARTITIONS },
      { topic: 'sums', partitions: 1 },
    ]);
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await Promise.all(started.splice(0).map((consumer) => consumer.stop()));
    await log.close();
    await pool.end();
    await database.drop();
  });

  const add: ConsumerOptions['handle'] = async (batch, transaction) => {
    for (const { key, value, offset } of batch.records) {
      await transaction.query(
        'INSERT INTO shop.sum AS s VALUES ($1, $2, 1) ON CONFLICT (key) DO UPDATE SET total = s.total + excluded.total, count = s.count + 1',
        [key, Number(value)],
      );
      transaction.emit('sums', { key: key!, id: `${batch.partition}-${offset}`, value: `${batch.partition}-${offset}` });
    }
  };
  const store = (): PostgresConsumerStore => new PostgresConsumerStore(pool, database.url, 'shop');
  const start = async (member: string, options: Partial<ConsumerOptions> = {}): Promise<Consumer> => {
    const consumer = new Consumer({
      service: 'shop',
      member,
      log,
      store: store(),
      topics: ['numbers'],
      handle: add,
      onError: () => undefined,
      batchMax: 10,
      renewMs: 50,
      leaseMs: 1_000,
      ...options,
    });
    started.push(consumer);
    await consumer.start();
    return consumer;
  };
  const append = async (count: number): Promise<void> => {
    const writer = await log.writer();
    await writer.append(
      'numbers',
      Array.from({ length: count }, (_, n) => ({ key: `k${n % 10}`, value: String(n) })),
    );
  };
  const applied = async (): Promise<{ total: number; count: number }> => {
    const { rows } = await pool.query<{ total: number; count: number }>(
      'SELECT coalesce(sum(total), 0)::bigint AS total, coalesce(sum(count), 0)::bigint AS count FROM shop.sum',
    );
    return rows[0]!;
  };
  const untilApplied = async (count: number): Promise<void> => until(async () => (await applied()).count >= count);
  const sumTo = (count: number): number => (count * (count - 1)) / 2;

  it('applies each record once', async () => {
    await append(200);
    await start('a');
    await untilApplied(200);
    expect(await applied()).toEqual({ total: sumTo(200), count: 200 });
  });

  it('applies each record once though every third COMMIT loses its answer, before or after it took effect', async () => {
    await append(300);
    const query = Client.prototype.query as (this: Client, ...args: unknown[]) => Promise<unknown>;
    let commits = 0;
    jest.spyOn(Client.prototype, 'query').mockImplementation(async function (this: Client, ...args: unknown[]) {
      if (args[0] !== 'COMMIT' || ++commits % 3 !== 0) return query.apply(this, args);
      if (commits % 2 === 0) await query.apply(this, args);
      await this.end();
      throw new Error('Connection terminated unexpectedly');
    } as never);
    await start('a');
    await untilApplied(300);
    await sleep(200);
    expect(commits).toBeGreaterThan(30);
    expect(await applied()).toEqual({ total: sumTo(300), count: 300 });
  });

  it('refuses the commit of an owner whose partition was taken over', async () => {
    const zombie = await store().take('zombie', 'numbers', 0, 1);
    await sleep(20);
    const heir = await store().take('heir', 'numbers', 0, 1_000);
    expect(heir!.epoch).toBe(zombie!.epoch + 1);
    const write = jest.fn();
    await expect(store().commit(zombie!, 5, () => Promise.resolve(write()))).rejects.toThrow(Fenced);
    expect(write).not.toHaveBeenCalled();
    await store().commit(heir!, 5, () => Promise.resolve());
    await expect(store().commit(heir!, 7, () => Promise.resolve())).rejects.toThrow(Fenced);
  });

  it('takes a commit for done when the same one went through before', async () => {
    const mine = await store().take('a', 'numbers', 0, 1_000);
    const work = jest.fn(() => Promise.resolve());
    const first = await store().commit(mine!, 5, work);
    expect(await store().commit(mine!, 5, work)).toEqual(first);
    expect(work).toHaveBeenCalledTimes(1);
  });

  it('stores nothing of a batch in which a query failed, even if the handler passed over it', async () => {
    const mine = await store().take('a', 'numbers', 0, 1_000);
    const careless = async (transaction: { query(text: string): Promise<unknown> }): Promise<void> => {
      await transaction.query('SELECT no_such_column').catch(() => undefined);
    };
    await expect(store().commit(mine!, 5, careless)).rejects.toThrow('nothing of it was stored');
    const { rows } = await pool.query(`SELECT next_offset FROM shop.partition_progress WHERE partition = 0`);
    expect(rows).toEqual([{ next_offset: 0 }]);
  });

  it('shares the partitions evenly, and gives those of a member that left to the others', async () => {
    const a = await start('a');
    await until(() => a.partitions().length === PARTITIONS);
    const b = await start('b');
    await until(() => a.partitions().length === 2 && b.partitions().length === 2);
    await append(100);
    await untilApplied(100);
    await b.stop();
    await until(() => a.partitions().length === PARTITIONS);
    await append(100);
    await untilApplied(200);
    expect(await applied()).toEqual({ total: 2 * sumTo(100), count: 200 });
  });

  it('lets no two owners apply the same record while partitions go back and forth', async () => {
    await start('steady', { leaseMs: 60, renewMs: 40 });
    for (let round = 0; round < 5; round++) {
      const other = await start(`other-${round}`, { leaseMs: 60, renewMs: 40 });
      await append(100);
      await sleep(80);
      await other.stop();
    }
    await untilApplied(500);
    await sleep(200);
    expect(await applied()).toEqual({ total: 5 * sumTo(100), count: 500 });
  });

  it('stops the partition whose batch keeps failing, and only that', async () => {
    const errors: string[] = [];
    const handle: ConsumerOptions['handle'] = (batch, transaction) =>
      batch.partition === 1 ? Promise.reject(new Error('a fault of ours')) : add(batch, transaction);
    const consumer = await start('a', { handle, tries: 2, onError: (error) => errors.push(String(error)) });
    await append(200);
    await until(async () => (await applied()).count > 100 && errors.length >= 2);
    await sleep(700);
    expect(errors.filter((text) => /applying numbers\/1 from offset 0: a fault of ours/.test(text))).toHaveLength(2);
    expect(consumer.progressAgeMs()).toBeGreaterThan(500);
  });

  it('sends what was emitted once it is committed, in order, and again under the same id after a crash before it was noted', async () => {
    const relayStore = new PostgresRelayStore(pool, 'shop');
    jest.spyOn(relayStore, 'sent').mockImplementationOnce(() => Promise.reject(new Error('crash')));
    const options = { store: relayStore, writer: await log.writer(), onError: () => undefined, limit: 30 };
    const relay = new OutboxRelay({ ...options, relay: 'a' });
    const rival = new OutboxRelay({ ...options, relay: 'b' });
    await append(100);
    await start('a', { afterCommit: () => relay.kick() });
    relay.start();
    await untilApplied(100);
    rival.start();
    await until(async () => (await relayStore.pendingCount()) === 0);
    await Promise.all([relay.stop(), rival.stop()]);
    const { rows } = await pool.query<{ id: string }>(
      `SELECT convert_from(value, 'UTF8') AS id FROM log.record JOIN log.topic USING (topic_id) WHERE topic = 'sums' ORDER BY "offset"`,
    );
    const ids = rows.map(({ id }) => id);
    const firstTime = [...new Set(ids)];
    expect(firstTime).toHaveLength(100);
    expect(ids.length).toBeGreaterThan(100);
    for (let partition = 0; partition < PARTITIONS; partition++) {
      const offsets = firstTime.filter((id) => id.startsWith(`${partition}-`)).map((id) => Number(id.split('-')[1]));
      expect(offsets).toEqual([...offsets].sort((x, y) => x - y));
    }
  });
});

async function until(holds: () => boolean | Promise<boolean>, withinMs = 60_000): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`did not come true within ${withinMs} ms: ${holds.toString()}`);
    await sleep(20);
  }
}

import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, type Pool } from 'pg';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '#postgres/embedded';
import { freePort } from '#postgres/embedded-process';
import { migrate } from '#postgres/migrate';
import { PostgresOwnershipStore } from '#postgres/ownership-store';
import { openPool } from '#postgres/pool';
import { openPostgresLog } from '#postgres/postgres-log';
import { serviceMigration } from '#postgres/service-schema';
import { stageMigration } from '#postgres/stage-schema';
import { PostgresStageStore } from '#postgres/stage-store';
import type { Log, LogRecord } from '#stream/log';
import { plainPartition } from '#stream/plain-partition';
import { type EngineLimits, engineLimits, StageEngine } from '#stream/stage-engine';
import { inlineHost } from '#stream/stage-host';
import { StageService } from '#stream/stage-service';
import { type ToyEvent, ToyStage } from '#stream/toy-stage';

jest.setTimeout(120_000);

const START = Date.UTC(2026, 0, 1);
const PARTITIONS = 2;

/** Errands of 60 keys, in one partition each; every tenth record a repeat, some rubbish, some taught words. */
function traffic(count: number): { key: string; value: string }[] {
  let seed = 7;
  const chance = (below: number): number => (seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff) % below;
  const records: { key: string; value: string }[] = [];
  for (let n = 0; n < count; n++) {
    const key = `k\\${chance(60)}`;
    const act = (['begin', 'begin', 'end', 'teach'] as const)[chance(4)]!;
    const at = START + n * 400 + chance(900);
    const event: ToyEvent = { id: `e${n}`, key, at, act, errand: `${key}:${chance(5)}`, due: at + chance(60_000) };
    if (n % 97 === 0) records.push({ key, value: 'rubbish' });
    records.push({ key, value: JSON.stringify(event) });
    if (n % 10 === 0) records.push(records.at(-1)!);
  }
  return records;
}

describe('the stage runtime on Postgres', () => {
  let server: EmbeddedPostgres;
  let directory: string;
  let port: number;
  let database = 0;
  let url: string;
  let pool: Pool;
  let log: Log;
  const services: StageService[] = [];

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'makewhole-stage-'));
    chmodSync(directory, 0o755);
    port = await freePort();
    server = await startEmbeddedPostgres({ directory, port, durable: true });
  });
  afterAll(async () => {
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  });
  beforeEach(async () => {
    const client = new Client({ connectionString: server.url });
    await client.connect();
    await client.query(`CREATE DATABASE stage_${++database}`);
    await client.end();
    url = server.url.replace(/\/postgres$/, `/stage_${database}`);
    await migrate(url, 'toy', [serviceMigration, stageMigration]);
    pool = openPool(url, { max: 3, applicationName: 'test' });
    log = await openPostgresLog(url);
    const admin = await log.admin();
    await admin.ensureTopics([{ topic: 'toy', partitions: PARTITIONS }]);
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await Promise.all(services.splice(0).map((service) => service.stop()));
    await log.close();
    await pool.end();
  });

  const store = (): PostgresStageStore =>
    new PostgresStageStore({ url, schema: 'toy', topic: 'toy', deadLetterTopic: 'dead-letters' });
  const start = async (member: string, limits: Partial<EngineLimits> = {}): Promise<StageService> => {
    const host = {
      stage: new ToyStage(),
      store: store(),
      limits: { ...engineLimits, commitIntervalMs: 5, checkpointMs: 200, ...limits },
    };
    const service = new StageService({
      service: 'toy',
      member,
      log,
      topic: 'toy',
      ownership: new PostgresOwnershipStore(url, 'toy'),
      host: (listener) => inlineHost(host, listener),
      onStored: () => undefined,
      onFenced: () => undefined,
      onError: () => undefined,
      renewMs: 50,
      leaseMs: 600,
    });
    services.push(service);
    await service.start();
    return service;
  };
  const append = async (records: { key: string; value: string }[]): Promise<void> => {
    const writer = await log.writer();
    for (let from = 0; from < records.length; from += 500) await writer.append('toy', records.slice(from, from + 500));
  };
  const rows = async <Row>(sql: string): Promise<Row[]> => (await pool.query(sql)).rows as Row[];
  const applied = async (): Promise<number> => {
    const answer = await rows<{ done: number }>(
      'SELECT coalesce(sum(next_offset), 0)::int AS done FROM toy.partition_progress',
    ).catch(() => []);
    return answer[0]?.done ?? -1;
  };
  const untilRead = async (count: number): Promise<void> => {
    await until(async () => (await applied()) >= count);
    await until(
      async () =>
        (await rows<{ w: number }>('SELECT min(watermark) AS w FROM toy.partition_progress'))[0]!.w > Date.now() - 60_000,
    );
  };
  const records = async (partition: number): Promise<LogRecord[]> =>
    (
      await rows<{ offset: number; key: Buffer; value: Buffer; appended_at: number }>(
        `SELECT "offset", key, value, appended_at FROM log.record WHERE partition = ${partition} ORDER BY "offset"`,
      )
    ).map(({ offset, key, value, appended_at }) => ({
      offset,
      key: key.toString(),
      value,
      headers: undefined,
      appendedAt: appended_at,
    }));

  /** Everything that was stored is what one thread without faults makes of the same log. */
  const expectPlain = async (): Promise<void> => {
    await Promise.all(services.splice(0).map((service) => service.stop()));
    for (let partition = 0; partition < PARTITIONS; partition++) {
      const progress = (
        await rows<Record<string, number>>(
          `SELECT * FROM toy.partition_progress WHERE topic = 'toy' AND partition = ${partition}`,
        )
      )[0]!;
      const all = await records(partition);
      const plain = plainPartition(all, [{ offset: all.length, watermark: progress['watermark']!, shared: null }]);
      const { applied, duplicate, quarantined, dead_lettered, ignored } = progress;
      expect({ applied, duplicate, quarantined, dead_lettered, ignored }).toEqual(plain.counts);
      expect(progress['checkpoint_offset']).toBe(all.length);
      const fired = await rows<{ line: string }>(
        `SELECT replace(account_id, '\\\\', '\\') || ' ' || subject || ' ' || at AS line FROM toy.deadline_fired WHERE partition = ${partition}`,
      );
      expect(fired.map(({ line }) => line).sort()).toEqual([...plain.fired].sort());
      const states = await rows<{ key: string; state: string }>(
        `SELECT replace(account_id, '\\\\', '\\') AS key, state FROM toy.account_state WHERE partition = ${partition}`,
      );
      expect(Object.fromEntries(states.map(({ key, state }) => [key, state]))).toEqual(plain.states);
      const buried = await rows<{ line: string }>(
        `SELECT "offset" || ' ' || reason AS line FROM toy.dead_letter WHERE partition = ${partition} ORDER BY "offset"`,
      );
      expect(buried.map(({ line }) => line)).toEqual(plain.buried);
      const keys = new Set(Object.keys(plain.states));
      const sent = await rows<{ line: string; key: string }>(
        `SELECT replace(message_id, '@', ' ') AS line, replace(key, '\\\\', '\\') AS key FROM toy.outbox WHERE topic <> 'dead-letters' ORDER BY id`,
      );
      expect(sent.filter(({ key }) => keys.has(key)).map(({ line }) => line)).toEqual(plain.sent);
    }
  };

  it('says, fires, buries and keeps what one thread does', async () => {
    await append(traffic(2_000));
    await start('a');
    await untilRead(2_200);
    await expectPlain();
  });

  it('does so with states that go out of memory and come back from rows', async () => {
    await append(traffic(1_500));
    await start('a', { hotStatesMax: 5, coldBytesMax: 0, flushedMax: 50, uncommittedMax: 50, firedMax: 7 });
    await untilRead(1_650);
    await expectPlain();
  });

  it('does so though every second COMMIT loses its answer, before or after it took effect', async () => {
    await append(traffic(1_500));
    const query = Client.prototype.query as (this: Client, ...args: unknown[]) => Promise<unknown>;
    let commits = 0;
    jest.spyOn(Client.prototype, 'query').mockImplementation(async function (this: Client, ...args: unknown[]) {
      if ((args[0] as { name?: string }).name !== 'commit' || ++commits % 2 !== 0) return query.apply(this, args);
      if (commits % 4 === 0) await query.apply(this, args);
      await this.end();
      throw new Error('Connection terminated unexpectedly');
    } as never);
    await start('a', { uncommittedMax: 100, retryMs: 1 });
    await untilRead(1_650);
    expect(commits).toBeGreaterThan(10);
    await expectPlain();
  });

  it('does so when Postgres is killed and started again meanwhile', async () => {
    await append(traffic(3_000));
    await start('a', { uncommittedMax: 60 });
    await until(async () => (await applied()) > 300);
    await server.kill9();
    await sleep(500);
    server = await startEmbeddedPostgres({ directory, port, durable: true });
    await untilRead(3_300);
    await expectPlain();
  });

  it('does so while owners come and go', async () => {
    await append(traffic(3_000));
    await start('steady', { uncommittedMax: 60 });
    for (let round = 0; round < 4; round++) {
      const other = await start(`other-${round}`, { uncommittedMax: 60 });
      await until(() => Promise.resolve(other.owned.length > 0));
      await sleep(50);
      await other.stop();
      services.splice(services.indexOf(other), 1);
    }
    await untilRead(3_300);
    const epochs = await rows<{ epochs: number }>('SELECT max(epoch)::int AS epochs FROM toy.epoch_taken');
    expect(epochs[0]!.epochs).toBeGreaterThan(2);
    await expectPlain();
  });

  it('stores nothing of an owner that slept through its lease and wakes up', async () => {
    await append(traffic(100));
    const ownership = new PostgresOwnershipStore(url, 'toy', 10);
    const fenced = jest.fn();
    const listener = { stored: jest.fn(), fenced, failed: jest.fn(), error: jest.fn() };
    const zombie = new StageEngine(new ToyStage(), store(), listener, engineLimits);
    const heir = new StageEngine(new ToyStage(), store(), { ...listener, fenced: jest.fn() }, engineLimits);
    await zombie.take((await ownership.take('zombie', 'toy', 0, 1))!);
    await sleep(50);
    await heir.take((await ownership.take('heir', 'toy', 0, 10_000))!);
    const batch = { topic: 'toy', partition: 0, records: await records(0), endOffset: 1_000 };
    await zombie.batch(batch);
    await until(() => Promise.resolve(fenced.mock.calls.length === 1));
    expect(await applied()).toBe(0);
    for (const table of ['account_state', 'outbox', 'dead_letter', 'deadline_fired', 'partition_mark'])
      expect(await rows(`SELECT * FROM toy.${table}`)).toEqual([]);
    await heir.batch(batch);
    await heir.stop();
    await zombie.stop();
    await ownership.close();
    expect(await applied()).toBe(batch.records.length);
  });

  it('stops at a record on which the stage throws, stores all before it, and lets the other partitions go on', async () => {
    const poison = 'k\\1';
    await append([
      ...traffic(200),
      { key: poison, value: JSON.stringify({ id: 'x', key: poison, at: START, act: 'throw', errand: 'x' }) },
    ]);
    await append(traffic(200));
    const service = await start('a');
    await until(async () => service.progressAgeMs() > 3_000);
    const answer = await rows<{ partition: number; behind: number; at: number }>(
      `SELECT p.partition, (h.next_offset - p.next_offset)::int AS behind, p.next_offset::int AS at
       FROM toy.partition_progress p JOIN log.partition_head h USING (partition) ORDER BY behind`,
    );
    expect(answer[0]!.behind).toBe(0);
    expect(answer[1]!.behind).toBeGreaterThan(0);
    const stuck = (await records(answer[1]!.partition))[answer[1]!.at]!;
    expect(stuck.value!.toString()).toContain('"throw"');
  });
});

async function until(holds: () => Promise<boolean>, withinMs = 90_000): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`did not come true within ${withinMs} ms: ${holds.toString()}`);
    await sleep(30);
  }
}

import type { Pool } from 'pg';
import { NEVER } from '#kernel/time';
import { migrate } from '#postgres/migrate';
import { openPool } from '#postgres/pool';
import { serviceMigration } from '#postgres/service-schema';
import { stageMigration } from '#postgres/stage-schema';
import { testDatabase, type TestDatabase } from '#postgres/test-database';
import type { LogAdmin } from '#stream/log';
import { ScopeClock } from '#apps/detector/scope-clock';

const emptyAt = (endOffset: number, partition = 0) => ({ topic: 'scope-events', partition, records: [], endOffset });

describe('how far time may pass in the other scopes', () => {
  let database: TestDatabase;
  let pool: Pool;
  let end: number;
  let clock: ScopeClock;

  beforeEach(async () => {
    database = await testDatabase();
    await migrate(database.url, 'detector', [serviceMigration, stageMigration]);
    pool = openPool(database.url, { max: 1, applicationName: 'test' });
    end = 0;
    const admin: LogAdmin = {
      ensureTopics: () => Promise.resolve(),
      partitionCount: () => Promise.resolve(2),
      offsets: () => Promise.resolve([{ partition: 0, start: 0, end }]),
      close: () => Promise.resolve(),
    };
    clock = new ScopeClock(pool, admin);
  });
  afterEach(async () => {
    await pool.end();
    await database.drop();
  });

  const stand = (partition: number, watermark: number | null) =>
    pool.query(
      `INSERT INTO detector.partition_progress (topic, partition, epoch, watermark) VALUES ('payment-events', $1, 1, $2)
       ON CONFLICT (topic, partition) DO UPDATE SET watermark = excluded.watermark`,
      [partition, watermark],
    );
  const tell = (topic: string) =>
    pool.query(`INSERT INTO detector.outbox (topic, key, message_id, value) VALUES ($1, 'k', 'm', '')`, [topic]);
  const relay = () => pool.query(`DELETE FROM detector.outbox WHERE topic = 'scope-events'`);

  it('is not known while a partition has not begun', async () => {
    await stand(0, 500);
    await clock.look();
    expect(clock.upTo(emptyAt(0))).toBe(-NEVER);
    await stand(1, null);
    await clock.look();
    expect(clock.upTo(emptyAt(0))).toBe(-NEVER);
  });

  it('is where the partition stands that is furthest behind', async () => {
    await stand(0, 500);
    await stand(1, 300);
    await clock.look();
    expect(clock.upTo(emptyAt(0))).toBe(300);
    await stand(1, 400);
    await clock.look();
    expect(clock.upTo(emptyAt(0))).toBe(400);
  });

  it('waits until what was told by then is in the log, and not for what was told since', async () => {
    await stand(0, 500);
    await stand(1, 300);
    await tell('findings');
    await tell('scope-events');
    await clock.look();
    expect(clock.upTo(emptyAt(0))).toBe(-NEVER);
    await stand(1, 450);
    await relay();
    await tell('scope-events');
    await clock.look();
    expect(clock.upTo(emptyAt(0))).toBe(300);
  });

  it('waits until what is in the log is read', async () => {
    await stand(0, 500);
    await stand(1, 500);
    end = 7;
    await clock.look();
    expect(clock.upTo(emptyAt(6))).toBe(-NEVER);
    expect(clock.upTo(emptyAt(7))).toBe(500);
    expect(clock.upTo(emptyAt(7, 1))).toBe(-NEVER);
  });
});

import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import { type Config, loadConfig } from '#config/config';
import { detectorSettings } from '#detection/settings';
import { openPool } from '#postgres/pool';
import { openPostgresLog } from '#postgres/postgres-log';
import { testDatabase, type TestDatabase } from '#postgres/test-database';
import type { Log, LogWriter, NewRecord } from '#stream/log';
import { silentLogger } from '#telemetry/logger';
import { Platform, secret } from '#test/actuator/platform';
import { type RunningServices, startServices } from '#apps/makewhole/services';
import { createTopics } from '#apps/makewhole/topics';
import { masterKey } from '#test/casework/test-vault';

jest.setTimeout(240_000);

/** One partition, so that all of it is one backlog. */
const env = {
  MAKEWHOLE_VAULT_MASTER_KEYS: masterKey(),
  MAKEWHOLE_LOG_PARTITIONS_PAYMENT_EVENTS: '1',
  MAKEWHOLE_LOG_PARTITIONS_OTHERS: '1',
  MAKEWHOLE_STREAM_LEASE_RENEW_MS: '100',
  MAKEWHOLE_STREAM_LATENESS_MS: '1000',
  MAKEWHOLE_STREAM_COMMIT_EVENTS: '100',
  MAKEWHOLE_ACTUATOR_PLATFORM_SECRET: secret,
  MAKEWHOLE_ACTUATOR_PRIVATE_ADDRESSES: 'true',
};
/** The reader hands over a thousand at a time: the end of the backlog is many commits behind its beginning. */
const otherBuyers = 6_000;

let ids = 0;
const event = (type: string, at: number, data: Readonly<Record<string, unknown>>): NewRecord => {
  const id = `e-${(ids += 1)}`;
  const body = { specversion: '1.0', id, source: '/shop', type, time: new Date(at).toISOString(), data };
  return { key: String(data['accountId']), value: JSON.stringify(body) };
};
const amount = { minor: 2_390, currency: 'EUR' };
const order = (buyer: string, at: number) =>
  event('order.placed', at, { accountId: buyer, orderId: `o-${buyer}`, merchantId: 'shop', total: amount });
const capture = (buyer: string, n: number, at: number) =>
  event('payment.captured', at, {
    ...{ accountId: buyer, orderId: `o-${buyer}`, paymentId: `${buyer}-${n}`, merchantId: 'shop', amount },
    instrument: { kind: 'card', fingerprint: `card-${buyer}` },
  });
const confirmed = (buyer: string, at: number) => event('order.confirmed', at, { accountId: buyer, orderId: `o-${buyer}` });
const chargedTwice = (buyer: string, at: number) => [
  order(buyer, at),
  capture(buyer, 1, at + 1),
  capture(buyer, 2, at + 2),
  confirmed(buyer, at + 3),
];
const refunded = (buyer: string, at: number) =>
  event('refund.succeeded', at, { accountId: buyer, refundId: `re-${buyer}`, paymentId: `${buyer}-2`, amount });

describe('days of history and a live endpoint', () => {
  let database: TestDatabase;
  let log: Log;
  let writer: LogWriter;
  let pool: Pool;
  let config: Config;
  let services: RunningServices | undefined;
  const platform = new Platform();

  beforeAll(async () => {
    database = await testDatabase();
    log = await openPostgresLog(database.url);
    await platform.start();
    const loaded = loadConfig({ env: { ...env, MAKEWHOLE_ACTUATOR_PLATFORM_URL: platform.url }, detectors: detectorSettings });
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.error));
    config = { ...loaded.value, http: { ...loaded.value.http, port: 0 } };
    await createTopics(log, config);
    writer = await log.writer();
    pool = openPool(database.url, { max: 2, applicationName: 'test' });
  });
  afterAll(async () => {
    await services?.close();
    await platform.stop();
    await pool.end();
    await log.close();
    await database.drop();
  });

  const start = async (): Promise<void> => {
    services = await startServices(['detector', 'casework', 'actuator'], {
      ...{ config, log, databaseUrl: database.url, logger: silentLogger },
    });
  };
  const untilRead = () =>
    until(async () => {
      const { rows } = await pool.query<{ behind: number }>(
        `SELECT sum(h.next_offset - coalesce(p.next_offset, 0))::int AS behind FROM log.partition_head h JOIN log.topic t USING (topic_id)
         LEFT JOIN (SELECT topic, partition, next_offset FROM detector.partition_progress
                    UNION ALL SELECT topic, partition, next_offset FROM casework.partition_progress) p
           ON p.topic = t.topic AND p.partition = h.partition WHERE t.topic IN ('payment-events', 'findings')`,
      );
      return rows[0]!.behind === 0;
    });
  const actionsOf = async (buyer: string): Promise<readonly string[]> => {
    const { rows } = await pool.query<{ text: string }>(
      `SELECT state || coalesce(' ' || guard, '') AS text FROM casework.action WHERE account_id = $1`,
      [buyer],
    );
    return rows.map(({ text }) => text);
  };

  it('a loss that a later event of the same backlog makes good moves no money; one that stands is refunded once', async () => {
    const from = Date.now() - 5 * 86_400_000;
    const step = (4 * 86_400_000) / otherBuyers;
    await writer.append('payment-events', [...chargedTwice('healed', from), ...chargedTwice('standing', from)]);
    for (let first = 0; first < otherBuyers; first += 1_000)
      await writer.append(
        'payment-events',
        Array.from({ length: 1_000 }, (_, n) => capture(`other-${first + n}`, 1, from + (first + n) * step)),
      );
    await writer.append('payment-events', [refunded('healed', Date.now() - 3_600_000)]);
    await start();
    await until(async () => (await actionsOf('standing')).includes('confirmed'));
    await untilRead();
    await sleep(1_000);
    expect(await actionsOf('healed')).toEqual(['refused loss-healed']);
    expect(await actionsOf('standing')).toEqual(['confirmed']);
    expect(platform.calls.map(({ method }) => method)).toEqual(['POST']);
  });

  it('on live traffic a refund goes out at once', async () => {
    const before = platform.calls.length;
    const at = performance.now();
    await writer.append('payment-events', chargedTwice('live', Date.now()));
    await until(() => Promise.resolve(platform.calls.length > before));
    // A second is the goal (docs/benchmarks.md has the measurement); a machine that is busy with other tests takes longer.
    expect(performance.now() - at).toBeLessThan(30_000);
    await until(async () => (await actionsOf('live')).includes('confirmed'));
    expect(platform.calls.length).toBe(before + 1);
  });

  it('the same log into empty schemas moves no money again, once the platform has told of the refunds', async () => {
    await writer.append('payment-events', [refunded('standing', Date.now()), refunded('live', Date.now())]);
    await untilRead();
    await services!.close();
    for (const schema of ['detector', 'casework', 'actuator']) await pool.query(`DROP SCHEMA ${schema} CASCADE`);
    await pool.query(
      `DELETE FROM log.record USING log.topic t WHERE record.topic_id = t.topic_id AND t.topic <> 'payment-events'`,
    );
    await pool.query(
      `UPDATE log.partition_head h SET next_offset = 0 FROM log.topic t WHERE h.topic_id = t.topic_id AND t.topic <> 'payment-events'`,
    );
    const before = platform.calls.length;
    await start();
    await until(async () => (await actionsOf('live')).length > 0 && (await actionsOf('standing')).length > 0);
    await untilRead();
    await sleep(1_000);
    for (const buyer of ['healed', 'standing', 'live']) expect(await actionsOf(buyer)).toEqual(['refused loss-healed']);
    expect(platform.calls.length).toBe(before);
  });
});

async function until(holds: () => Promise<boolean>, withinMs = 120_000): Promise<void> {
  for (const deadline = Date.now() + withinMs; !(await holds().catch(() => false));) {
    if (Date.now() > deadline) throw new Error(`did not come true within ${withinMs} ms: ${holds.toString()}`);
    await sleep(50);
  }
}

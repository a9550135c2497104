import { setTimeout as sleep } from 'node:timers/promises';
import { Test } from '@nestjs/testing';
import type { INestApplication } from '@nestjs/common';
import { type Config, loadConfig } from '#config/config';
import { detectorSettings } from '#detection/settings';
import { HealthChecks } from '#http/health-checks';
import { openPool } from '#postgres/pool';
import { openPostgresLog } from '#postgres/postgres-log';
import { testDatabase, type TestDatabase } from '#postgres/test-database';
import type { Log } from '#stream/log';
import { createLogger } from '#telemetry/logger';
import { createMetrics } from '#telemetry/metrics';
import { DetectorModule } from '#apps/detector/detector.module';

const PARTITIONS = 4;
const BUYERS = 40;

const configured = (env: Record<string, string>): Config => {
  const loaded = loadConfig({ env: { MAKEWHOLE_STREAM_LEASE_RENEW_MS: '100', ...env }, detectors: detectorSettings });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.error));
  return loaded.value;
};

const event = (id: string, type: string, at: number, data: Record<string, unknown>): { key: string; value: string } => ({
  key: String(data['accountId']),
  value: JSON.stringify({ specversion: '1.0', id, source: 'shop', type, time: new Date(at).toISOString(), data }),
});

/** Each buyer pays one order twice. */
const chargedTwice = (buyer: number, at: number) => {
  const payment = (n: number) => ({
    accountId: `buyer-${buyer}`,
    paymentId: `pay-${buyer}-${n}`,
    orderId: `order-${buyer}`,
    merchantId: 'shop-1',
    amount: { minor: 1_250, currency: 'EUR' },
    instrument: { kind: 'card', fingerprint: `card-${buyer}` },
  });
  return [
    event(`e-${buyer}-1`, 'payment.captured', at, payment(1)),
    event(`e-${buyer}-2`, 'payment.captured', at + 20_000, payment(2)),
  ];
};

jest.setTimeout(120_000);

describe.each([0, 2])('the detector with %i worker threads', (workers) => {
  let database: TestDatabase;
  let log: Log;
  let app: INestApplication;
  let detector: { stop(): Promise<void> };
  const health = new HealthChecks();
  const metrics = createMetrics({ service: 'detector', version: 'test' }, false);

  beforeEach(async () => {
    database = await testDatabase();
    log = await openPostgresLog(database.url);
    const admin = await log.admin();
    await admin.ensureTopics([
      { topic: 'payment-events', partitions: PARTITIONS },
      { topic: 'findings', partitions: 1 },
      { topic: 'dead-letters', partitions: 1 },
    ]);
    const config = configured({ MAKEWHOLE_STREAM_WORKERS: String(workers) });
    const logger = createLogger('detector', 'silent');
    const parts = { config, log, databaseUrl: database.url, health, metrics, logger };
    const module = await Test.createTestingModule({ imports: [DetectorModule.register(parts)] }).compile();
    app = module.createNestApplication();
    await app.init();
    detector = module.get(DetectorModule);
  });
  afterEach(async () => {
    await app.close();
    await log.close();
    await database.drop();
  });

  it('finds what is wrong, tells it once, buries what is no event, and accounts for every offset', async () => {
    const writer = await log.writer();
    const at = Date.now() - 3_600_000;
    const records = Array.from({ length: BUYERS }, (_, buyer) => chargedTwice(buyer, at)).flat();
    await writer.append('payment-events', [...records, ...records.slice(0, 10), { key: 'buyer-1', value: 'no event' }]);
    const pool = openPool(database.url, { max: 1, applicationName: 'test' });
    const told = async (topic: string): Promise<string[]> => {
      const { rows } = await pool.query<{ value: string }>(
        `SELECT convert_from(value, 'UTF8') AS value FROM log.record JOIN log.topic USING (topic_id) WHERE topic = $1 ORDER BY "offset"`,
        [topic],
      );
      return rows.map(({ value }) => value);
    };
    await until(async () => (await told('findings')).length >= BUYERS && (await told('dead-letters')).length > 0);
    await sleep(300);
    await detector.stop();
    const findings = (await told('findings')).map(
      (text) => JSON.parse(text) as { id: string; data: { finding?: { kind: string } } },
    );
    const kinds = findings.flatMap(({ data }) => (data.finding === undefined ? [] : [data.finding.kind]));
    expect(new Set(findings.map(({ id }) => id)).size).toBe(findings.length);
    expect(kinds).toEqual(Array.from({ length: BUYERS }, () => 'duplicate-charge'));
    const { rows } = await pool.query(
      `SELECT sum(applied)::int AS applied, sum(duplicate)::int AS duplicate, sum(dead_lettered)::int AS dead,
         sum(next_offset)::int AS offsets, bool_and(checkpoint_offset = next_offset) AS flushed FROM detector.partition_progress`,
    );
    await pool.end();
    expect(rows).toEqual([{ applied: 2 * BUYERS, duplicate: 10, dead: 1, offsets: 2 * BUYERS + 11, flushed: true }]);
    const { values } = await metrics.events.get();
    const counted = Object.fromEntries(values.map(({ labels, value }) => [labels.outcome, value]));
    expect(counted).toMatchObject({ applied: 2 * BUYERS, duplicate: 10, dead_lettered: 1 });
  });

  it('is live and ready, and shows its progress', async () => {
    await until(async () => (await health.readiness()).ok);
    expect(await health.liveness()).toMatchObject({ ok: true });
    const writer = await log.writer();
    await writer.append('payment-events', chargedTwice(1, Date.now() - 60_000));
    const shown = async (): Promise<string> => metrics.registry.metrics();
    await until(async () =>
      /makewhole_findings_total\{kind="duplicate-charge",confidence="likely",status="open"\} [1-9]/.test(await shown()),
    );
    expect(await shown()).toMatch(/makewhole_event_to_finding_seconds_count [1-9]/);
  });

  it('lets no time pass in the other scopes that the accounts have not come to', async () => {
    const pool = openPool(database.url, { max: 1, applicationName: 'test' });
    const standing = async (schema: string): Promise<{ least: number | null; most: number | null }> => {
      const { rows } = await pool.query<{ least: number | null; most: number | null }>(
        `SELECT min(coalesce(watermark, 0)) AS least, max(watermark) AS most FROM ${schema}.partition_progress`,
      );
      return rows[0]!;
    };
    await until(async () => ((await standing('scopes')).least ?? 0) > 0);
    // Half of the accounts' partitions are another member's, which does nothing.
    await pool.query(
      `INSERT INTO detector.member (member, backend_pid, renewed_at, expires_at)
       SELECT 'other', 1, until, until FROM (SELECT now() + interval '1 hour' AS until) AS hour`,
    );
    await until(async () => (await standing('detector')).most! >= (await standing('detector')).least! + 3_000);
    const { least, most } = await standing('detector');
    expect((await standing('scopes')).most).toBeLessThanOrEqual(least!);
    await pool.query(`DELETE FROM detector.member WHERE member = 'other'`);
    await until(async () => (await standing('scopes')).most! >= most!);
    await pool.end();
  });
});

async function until(holds: () => Promise<boolean>, withinMs = 90_000): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`did not come true within ${withinMs} ms: ${holds.toString()}`);
    await sleep(50);
  }
}

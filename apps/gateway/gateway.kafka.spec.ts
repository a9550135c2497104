import request from 'supertest';
import { loadConfig } from '#config/config';
import { HealthChecks } from '#http/health-checks';
import { serveHttp, type HttpServer } from '#http/serve-http';
import { openKafkaLog } from '#kafka/kafka-log';
import type { Log } from '#stream/log';
import { silentLogger } from '#telemetry/logger';
import { createMetrics } from '#telemetry/metrics';
import { GatewayModule } from '#apps/gateway/gateway.module';
import { startBroker, type RunningBroker } from '#test/kafka/broker';

jest.setTimeout(90_000);

const secret = 'a-secret-of-the-shop';
const env = {
  MAKEWHOLE_HTTP_PORT: '0',
  MAKEWHOLE_GATEWAY_APPEND_TIMEOUT_MS: '1s',
  MAKEWHOLE_API_KEYS: JSON.stringify([{ name: 'shop', roles: ['ingest'], secret }]),
};

describe('the gateway over Kafka', () => {
  let broker: RunningBroker;
  let log: Log;
  let server: HttpServer;
  beforeAll(async () => {
    broker = await startBroker();
    log = await openKafkaLog({ brokers: broker.brokers, clientId: 'gateway' });
    const loaded = loadConfig({ env });
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.error));
    const config = loaded.value;
    const tools = {
      health: new HealthChecks(),
      metrics: createMetrics({ service: 'gateway', version: '1' }, false),
      logger: silentLogger,
    };
    const api = { title: 'gateway', version: '1' };
    const modules = [GatewayModule.register({ ...tools, config, log })];
    server = await serveHttp({ ...tools, modules, apiKeys: config.apiKeys, http: config.http, api });
  });
  afterAll(async () => {
    await server.close();
    await log.close();
    await broker.stop();
  });

  const post = (ids: readonly string[]) =>
    request(server.url)
      .post('/v1/events')
      .set({ authorization: `Bearer ${secret}`, 'content-type': 'application/x-ndjson' })
      .send(ids.map((id) => JSON.stringify(event(id))).join('\n'));
  const event = (id: string) => ({
    specversion: '1.0',
    id,
    source: 'shop',
    type: 'order.confirmed',
    time: '2026-03-01T10:00:00Z',
    data: { accountId: `account-${id.split('-')[0]}`, orderId: id },
  });

  async function idsInLog(): Promise<string[]> {
    const admin = await log.admin();
    const ranges = await admin.offsets('payment-events');
    await admin.close();
    const ids: string[] = [];
    const reader = log.reader({ group: `check-${process.hrtime.bigint()}`, topics: ['payment-events'] });
    await reader.start(({ records }) =>
      Promise.resolve(void ids.push(...records.map(({ value }) => (JSON.parse(String(value)) as { id: string }).id))),
    );
    for (const { partition } of ranges) await reader.assign('payment-events', partition, 0);
    const total = ranges.reduce((sum, { end }) => sum + end, 0);
    for (const deadline = Date.now() + 20_000; ids.length < total && Date.now() < deadline;)
      await new Promise((resolve) => setTimeout(resolve, 20));
    await reader.stop();
    return ids;
  }

  it('has in the log what it answered 202 to, from many callers at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, caller) => post(Array.from({ length: 25 }, (__, n) => `${caller}-${n}`))),
    );
    expect(answers.every(({ status }) => status === 202)).toBe(true);
    const ids = await idsInLog();
    expect(new Set(ids).size).toBe(1_000);
    const ofCaller7 = ids.filter((id) => id.startsWith('7-'));
    expect(ofCaller7).toEqual(Array.from({ length: 25 }, (_, n) => `7-${n}`));
  });

  it('answers 503 in bounded time while the broker is away, is not ready, and takes events again when it is back', async () => {
    await broker.kill9();
    const startedAt = Date.now();
    await post(['away-1']).expect(503);
    expect(Date.now() - startedAt).toBeLessThan(30_000);
    await request(server.url).get('/readyz').expect(503);
    await broker.restart();
    await post(['away-1']).timeout(30_000).retry(10).expect(202);
    expect(await idsInLog()).toContain('away-1');
  });
});

import { setTimeout as sleep } from 'node:timers/promises';
import { loadConfig } from '#config/config';
import { requiredFields } from '#event/raw-layout';
import { HealthChecks } from '#http/health-checks';
import { serveHttp, type HttpServer } from '#http/serve-http';
import { openPool } from '#postgres/pool';
import { openPostgresLog } from '#postgres/postgres-log';
import { testDatabase } from '#postgres/test-database';
import { silentLogger } from '#telemetry/logger';
import { createMetrics } from '#telemetry/metrics';
import { GatewayModule } from '#apps/gateway/gateway.module';
import { stripeCharge, stripeEvent } from '#test/providers/webhooks';

const layout = {
  topic: 'raw-stripe',
  source: '/raw-stripe',
  type: { at: '/type', values: { 'charge.succeeded': 'payment.captured' }, ignore: ['charge.updated'] },
  id: '/id',
  time: { at: '/created', as: 'seconds' },
  fields: {
    '/accountId': '/data/object/customer',
    '/paymentId': '/data/object/payment_intent',
    '/merchantId': { value: 'shop' },
    '/amount/minor': '/data/object/amount',
    '/amount/currency': { at: '/data/object/currency', as: 'upper' },
    '/instrument/kind': { value: 'card' },
    '/instrument/fingerprint': '/data/object/payment_method_details/card/fingerprint',
  },
};

describe('a raw topic with another layout', () => {
  it('becomes events of ours once each, over a restart, and dead letters where it cannot; by configuration alone', async () => {
    const database = await testDatabase();
    const log = await openPostgresLog(database.url);
    const pool = openPool(database.url, { max: 1, applicationName: 'test' });
    const writer = await log.writer();
    const env = { MAKEWHOLE_HTTP_PORT: '0', MAKEWHOLE_GATEWAY_RAW_TOPICS: JSON.stringify([layout]) };
    const loaded = loadConfig({ env, eventFields: requiredFields });
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.error));
    const config = loaded.value;
    const start = (): Promise<HttpServer> => {
      const parts = {
        health: new HealthChecks(),
        metrics: createMetrics({ service: 'gateway', version: '1' }, false),
        logger: silentLogger,
      };
      const modules = [GatewayModule.register({ config, log, databaseUrl: database.url, ...parts })];
      return serveHttp({ modules, apiKeys: [], http: config.http, api: { title: 'gateway', version: '1' }, ...parts });
    };
    const append = (...values: readonly (object | string)[]) =>
      writer.append(
        'raw-stripe',
        values.map((value) => ({ key: 'any', value: typeof value === 'string' ? value : JSON.stringify(value) })),
      );
    const recordsOf = async (topic: string, count: number) => {
      for (let tries = 0; tries < 1_500; tries++) {
        const { rows } = await pool.query<{ key: string; value: Buffer }>(
          `SELECT r.key, r.value FROM log.record r JOIN log.topic t USING (topic_id) WHERE t.topic = $1 ORDER BY r.appended_at, r."offset"`,
          [topic],
        );
        if (rows.length >= count)
          return rows.map(({ key, value }) => ({
            key: String(key),
            value: JSON.parse(String(value)) as Record<string, unknown>,
          }));
        await sleep(20);
      }
      throw new Error(`${topic} has fewer than ${count} records`);
    };

    let server = await start();
    await append(
      stripeEvent('charge.succeeded', stripeCharge()),
      'no json',
      stripeEvent('charge.updated', stripeCharge()),
      stripeEvent('charge.new', stripeCharge()),
      stripeEvent('charge.succeeded', stripeCharge({ customer: null })),
    );
    expect(await recordsOf('dead-letters', 3)).toMatchObject([
      { value: { topic: 'raw-stripe', offset: 1, reason: 'not-json' } },
      { value: { topic: 'raw-stripe', offset: 3, reason: 'unknown-type', pointer: '/type' } },
      { value: { topic: 'raw-stripe', offset: 4, reason: 'invalid-event', pointer: '/data/accountId' } },
    ]);
    await server.close();
    server = await start();
    await append(stripeEvent('charge.succeeded', stripeCharge({ customer: 'cus_2' }), { id: 'evt_2' }));
    await recordsOf('payment-events', 2);
    await sleep(300);
    expect(await recordsOf('payment-events', 2)).toMatchObject([
      {
        key: 'cus_1',
        value: {
          type: 'payment.captured',
          id: 'evt_1',
          source: '/raw-stripe',
          data: { amount: { minor: 5_000, currency: 'EUR' } },
        },
      },
      { key: 'cus_2', value: { id: 'evt_2' } },
    ]);
    await server.close();
    await writer.close();
    await pool.end();
    await log.close();
    await database.drop();
  });
});

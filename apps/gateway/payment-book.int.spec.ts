import request from 'supertest';
import { days } from '#kernel/time';
import { loadConfig } from '#config/config';
import { HealthChecks } from '#http/health-checks';
import { serveHttp, type HttpServer } from '#http/serve-http';
import { testDatabase, type TestDatabase } from '#postgres/test-database';
import { silentLogger } from '#telemetry/logger';
import { createMetrics } from '#telemetry/metrics';
import { GatewayModule } from '#apps/gateway/gateway.module';
import { LogDouble } from '#test/gateway/log-double';
import { stripeSignature } from '#test/providers/stripe';
import {
  adyenHmacKey,
  adyenItem,
  adyenWebhook,
  signedAdyenItem,
  stripeCharge,
  stripeDispute,
  stripeEvent,
} from '#test/providers/webhooks';

const secret = 'whsec_0123456789abcdef01';

describe('webhooks that name a payment and no buyer', () => {
  let database: TestDatabase;
  let log: LogDouble;
  let server: HttpServer;

  const start = async () => {
    const env = {
      MAKEWHOLE_HTTP_PORT: '0',
      MAKEWHOLE_GATEWAY_WEBHOOKS_STRIPE_SECRETS: secret,
      MAKEWHOLE_GATEWAY_WEBHOOKS_ADYEN_HMAC_KEYS: adyenHmacKey,
    };
    const loaded = loadConfig({ env });
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.error));
    const parts = {
      health: new HealthChecks(),
      metrics: createMetrics({ service: 'gateway', version: '1' }, false),
      logger: silentLogger,
    };
    const modules = [GatewayModule.register({ config: loaded.value, log: log.asLog(), databaseUrl: database.url, ...parts })];
    server = await serveHttp({
      modules,
      apiKeys: [],
      http: loaded.value.http,
      api: { title: 'gateway', version: '1' },
      ...parts,
    });
  };
  const stripe = (type: string, object: object, createdMs = Date.now()) => {
    const body = JSON.stringify(
      stripeEvent(type, object as never, { id: `evt_${type}`, created: Math.floor(createdMs / 1_000) }),
    );
    return request(server.url)
      .post('/v1/webhooks/stripe')
      .set('stripe-signature', stripeSignature(body, Date.now(), secret))
      .send(body);
  };
  const adyen = (code: string, patch: object) =>
    request(server.url)
      .post('/v1/webhooks/adyen')
      .send(adyenWebhook(signedAdyenItem(adyenItem(code, patch as never))));
  const appended = () =>
    log.appended.map(({ key, value }) => ({ key, data: (JSON.parse(String(value)) as { data: Record<string, unknown> }).data }));
  const nameless = stripeDispute({ metadata: {} });

  beforeAll(async () => {
    database = await testDatabase();
  });
  afterAll(() => database.drop());
  beforeEach(async () => {
    log = new LogDouble();
    await start();
  });
  afterEach(() => server.close());

  it('are the buyer’s of that payment, also after a restart', async () => {
    await stripe('charge.succeeded', stripeCharge()).expect(202);
    await server.close();
    await start();
    await stripe('charge.dispute.created', nameless).expect(202);
    expect(appended().at(-1)).toMatchObject({ key: 'cus_1', data: { accountId: 'cus_1', chargebackId: 'dp_1' } });
  });

  it('that overtake their payment are asked for again, and dead letters only once that is long ago', async () => {
    const early = { ...nameless, payment_intent: 'pi_early' };
    await stripe('charge.dispute.created', early).expect(503);
    expect(log.appended).toEqual([]);
    await stripe('charge.succeeded', stripeCharge({ payment_intent: 'pi_early' })).expect(202);
    await stripe('charge.dispute.created', early).expect(202);
    expect(appended()).toMatchObject([{ key: 'cus_1' }, { key: 'cus_1' }]);
    await stripe('charge.dispute.created', { ...nameless, payment_intent: 'pi_never' }, Date.now() - days(1)).expect(202);
    expect(appended().at(-1)!.key).toContain('webhook:stripe');
  });

  it('keep the instrument that the authorisation named', async () => {
    const additionalData = { alias: 'H1', shopperReference: 'buyer-1' };
    await adyen('AUTHORISATION', { pspReference: 'PSPPAYMENT000001', originalReference: '', additionalData }).expect(202);
    await adyen('CAPTURE', { additionalData: { shopperReference: '' } }).expect(202);
    expect(appended().map(({ key, data }) => [key, data['instrument']])).toEqual([
      ['buyer-1', { kind: 'card', fingerprint: 'H1', scheme: 'visa' }],
      ['buyer-1', { kind: 'card', fingerprint: 'H1', scheme: 'visa' }],
    ]);
  });
});

import { createHmac } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import request from 'supertest';
import { minutes } from '#kernel/time';
import { loadConfig } from '#config/config';
import { redact } from '#config/redact';
import { createDecoder } from '#event/decode';
import { HealthChecks } from '#http/health-checks';
import { serveHttp, type HttpServer } from '#http/serve-http';
import { silentLogger } from '#telemetry/logger';
import { createMetrics } from '#telemetry/metrics';
import { isSignedItem } from '#apps/gateway/adyen-signature';
import { GatewayModule } from '#apps/gateway/gateway.module';
import { stripeSignature } from '#test/providers/stripe';
import { LogDouble } from '#test/gateway/log-double';
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
const older = 'whsec_an_older_secret_00';
const olderKey = 'aa'.repeat(32);
const decode = createDecoder();

let log: LogDouble;
let server: HttpServer;
let metrics: ReturnType<typeof createMetrics>;

const env = (more: Record<string, string> = {}) => ({
  MAKEWHOLE_HTTP_PORT: '0',
  MAKEWHOLE_GATEWAY_WEBHOOKS_STRIPE_SECRETS: `${secret},${older}`,
  MAKEWHOLE_GATEWAY_WEBHOOKS_ADYEN_HMAC_KEYS: `${adyenHmacKey},${olderKey}`,
  ...more,
});

async function startGateway(more: Record<string, string> = {}): Promise<void> {
  const loaded = loadConfig({ env: env(more) });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.error));
  const config = loaded.value;
  metrics = createMetrics({ service: 'gateway', version: '1' }, false);
  const parts = { health: new HealthChecks(), metrics, logger: silentLogger };
  log = new LogDouble();
  const modules = [GatewayModule.register({ config, log: log.asLog(), ...parts })];
  server = await serveHttp({ modules, apiKeys: [], http: config.http, api: { title: 'gateway', version: '1' }, ...parts });
}

const charge = JSON.stringify(stripeEvent('charge.succeeded', stripeCharge()));
const postStripe = (body: string, signature = stripeSignature(body, Date.now(), secret)) =>
  request(server.url)
    .post('/v1/webhooks/stripe')
    .set('content-type', 'application/json')
    .set('stripe-signature', signature)
    .send(body);
const postAdyen = (body: object) => request(server.url).post('/v1/webhooks/adyen').send(body);
const appended = () =>
  log.appended.map(({ key, value }) => ({ key, event: JSON.parse(String(value)) as Record<string, unknown> }));
const count = async (labels: { provider: string; result: string }) =>
  (await metrics.webhooks.get()).values.find(({ labels: of }) => of.provider === labels.provider && of.result === labels.result)
    ?.value;

beforeEach(() => startGateway());
afterEach(() => server.close());

describe('POST /v1/webhooks/stripe', () => {
  it('appends the event by its buyer before it says thank you', async () => {
    let confirm = (): void => undefined;
    log.answer = () => new Promise((resolve) => (confirm = resolve));
    let answered = false;
    const answer = postStripe(charge).then((response) => {
      answered = true;
      return response;
    });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(answered).toBe(false);
    confirm();
    expect(await answer).toMatchObject({ status: 202, body: { received: true } });
    expect(appended()).toMatchObject([{ key: 'cus_1', event: { type: 'payment.captured', id: 'evt_1', source: '/stripe' } }]);
  });

  it('the same webhook twice, or out of order, is the same event each time', async () => {
    const dispute = JSON.stringify(stripeEvent('charge.dispute.created', stripeDispute(), { id: 'evt_2' }));
    for (const body of [dispute, charge, charge, dispute]) await postStripe(body).expect(202);
    const values = log.appended.map(({ value }) => String(value));
    expect([values[0], values[1]]).toEqual([values[3], values[2]]);
  });

  it('takes a signature of either secret while one replaces the other, and any of several', async () => {
    await postStripe(charge, stripeSignature(charge, Date.now(), older)).expect(202);
    await postStripe(charge, stripeSignature(charge, Date.now(), 'whsec_a_third_secret_0000', secret)).expect(202);
  });

  it.each([
    ['another secret', () => stripeSignature(charge, Date.now(), 'whsec_a_third_secret_0000')],
    ['another body', () => stripeSignature(`${charge} `, Date.now(), secret)],
    ['an old time', () => stripeSignature(charge, Date.now() - minutes(5) - 2_000, secret)],
    ['a time to come', () => stripeSignature(charge, Date.now() + minutes(6), secret)],
    ['another scheme', () => stripeSignature(charge, Date.now(), secret).replace('v1=', 'v2=')],
    ['no time', () => 'v1=00'],
    ['nothing', () => ''],
  ])('refuses %s', async (_, signature) => {
    const answer = await postStripe(charge, signature()).expect(401);
    expect(answer.body.type).toBe('urn:makewhole:problem:bad-signature');
    expect(JSON.stringify(answer.body)).not.toContain('whsec');
    expect(log.appended).toEqual([]);
    expect(await count({ provider: 'stripe', result: 'refused' })).toBe(1);
  });

  it('is about the bytes that were signed, whatever JSON they hold', async () => {
    const spaced = JSON.stringify(JSON.parse(charge), null, 3);
    await postStripe(spaced).expect(202);
    await postStripe(spaced, stripeSignature(charge, Date.now(), secret)).expect(401);
  });

  it('keeps what is no whole event, with everything that the webhook said, for the detector to make a dead letter of', async () => {
    const guest = JSON.stringify(stripeEvent('charge.succeeded', stripeCharge({ customer: null, metadata: {} })));
    const novel = JSON.stringify(stripeEvent('charge.new_kind', stripeCharge()));
    for (const body of [guest, novel, 'no json']) await postStripe(body).expect(202);
    const reasons = log.appended.map(({ value }) => decode(value as Buffer));
    expect(reasons).toMatchObject([
      { ok: false, error: { reason: 'invalid-event', pointer: '/data/accountId' } },
      { ok: false, error: { reason: 'unknown-type' } },
      { ok: false, error: { reason: 'not-json' } },
    ]);
    const [first, second] = log.appended
      .slice(0, 2)
      .map(({ value }) => JSON.parse(String(value)) as { data: { webhook: unknown } });
    expect([first!.data.webhook, second!.data.webhook]).toEqual([JSON.parse(guest), JSON.parse(novel)]);
    expect(await count({ provider: 'stripe', result: 'kept' })).toBe(3);
  });

  it('takes note of what is about something else, and appends nothing', async () => {
    await postStripe(JSON.stringify(stripeEvent('customer.created', { id: 'cus_1' }))).expect(202);
    expect(log.appended).toEqual([]);
    expect(await count({ provider: 'stripe', result: 'ignored' })).toBe(1);
  });

  it('is not thanked while the log does not answer', async () => {
    log.answer = () => Promise.reject(new Error('no broker'));
    const answer = await postStripe(charge).expect(503);
    expect(answer.headers['retry-after']).toBeDefined();
  });
});

describe('POST /v1/webhooks/adyen', () => {
  it('appends each item and is thanked as Adyen wants it', async () => {
    const answer = await postAdyen(adyenWebhook(signedAdyenItem(adyenItem('CAPTURE')))).expect(202);
    expect([answer.text, answer.headers['content-type']]).toEqual(['[accepted]', expect.stringContaining('text/plain')]);
    expect(appended()).toMatchObject([{ key: 'buyer-1', event: { type: 'payment.captured', source: '/adyen/Shop' } }]);
  });

  it('takes a signature of either key while one replaces the other', async () => {
    await postAdyen(adyenWebhook(signedAdyenItem(adyenItem('REFUND'), olderKey))).expect(202);
  });

  it('refuses it whole when one item is not signed, or says another amount than was signed', async () => {
    const signed = signedAdyenItem(adyenItem('REFUND'));
    await postAdyen(adyenWebhook(signed, adyenItem('CAPTURE'))).expect(401);
    await postAdyen(adyenWebhook({ ...signed, amount: { ...signed.amount, value: 1 } })).expect(401);
    await postAdyen(adyenWebhook(signedAdyenItem(adyenItem('REFUND'), 'bb'.repeat(32)))).expect(401);
    await postAdyen({}).expect(401);
    expect(log.appended).toEqual([]);
  });

  it('keeps a refund that names no buyer', async () => {
    const item = signedAdyenItem(adyenItem('REFUND', { additionalData: { shopperReference: '' } }));
    await postAdyen(adyenWebhook(item)).expect(202);
    expect(decode(log.appended[0]!.value as Buffer)).toMatchObject({ error: { pointer: '/data/accountId' } });
  });

  it('thanks for webhooks about balances and accounts, which are signed as a whole, and counts them as ignored', async () => {
    const body = JSON.stringify({ type: 'balancePlatform.transfer.created', environment: 'test', data: { id: 'TR1' } });
    const post = (signature: string) =>
      request(server.url)
        .post('/v1/webhooks/adyen')
        .set('content-type', 'application/json')
        .set('hmacsignature', signature)
        .send(body);
    const signed = createHmac('sha256', Buffer.from(adyenHmacKey, 'hex')).update(body).digest('base64');
    expect((await post(signed).expect(202)).text).toBe('[accepted]');
    await post(signed.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'))).expect(401);
    expect(log.appended).toEqual([]);
    expect([
      await count({ provider: 'adyen', result: 'ignored' }),
      await count({ provider: 'adyen', result: 'refused' }),
    ]).toEqual([1, 1]);
  });

  it("verifies as Adyen's own library does", () => {
    // The key that is published with this webhook, in the tests of Adyen's Java library (MIT).
    const key = '74F490DD33F7327BAECC88B2947C011FC02D014A473AAA33A8EC93E4DC069174';
    const item = {
      additionalData: { hmacSignature: 'CZErGCNQaSsxbaQfZaJlakqo7KPP+mIa8a+wx3yNs9A=' },
      amount: { currency: 'EUR', value: 1_000 },
      eventCode: 'AUTHORISATION',
      merchantAccountCode: 'AntoniStroinski',
      merchantReference: '\\:/\\/slashes are fun',
      pspReference: 'ZVWN7D3WSMK2WN82',
      success: 'true',
    };
    expect([isSignedItem(item, [key]), isSignedItem({ ...item, success: 'false' }, [key])]).toEqual([true, false]);
  });
});

describe('webhooks', () => {
  it('of a provider without a secret are not taken', async () => {
    await server.close();
    await startGateway({ MAKEWHOLE_GATEWAY_WEBHOOKS_STRIPE_SECRETS: '' });
    await postStripe(charge).expect(404);
    await request(server.url).post('/v1/webhooks/constructor').send({}).expect(404);
  });

  it('are limited in size and number', async () => {
    await server.close();
    await startGateway({ MAKEWHOLE_GATEWAY_WEBHOOKS_PER_SECOND: '1', MAKEWHOLE_GATEWAY_WEBHOOKS_BURST: '2' });
    await postStripe(JSON.stringify({ filler: 'x'.repeat(600_000) })).expect(413);
    await postStripe(charge).expect(202);
    await postStripe(charge).expect(202);
    expect((await postStripe(charge).expect(429)).headers['retry-after']).toBe('1');
    await postStripe(charge, 'v1=00').expect(401);
  });

  it('are documented without an API key, and their secrets are never shown', async () => {
    const api = await request(server.url).get('/openapi.json').expect(200);
    const { post } = api.body.paths['/v1/webhooks/{provider}'];
    expect(post.security).toEqual([]);
    expect(Object.keys(post.responses)).toEqual(['202', '401', '404', '413', '429', '503']);
    const loaded = loadConfig({ env: env() });
    const shown = JSON.stringify(loaded.ok && redact(loaded.value));
    for (const hidden of [secret, older, adyenHmacKey, olderKey]) expect(shown).not.toContain(hidden);
  });

  const folder = join(__dirname, '../../../shared/data/provider_fixtures/stripe_webhooks');
  const files = existsSync(folder) ? readdirSync(folder) : [];
  it('every published fixture of Stripe is an event, is kept whole, or is about something else', async () => {
    const results = [];
    for (const file of files) {
      const body = readFileSync(join(folder, file), 'utf8');
      log.appended = [];
      await postStripe(body).expect(202);
      for (const { value } of log.appended) {
        const decoded = decode(value as Buffer);
        if (decoded === 'ignored' || decoded.ok) continue;
        expect((JSON.parse(String(value)) as { data: { webhook: unknown } }).data.webhook).toEqual(JSON.parse(body));
      }
      results.push(log.appended.length > 0);
    }
    expect(results.filter((isOurs) => isOurs)).toHaveLength(files.length === 0 ? 0 : 9);
  });
});

import { request as httpRequest } from 'node:http';
import request from 'supertest';
import { loadConfig, type Config } from '#config/config';
import { HealthChecks } from '#http/health-checks';
import { serveHttp, type HttpServer } from '#http/serve-http';
import { silentLogger } from '#telemetry/logger';
import { createMetrics } from '#telemetry/metrics';
import { GatewayModule } from '#apps/gateway/gateway.module';
import { LogDouble } from '#test/gateway/log-double';

const secret = 'a-secret-of-the-shop';
const configWith = (env: Record<string, string>): Config => {
  const apiKeys = JSON.stringify([
    { name: 'shop', roles: ['ingest'], secret },
    { name: 'viewer', roles: ['viewer'], secret: 'a-secret-of-a-viewer' },
  ]);
  const loaded = loadConfig({ env: { MAKEWHOLE_API_KEYS: apiKeys, MAKEWHOLE_HTTP_PORT: '0', ...env } });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.error));
  return loaded.value;
};

let double: LogDouble;
let server: HttpServer;

async function startGateway(env: Record<string, string> = {}): Promise<void> {
  const config = configWith(env);
  const parts = {
    health: new HealthChecks(),
    metrics: createMetrics({ service: 'gateway', version: '1' }, false),
    logger: silentLogger,
  };
  double = new LogDouble();
  server = await serveHttp({
    modules: [GatewayModule.register({ config, log: double.asLog(), ...parts })],
    apiKeys: config.apiKeys,
    http: config.http,
    api: { title: 'gateway', version: '1' },
    ...parts,
  });
}

const event = (id: string, more: object = {}, data: object = {}) => ({
  specversion: '1.0',
  id,
  source: 'shop',
  type: 'order.confirmed',
  time: '2026-03-01T10:00:00Z',
  data: { accountId: 'a-1', orderId: 'o-1', ...data },
  ...more,
});

const post = (body: string | object, type = 'application/cloudevents+json') =>
  request(server.url)
    .post('/v1/events')
    .set('authorization', `Bearer ${secret}`)
    .set('content-type', type)
    .send(typeof body === 'string' ? body : JSON.stringify(body));

afterEach(() => server.close());

describe('POST /v1/events', () => {
  beforeEach(() => startGateway());

  it('takes one event and keeps its bytes, unknown fields and all', async () => {
    const text =
      '{ "specversion":"1.0","id":"e-1", "source":"shop","type":"order.confirmed","time":"2026-03-01T10:00:00Z",\n "extra": 1.10, "data":{"orderId":"o","accountId":"a-1","new":{"x":[1,2]}}}';
    const answer = await post(text, 'application/json').expect(202);
    expect(answer.body).toEqual({ accepted: 1 });
    expect(double.appended.map(({ key, value }) => [key, String(value)])).toEqual([['a-1', text]]);
    expect(double.appended[0]?.headers).toEqual({ 'content-type': 'application/cloudevents+json' });
  });

  it('takes a batch and NDJSON, in order', async () => {
    const events = [event('1'), event('2', {}, { accountId: 'a-2' }), event('3', {}, { accountId: 'a,]"\\3' })];
    await post(JSON.stringify(events, null, 2), 'application/cloudevents-batch+json').expect(202, { accepted: 3 });
    expect(double.appended.map(({ key }) => key)).toEqual(['a-1', 'a-2', 'a,]"\\3']);
    expect(double.appended.map(({ value }) => JSON.parse(String(value)))).toEqual(events);
    double.appended = [];
    await post(`${events.map((each) => JSON.stringify(each)).join('\r\n')}\n\n`, 'application/x-ndjson').expect(202, {
      accepted: 3,
    });
    expect(double.appended.map(({ value }) => JSON.parse(String(value)))).toEqual(events);
    await post('[]', 'application/cloudevents-batch+json').expect(202, { accepted: 0 });
  });

  it('takes an event in binary mode and keeps its attributes as headers', async () => {
    await post(event('1').data, 'application/json')
      .set({
        'ce-specversion': '1.0',
        'ce-id': 'e%20%E2%82%AC',
        'ce-source': 'shop',
        'ce-type': 'order.confirmed',
        'ce-time': '2026-03-01T10:00:00Z',
      })
      .expect(202);
    expect(double.appended[0]).toMatchObject({ key: 'a-1', headers: { ce_id: 'e €', ce_type: 'order.confirmed' } });
  });

  it('names every bad event by index and JSON pointer, and accepts none of the batch', async () => {
    const events = [event('1'), event('2', {}, { orderId: 7 }), event('3'), event('4', { type: 'order.eaten' })];
    const answer = await post(events, 'application/cloudevents-batch+json').expect(400);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.body).toMatchObject({ type: 'urn:makewhole:problem:invalid-events', detail: '2 of 4' });
    expect(answer.body.errors).toEqual([
      expect.objectContaining({ index: 1, pointer: '/data/orderId', reason: 'invalid-event' }),
      expect.objectContaining({ index: 3, pointer: '/type', reason: 'unknown-type' }),
    ]);
    expect(double.appended).toEqual([]);
  });

  it.each([
    ['no JSON', '{', 'application/json'],
    ['no array', '{}', 'application/cloudevents-batch+json'],
    ['an array that does not end', '[{}', 'application/cloudevents-batch+json'],
    ['nothing', '', 'application/json'],
  ])('answers 400 to %s', async (_, body, type) => {
    await post(body, type).expect(400);
    expect(double.appended).toEqual([]);
  });

  it('refuses other content types and encodings', async () => {
    expect((await post('x', 'text/plain').expect(415)).body.detail).toContain('application/x-ndjson');
    await post(event('1')).set('content-encoding', 'gzip').expect(415);
  });

  it('needs the role ingest', async () => {
    await request(server.url).post('/v1/events').send({}).expect(401);
    await request(server.url).post('/v1/events').set('x-api-key', 'a-secret-of-a-viewer').send({}).expect(403);
  });

  it('keys an event about no buyer by what it is about', async () => {
    const line = { lineId: 'l-1', bookedAt: '2026-03-01T10:00:00Z', amount: { minor: 1, currency: 'EUR' }, direction: 'debit' };
    const events = [
      { ...event('1'), type: 'statement.line', data: line },
      { ...event('2'), type: 'merchant.vetted', data: { merchantId: 'm-1' } },
    ];
    await post(events, 'application/cloudevents-batch+json').expect(202);
    expect(double.appended.map(({ key }) => key)).toEqual(['statement:l-1', 'merchant:m-1']);
  });

  it('carries the trace context on, when it is one', async () => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    await post(event('1')).set('traceparent', traceparent).expect(202);
    await post(event('2')).set('traceparent', 'nonsense').expect(202);
    expect(double.appended.map(({ headers }) => headers?.['traceparent'])).toEqual([traceparent, undefined]);
  });

  it('answers 202 only once the log has answered', async () => {
    let confirm = (): void => undefined;
    double.answer = () => new Promise((resolve) => (confirm = resolve));
    let answered = false;
    const answer = post(event('1')).then((response) => {
      answered = true;
      return response.status;
    });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(answered).toBe(false);
    confirm();
    expect(await answer).toBe(202);
  });

  it('documents itself', async () => {
    const api = await request(server.url).get('/openapi.json').expect(200);
    expect(Object.keys(api.body.paths['/v1/events'].post.responses)).toEqual(
      expect.arrayContaining(['202', '400', '413', '429', '503']),
    );
  });
});

describe('limits', () => {
  it('answers 413 to a request or a batch that is too long, and the caller reads it', async () => {
    await startGateway({
      MAKEWHOLE_GATEWAY_REQUEST_BYTES_MAX: '4096',
      MAKEWHOLE_GATEWAY_EVENT_BYTES_MAX: '1024',
      MAKEWHOLE_GATEWAY_REQUEST_EVENTS_MAX: '3',
    });
    await post(event('1', {}, { reason: 'x'.repeat(10_000) })).expect(413);
    expect(await postChunked(server.port, 200, 1_000)).toBe(413);
    const batch = Array.from({ length: 4 }, (_, index) => event(String(index)));
    expect((await post(batch, 'application/cloudevents-batch+json').expect(413)).body.detail).toContain('3 are allowed');
    const long = event('1', {}, { reason: 'x'.repeat(2_000) });
    const alone = await post(long).expect(413);
    expect(alone.body).toMatchObject({ type: 'urn:makewhole:problem:too-large', errors: [{ index: 0, reason: 'too-large' }] });
    const among = await post([event('2'), long], 'application/cloudevents-batch+json').expect(400);
    expect(among.body.errors).toEqual([expect.objectContaining({ index: 1, reason: 'too-large' })]);
    expect(double.appended).toEqual([]);
  });

  it('answers 429 with Retry-After to a key that sends too many events a second', async () => {
    await startGateway({ MAKEWHOLE_GATEWAY_RATE_EVENTS_PER_SECOND: '1', MAKEWHOLE_GATEWAY_RATE_BURST: '2' });
    await post([event('1'), event('2')], 'application/cloudevents-batch+json').expect(202);
    const refused = await post([event('3'), event('4')], 'application/cloudevents-batch+json').expect(429);
    expect(refused.headers['retry-after']).toBe('2');
    expect(double.appended).toHaveLength(2);
  });

  it('answers 503 in bounded time when the log does not, is not ready then, and recovers', async () => {
    await startGateway({ MAKEWHOLE_GATEWAY_APPEND_TIMEOUT_MS: '200' });
    let confirm = (): void => undefined;
    double.answer = () => new Promise((resolve) => (confirm = resolve));
    const refused = await post(event('1')).expect(503);
    expect(refused.body).toMatchObject({ type: 'urn:makewhole:problem:log-unavailable', status: 503 });
    expect(refused.headers['retry-after']).toBeDefined();
    confirm();
    double.answer = () => Promise.reject(new Error('no broker'));
    await post(event('2')).expect(503);
    await request(server.url).get('/readyz').expect(503);
    double.answer = () => Promise.resolve();
    await post(event('3')).expect(202);
    await request(server.url).get('/readyz').expect(200);
  });

  it('answers 429 when too many bytes wait for the log, and takes events again once they are durable', async () => {
    await startGateway({
      MAKEWHOLE_GATEWAY_IN_FLIGHT_BYTES_MAX: '1048576',
      MAKEWHOLE_GATEWAY_REQUEST_BYTES_MAX: '1000000',
      MAKEWHOLE_GATEWAY_APPEND_TIMEOUT_MS: '100',
    });
    let confirm = (): void => undefined;
    const held = new Promise<void>((resolve) => (confirm = resolve));
    double.answer = () => held;
    const large = (id: string) =>
      post(
        [1, 2].map((part) => event(`${id}-${part}`, {}, { filler: 'x'.repeat(400_000) })),
        'application/cloudevents-batch+json',
      );
    await large('a').expect(503);
    await large('b').expect(429);
    confirm();
    await new Promise((resolve) => setTimeout(resolve, 50));
    await large('c').expect(202);
  });
});

/** A body without a length, as a client that streams sends it; resolves with the status. */
function postChunked(port: number, chunks: number, bytes: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${secret}`, 'content-type': 'application/x-ndjson' };
    const outgoing = httpRequest({ port, path: '/v1/events', method: 'POST', headers }, (response) =>
      resolve(response.resume().statusCode),
    );
    outgoing.on('error', reject);
    for (let chunk = 0; chunk < chunks; chunk++) outgoing.write('x'.repeat(bytes));
    outgoing.end();
  });
}

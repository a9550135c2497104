import { createHash } from 'node:crypto';
import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { Type } from '@sinclair/typebox';
import request from 'supertest';
import type { ApiKey } from '#config/schema';
import { BodyOf } from '#http/body';
import { HealthChecks } from '#http/health-checks';
import type { Principal } from '#http/api-key-ring';
import { Caller, Public, Roles } from '#http/roles';
import { serveHttp, type HttpServer } from '#http/serve-http';
import { silentLogger } from '#telemetry/logger';
import { createMetrics } from '#telemetry/metrics';

const note = Type.Object({ text: Type.String({ minLength: 1 }) });

@Controller()
class Probe {
  @Get('open')
  @Public()
  open(): string {
    return 'open';
  }

  @Get('closed')
  closed(): string {
    return 'nobody reads this';
  }

  @Get('approvals')
  @Roles('approver')
  approvals(@Caller() caller: Principal): string {
    return caller.name;
  }

  @Get('cases')
  @Roles('viewer')
  cases(): string {
    return 'cases';
  }

  @Get('things/:id')
  @Roles('viewer')
  thing(@Param('id') id: string): string {
    return id;
  }

  @Post('notes')
  @Roles('viewer')
  note(@Body(new BodyOf(note)) body: { text: string }): { text: string } {
    return body;
  }

  @Get('broken')
  @Public()
  broken(): never {
    throw new Error('the password is hunter2');
  }
}

const apiKeys: ApiKey[] = [
  { name: 'ann', roles: ['approver'], secret: 'a-secret-of-ann-1' },
  { name: 'bob', roles: ['viewer'], sha256: createHash('sha256').update('a-secret-of-bob-1').digest('hex') },
  { name: 'root', roles: ['admin'], secret: 'a-secret-of-root1' },
];
const bearer = (key: string): [string, string] => ['authorization', `Bearer ${key}`];

describe('the edge of a service', () => {
  const health = new HealthChecks();
  let server: HttpServer;
  let client: ReturnType<typeof request>;

  beforeAll(async () => {
    server = await serveHttp({
      modules: [{ module: class ProbeModule {}, controllers: [Probe] }],
      apiKeys,
      health,
      metrics: createMetrics({ service: 'probe', version: '1' }, false),
      logger: silentLogger,
      http: { host: '127.0.0.1', port: 0, bodyBytesMax: 1_024, stopMs: 1_000, progressMsMax: 1_000 },
      api: { title: 'probe', version: '1' },
    });
    client = request(server.url);
  });
  afterAll(() => server.close());

  it('answers nobody on a route that names no role', async () => {
    await client.get('/closed').expect(401);
    await client
      .get('/closed')
      .set(...bearer('a-secret-of-root1'))
      .expect(403);
    await client.get('/open').expect(200);
  });

  it('asks for a key, refuses an unknown one, and takes it as bearer token or header', async () => {
    const missing = await client.get('/approvals').expect(401);
    expect(missing.headers['www-authenticate']).toContain('Bearer');
    expect(missing.headers['content-type']).toContain('application/problem+json');
    await client
      .get('/approvals')
      .set(...bearer('a-secret-of-ann-2'))
      .expect(401);
    await client
      .get('/approvals')
      .set(...bearer('a-secret-of-ann-1'))
      .expect(200, 'ann');
    await client.get('/approvals').set('x-api-key', 'a-secret-of-ann-1').expect(200, 'ann');
  });

  it('takes a key of which it only knows the hash', async () => {
    await client
      .get('/cases')
      .set(...bearer('a-secret-of-bob-1'))
      .expect(200);
  });

  it('lets a role do what it includes, and no more', async () => {
    await client
      .get('/cases')
      .set(...bearer('a-secret-of-ann-1'))
      .expect(200);
    await client
      .get('/approvals')
      .set(...bearer('a-secret-of-root1'))
      .expect(200, 'root');
    const refused = await client
      .get('/approvals')
      .set(...bearer('a-secret-of-bob-1'))
      .expect(403);
    expect(refused.body).toMatchObject({ type: 'urn:makewhole:problem:forbidden', status: 403 });
  });

  it('names every fault of a body by JSON pointer', async () => {
    const answer = await client
      .post('/notes')
      .set(...bearer('a-secret-of-bob-1'))
      .send({ text: '' })
      .expect(400);
    expect(answer.body.errors).toEqual([{ pointer: '/text', detail: expect.any(String) }]);
    await client
      .post('/notes')
      .set(...bearer('a-secret-of-bob-1'))
      .set('content-type', 'application/json')
      .send('{')
      .expect(400);
    const long = await client
      .post('/notes')
      .set(...bearer('a-secret-of-bob-1'))
      .send({ text: 'x'.repeat(2_000) })
      .expect(413);
    expect(long.headers['content-type']).toContain('application/problem+json');
  });

  it('refuses text that Postgres cannot hold, wherever it stands', async () => {
    for (const text of ['a\u0000b', '\ud800']) {
      const answer = await client
        .post('/notes')
        .set(...bearer('a-secret-of-bob-1'))
        .send({ text })
        .expect(400);
      expect(answer.body.errors).toEqual([{ pointer: '/text', detail: 'expected well-formed Unicode without U+0000' }]);
    }
    await client
      .get('/things/%F0%9F%98%80')
      .set(...bearer('a-secret-of-bob-1'))
      .expect(200, '😀');
    const path = await client
      .get('/things/a%00b')
      .set(...bearer('a-secret-of-bob-1'))
      .expect(404);
    expect(path.body).toMatchObject({ type: 'urn:makewhole:problem:not-found', status: 404 });
  });

  it('refuses a body that is nested beyond reason', async () => {
    const answer = await client
      .post('/notes')
      .set(...bearer('a-secret-of-bob-1'))
      .set('content-type', 'application/json')
      .send(`{"text":"a","more":${'['.repeat(400)}${']'.repeat(400)}}`)
      .expect(400);
    expect(answer.body.errors).toEqual([{ pointer: '', detail: 'expected at most 64 levels' }]);
  });

  it('tells nothing of an unexpected error', async () => {
    const answer = await client.get('/broken').expect(500);
    expect(JSON.stringify(answer.body)).not.toContain('hunter2');
    expect(answer.body).toMatchObject({ status: 500, type: 'urn:makewhole:problem:internal' });
  });

  it('answers an unknown address as a problem', async () => {
    expect((await client.get('/nowhere').expect(404)).body).toMatchObject({
      status: 404,
      type: 'urn:makewhole:problem:not-found',
    });
  });

  it('is live and ready until a check says why not', async () => {
    await client.get('/livez').expect(200);
    let fault: string | null = 'no progress for 31 s';
    health.live('detector', () => fault);
    expect((await client.get('/livez').expect(503)).body.checks).toEqual({ detector: 'no progress for 31 s' });
    fault = null;
    await client.get('/livez').expect(200);
    health.ready('database', () => Promise.reject(new Error('connection refused')));
    expect((await client.get('/readyz').expect(503)).body.checks).toEqual({ database: 'connection refused' });
  });

  it('serves its metrics and its OpenAPI document', async () => {
    expect((await client.get('/metrics').expect(200)).text).toContain('makewhole_build_info');
    const api = await client.get('/openapi.json').expect(200);
    expect(api.body.openapi).toMatch(/^3\./);
    expect(Object.keys(api.body.paths)).toContain('/cases');
  });
});

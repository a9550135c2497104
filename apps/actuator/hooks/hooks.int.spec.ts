import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Webhook } from 'standardwebhooks';
import request from 'supertest';
import { ActuatorModule } from '#apps/actuator/actuator.module';
import { loadConfig } from '#config/config';
import type { FindingKind } from '#detection/finding';
import { HealthChecks } from '#http/health-checks';
import { type HttpServer, serveHttp } from '#http/serve-http';
import { openPostgresLog } from '#postgres/postgres-log';
import { testDatabase, type TestDatabase } from '#postgres/test-database';
import type { Log, LogWriter } from '#stream/log';
import { silentLogger } from '#telemetry/logger';
import { createMetrics } from '#telemetry/metrics';
import { Receiver } from '#test/actuator/receiver';
import { caseOf } from '#test/actuator/scene';

jest.setTimeout(120_000);

const secretOf = (fill: number): string => `whsec_${Buffer.alloc(32, fill).toString('base64')}`;
const [newSecret, oldSecret] = [secretOf(1), secretOf(2)];
const people = { vera: ['viewer'], ines: ['investigator'], root: ['admin'] } as const;
type Person = keyof typeof people;
const topics = ['actions', 'findings', 'cases', 'action-results', 'dead-letters'];

describe('hooks', () => {
  let database: TestDatabase;
  let log: Log;
  let writer: LogWriter;
  let receiver: Receiver;
  let server: HttpServer;
  let env: Record<string, string>;

  beforeAll(async () => {
    database = await testDatabase();
    log = await openPostgresLog(database.url);
    const admin = await log.admin();
    await admin.ensureTopics(topics.map((topic) => ({ topic, partitions: 1 })));
    await admin.close();
    writer = await log.writer();
    receiver = await Receiver.start();
    const hooks = [
      { name: 'desk', url: receiver.url, secret: newSecret, previousSecret: oldSecret },
      { name: 'holds', url: `${receiver.url}/holds`, secret: newSecret, kinds: ['stuck-hold'] },
    ];
    env = { MAKEWHOLE_ACTUATOR_HOOKS: JSON.stringify(hooks), MAKEWHOLE_ACTUATOR_PRIVATE_ADDRESSES: 'true' };
    const loaded = loadConfig({ env });
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.error));
    const config = loaded.value;
    const health = new HealthChecks();
    const metrics = createMetrics({ service: 'actuator', version: 'test' }, false);
    const parts = { config, log, databaseUrl: database.url, health, metrics, logger: silentLogger };
    server = await serveHttp({
      modules: [ActuatorModule.register(parts)],
      apiKeys: Object.entries(people).map(([name, roles]) => ({ name, roles: [...roles], secret: `secret-of-${name}-0001` })),
      health,
      metrics,
      logger: silentLogger,
      http: { ...config.http, port: 0 },
      api: { title: 'actuator', version: 'test' },
    });
  });
  afterAll(async () => {
    await server.close();
    await receiver.stop();
    await writer.close();
    await log.close();
    await database.drop();
  });
  beforeEach(() => receiver.reset());

  const as = (person: Person) => ({ authorization: `Bearer secret-of-${person}-0001` });
  const get = (person: Person, path: string) => request(server.url).get(`/v1/hooks${path}`).set(as(person));
  const post = (person: Person, path: string, body: object = {}) =>
    request(server.url).post(`/v1/hooks${path}`).set(as(person)).send(body);
  const tell = (caseId: string, kinds: readonly FindingKind[] = ['duplicate-charge']): Promise<void> => {
    const data = { case: caseOf(caseId, kinds), revision: 1, notices: [{ kind: 'case.opened' }], findings: [] };
    const envelope = { specversion: '1.0', type: 'makewhole.case', source: 'makewhole/test', id: `${caseId}:1` };
    const value = JSON.stringify({ ...envelope, time: '2026-06-01T00:00:00Z', data });
    return writer.append('cases', [{ key: 'buyer-1', value }]);
  };
  const standing = async (name: string) => {
    const { body } = await get('ines', '').expect(200);
    return (body as { hooks: { name: string }[] }).hooks.find((hook) => hook.name === name);
  };

  it('sign with the new secret and with the one before, as the reference library verifies', async () => {
    await tell('a');
    const { headers, body } = await receiver.got('/', 'msg_a_1_0');
    for (const secret of [newSecret, oldSecret])
      expect(new Webhook(secret).verify(body, headers)).toMatchObject({ type: 'case.opened', data: { caseId: 'a' } });
    expect(() => new Webhook(secretOf(3)).verify(body, headers)).toThrow();
  });

  it('are told only of the kinds that they ask for', async () => {
    await tell('duplicate', ['duplicate-charge']);
    await tell('hold', ['stuck-hold', 'duplicate-charge']);
    await receiver.got('/holds', 'msg_hold_1_0');
    await receiver.got('/', 'msg_duplicate_1_0');
    expect(receiver.idsAt('/holds')).toEqual(['msg_hold_1_0']);
  });

  it('log each try; what was lost on the way is sent again under its id', async () => {
    receiver.answer = 500;
    await tell('lost');
    await receiver.got('/', 'msg_lost_1_0');
    receiver.answer = 204;
    const lost = { noticeIds: ['msg_lost_1_0'], reason: 'the desk was down' };
    await until(async () => (await standing('desk'))?.['oldestWaitingAt' as never] !== null);
    expect((await post('ines', '/desk/resend', lost).expect(200)).body).toEqual({ notices: 1 });
    await until(async () => receiver.idsAt('/').filter((id) => id === 'msg_lost_1_0').length >= 2);
    await until(async () => {
      const { body } = await get('ines', '/desk/deliveries?limit=2').expect(200);
      const tries = (body as { deliveries: { noticeId: string; result: string; status: number }[] }).deliveries;
      return (
        tries.map(({ noticeId, result, status }) => `${noticeId} ${result} ${status}`).join() ===
        'msg_lost_1_0 delivered 204,msg_lost_1_0 retried 500'
      );
    });
  });

  it('send everything of a time again, and nothing beside it', async () => {
    const from = new Date().toISOString();
    await tell('again');
    await receiver.got('/', 'msg_again_1_0');
    await until(async () => (await standing('desk'))?.['waiting' as never] === 0);
    receiver.reset();
    const range = { from, until: new Date(Date.now() + 1).toISOString(), reason: 'lost by the desk' };
    expect((await post('root', '/desk/redeliver', range).expect(200)).body).toEqual({ notices: 1 });
    await receiver.got('/', 'msg_again_1_0');
    expect(receiver.idsAt('/')).toEqual(['msg_again_1_0']);
  });

  it('keep what is said while they are disabled, by 410 or by hand, and send it once enabled', async () => {
    await post('root', '/holds/disable', { reason: 'moving house' }).expect(200);
    await tell('kept', ['stuck-hold']);
    await until(async () => (await standing('holds'))?.['failed' as never] === 1);
    expect(receiver.idsAt('/holds')).toEqual([]);
    expect(await standing('holds')).toMatchObject({ reason: 'moving house', disabledAt: expect.any(String) });
    expect((await post('root', '/holds/enable', { reason: 'moved' }).expect(200)).body).toEqual({ notices: 1 });
    await receiver.got('/holds', 'msg_kept_1_0');
    expect(await standing('holds')).toMatchObject({ disabledAt: null, reason: null });
  });

  it('can be tried out', async () => {
    const { body } = await post('ines', '/desk/test').expect(200);
    const { body: sent, headers } = await receiver.got('/', body.noticeId);
    expect(new Webhook(newSecret).verify(sent, headers)).toMatchObject({ type: 'hook.test', data: { endpoint: 'desk' } });
  });

  it.each([
    ['vera', 'get', '', 403],
    ['vera', 'get', '/desk/deliveries', 403],
    ['vera', 'post', '/desk/test', 403],
    ['ines', 'post', '/desk/redeliver', 403],
    ['ines', 'post', '/desk/enable', 403],
    ['ines', 'post', '/desk/disable', 403],
    ['root', 'post', '/nobody/test', 404],
    ['root', 'get', '/desk/deliveries?limit=1000', 400],
    ['root', 'post', '/desk/redeliver', 400],
    ['root', 'post', '/desk/resend', 400],
  ] as const)('%s: %s %s answers %i', async (person, method, path, status) => {
    const answer = await (method === 'get' ? get(person, path) : post(person, path));
    expect([answer.status, answer.type]).toEqual([status, 'application/problem+json']);
  });

  it('shows no secret and no path of an endpoint', async () => {
    const { text } = await get('root', '').expect(200);
    expect(text).not.toContain('whsec_');
    expect(JSON.parse(text).hooks.map(({ name, host }: { name: string; host: string }) => [name, host])).toEqual([
      ['desk', new URL(receiver.url).host],
      ['holds', new URL(receiver.url).host],
    ]);
  });

  it('are listed and sent again on the command line', async () => {
    const makewhole = (...args: string[]) =>
      spawnSync(process.execPath, [join(__dirname, '../../makewhole/bin.cjs'), 'hooks', ...args], {
        env: { PATH: process.env['PATH'], DATABASE_URL: database.url, ...env },
        encoding: 'utf8',
      });
    const listed = makewhole('list');
    expect([listed.status, listed.stderr]).toEqual([0, expect.stringContaining('2 endpoints')]);
    expect(
      listed.stdout
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { name: string }).name),
    ).toEqual(['desk', 'holds']);
    const { status, stderr } = makewhole('resend', 'desk', 'msg_a_1_0', '--reason', 'seen on the screen');
    expect([status, stderr]).toEqual([0, expect.stringContaining('1 notices go out again to desk')]);
    await receiver.got('/', 'msg_a_1_0');
    expect(makewhole('resend', 'desk', 'msg_nobody', '--reason', 'x').status).toBe(1);
    expect(makewhole('resend', 'nobody', 'msg_a_1_0', '--reason', 'x').status).toBe(2);
    expect(makewhole('list', 'desk', '--limit', '1').stdout).toContain('"result":"delivered"');
  });
});

async function until(holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 30_000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error('it did not come true within half a minute');
    await sleep(30);
  }
}

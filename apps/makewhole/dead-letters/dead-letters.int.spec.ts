import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { openPostgresLog } from '#postgres/postgres-log';
import { testDatabase } from '#postgres/test-database';
import type { Log } from '#stream/log';
import { readTopic } from '#apps/makewhole/read-topic';

jest.setTimeout(120_000);

const original = Buffer.from('{"type":"basket.abandoned"}');
const letterAt = (offset: number, reason: string) => ({
  topic: 'payment-events',
  partition: 0,
  offset,
  reason,
  pointer: '/type',
  bytes: original.toString('base64'),
});

describe('dead letters', () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let log: Log;

  const makewhole = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(__dirname, '..', 'bin.cjs'), 'dead-letters', ...args], {
      env: { PATH: process.env['PATH'], DATABASE_URL: database.url },
      encoding: 'utf8',
    });
    return { status, stderr, lines: stdout.split('\n').filter((line) => line !== '') };
  };
  const recordsOf = async (topic: string) => {
    const values: { value: string; of: string | undefined }[] = [];
    await readTopic(log, topic, ({ value, headers }) => {
      values.push({ value: String(value), of: headers?.['makewhole-replay-of'] });
    });
    return values;
  };

  beforeAll(async () => {
    database = await testDatabase();
    log = await openPostgresLog(database.url);
    const admin = await log.admin();
    await admin.ensureTopics([
      { topic: 'payment-events', partitions: 1 },
      { topic: 'dead-letters', partitions: 2 },
    ]);
    const writer = await log.writer();
    await writer.append('payment-events', [{ key: 'buyer', value: original }]);
    const letters = [letterAt(0, 'unknown-type'), letterAt(0, 'unknown-type'), letterAt(7, 'not-json')];
    for (const letter of letters)
      await writer.append('dead-letters', [{ key: 'payment-events/0', value: JSON.stringify(letter) }]);
    await writer.close();
  });
  afterAll(async () => {
    await log.close();
    await database.drop();
  });

  it('are listed once each, however often the topic carries them', () => {
    const { status, lines } = makewhole('list');
    expect(status).toBe(0);
    expect(lines.map((line) => (JSON.parse(line) as { offset: number }).offset)).toEqual([0, 7]);
    expect(makewhole('list', '--reason', 'not-json').lines).toHaveLength(1);
  });

  it('are shown with their bytes as text', () => {
    expect(JSON.parse(makewhole('show', 'payment-events/0/0').lines.join('\n'))).toMatchObject({ text: String(original) });
    expect(makewhole('show', 'payment-events/0/99')).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/no dead letter/),
    });
  });

  it('are replayed as they were sent, and what the log no longer holds is said', async () => {
    expect(makewhole('replay', 'payment-events/0/0')).toMatchObject({ status: 0, lines: ['payment-events/0/0'] });
    expect(await recordsOf('payment-events')).toEqual([
      { value: String(original), of: undefined },
      { value: String(original), of: 'payment-events/0/0' },
    ]);
    expect(makewhole('replay', '--all', '--reason', 'not-json')).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/no longer in the log/),
    });
    expect(makewhole('replay').status).toBe(2);
  });
});

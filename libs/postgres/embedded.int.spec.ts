import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '#postgres/embedded';
import { openClient } from '#postgres/pool';

describe('the embedded Postgres', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'makewhole-embedded-'));
    chmodSync(directory, 0o755);
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  const query = async (url: string, sql: string): Promise<unknown[]> => {
    const client = await openClient(url, 'test');
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  };

  it('keeps what was committed through a clean stop and through kill -9 of the server', async () => {
    const first = await startEmbeddedPostgres({ directory, durable: true });
    await query(first.url, 'CREATE TABLE kept AS SELECT 1 AS n');
    await first.stop();
    const second = await startEmbeddedPostgres({ directory, durable: true });
    await query(second.url, 'INSERT INTO kept VALUES (2)');
    await second.kill9();
    const third = await startEmbeddedPostgres({ directory, durable: true });
    const rows = await query(third.url, 'SELECT n FROM kept ORDER BY n');
    await third.stop();
    expect(rows).toEqual([{ n: 1 }, { n: 2 }]);
  });

  it('starts on data whose owner was killed with kill -9, and refuses data whose owner lives', async () => {
    const script = `require('#postgres/embedded').startEmbeddedPostgres({ directory: process.argv[1], durable: true }).then(() => { console.log('up'); setInterval(() => {}, 1000); })`;
    const owner = spawn(process.execPath, ['--conditions=makewhole-src', '-r', '@swc-node/register', '-e', script, directory], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(owner.stdout, 'data');
    await expect(startEmbeddedPostgres({ directory, durable: true })).rejects.toThrow(`in use by process ${owner.pid}`);
    owner.kill('SIGKILL');
    await once(owner, 'exit');
    const server = await startEmbeddedPostgres({ directory, durable: true });
    const rows = await query(server.url, 'SELECT 1 AS n');
    await server.stop();
    expect(rows).toEqual([{ n: 1 }]);
  });

  it('keeps durability on where it holds money', async () => {
    const server = await startEmbeddedPostgres({ directory, durable: true });
    const rows = await query(
      server.url,
      `SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commit`,
    );
    await server.stop();
    expect(rows).toEqual([{ fsync: 'on', commit: 'on' }]);
  });
});

import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { startEmbeddedPostgres } from '#postgres/embedded';

export interface TestDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/**
 * A fresh, empty database on a real server. One server a process: it is started by the first test that asks, found again through a
 * file (jest gives each test file its own modules), and ends with the process.
 */
export async function testDatabase(): Promise<TestDatabase> {
  const server = await testServer();
  const name = `test_${randomBytes(6).toString('hex')}`;
  await execute(server, `CREATE DATABASE ${name}`);
  return { url: withDatabase(server, name), drop: () => execute(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

async function testServer(): Promise<string> {
  const trace = join(tmpdir(), `makewhole-test-postgres-${process.pid}`);
  if (existsSync(trace)) {
    const url = readFileSync(trace, 'utf8');
    if (await answers(url)) return url;
  }
  const { url } = await startEmbeddedPostgres({ durable: false });
  writeFileSync(trace, url, { mode: 0o600 });
  return url;
}

async function answers(url: string): Promise<boolean> {
  return execute(url, 'SELECT 1').then(
    () => true,
    () => false,
  );
}

async function execute(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

function withDatabase(url: string, name: string): string {
  const parsed = new URL(url);
  parsed.pathname = `/${name}`;
  return parsed.href;
}

import { randomBytes } from 'node:crypto';
import { copyFileSync } from 'node:fs';

import { openClient } from '#postgres/pool';

import type { HonestRun } from './honest-run';

/** What services left behind, or a copy of it to tamper with. */
export type Left = Pick<HonestRun, 'databaseUrl' | 'providerRecord'>;

export interface Copy extends Left {
  execute(sql: string): Promise<void>;
}

/** Hands over a copy of what a run left behind, which is gone afterwards. */
export async function withCopy(run: HonestRun, work: (copy: Copy) => Promise<void>): Promise<void> {
  const name = `copy_${randomBytes(6).toString('hex')}`;
  const original = new URL(run.databaseUrl);
  const url = new URL(run.databaseUrl);
  const server = new URL(run.databaseUrl);
  server.pathname = '/postgres';
  url.pathname = `/${name}`;
  const providerRecord = `${run.providerRecord}.${name}`;
  copyFileSync(run.providerRecord, providerRecord);
  await execute(server.href, `CREATE DATABASE ${name} TEMPLATE ${original.pathname.slice(1)}`);
  try {
    await work({ databaseUrl: url.href, providerRecord, execute: (sql) => execute(url.href, sql) });
  } finally {
    await execute(server.href, `DROP DATABASE ${name} WITH (FORCE)`);
  }
}

async function execute(url: string, sql: string): Promise<void> {
  const client = await openClient(url, 'tampering');
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import 'reflect-metadata';
import { defaultPolicy } from '#action/default-policy';
import { startEmbeddedPostgres } from '#postgres/embedded';
import { copyCases, readSeeds } from '#test/casework/copy-cases';
import { noon } from '#test/casework/finding-messages';
import { listRequests, pathOf } from '#test/casework/list-requests';
import { type RunningCasework, startCasework } from '#test/casework/running-casework';
import { seedCases } from '#test/casework/seed-cases';
import type { BenchOptions } from './arguments';
import { type Figure, percentile } from './figure';

/** Seeds that the product writes itself; everything else is copied from them. */
const SEEDS = 1_250;
const GOAL_MS = 100;

/**
 * (h): how long each list of the API takes over so many cases, over HTTP, one request after the other: all names with a few turns of other
 * copies each. The tables are those that the product writes (test/casework/copy-cases.int.spec.ts), in a durable Postgres of its own.
 */
export async function measureLists(options: BenchOptions, tell: (line: string) => void): Promise<Figure[]> {
  const directory = options.data ?? mkdtempSync(join(tmpdir(), 'makewhole-lists-'));
  const server = await startEmbeddedPostgres({ directory, durable: true });
  const policy = { ...defaultPolicy, budgetPerHour: { minor: {}, otherwise: Number.MAX_SAFE_INTEGER } };
  const database = { url: server.url, drop: () => Promise.resolve() };
  const casework = await startCasework({ database, policy, clock: () => noon + 60_000 });
  try {
    if ((await countCases(casework)) === 0) await seedCases(casework, SEEDS);
    const seeds = (await readSeeds(casework.pool)).length;
    const copies = Math.max(1, Math.round(options.cases / seeds) - 1);
    if ((await countCases(casework)) === seeds) {
      tell(`${seeds} cases written by the product, each to be copied ${copies} times`);
      await copyCases(casework.pool, copies, tell);
    }
    return await askEach(casework, copies, options, tell);
  } finally {
    await casework.stop();
    await server.stop();
    if (options.data === undefined) rmSync(directory, { recursive: true, force: true });
  }
}

async function countCases({ pool }: RunningCasework): Promise<number> {
  const { rows } = await pool.query<{ count: number }>('SELECT count(*)::int AS count FROM casework.cases');
  return rows[0]!.count;
}

async function askEach(
  casework: RunningCasework,
  copies: number,
  { turns }: BenchOptions,
  tell: (line: string) => void,
): Promise<Figure[]> {
  const tookMs = new Map<string, number[]>();
  for (let turn = 0; turn <= turns; turn++) {
    for (const [name, asked] of Object.entries(listRequests(1 + ((turn * 7_919) % copies)))) {
      const startedAt = performance.now();
      await casework.get('vera', pathOf(asked)).expect(200);
      if (turn > 0) tookMs.set(name, [...(tookMs.get(name) ?? []), performance.now() - startedAt]);
    }
    if (turn % 50 === 0) tell(`lists: ${turn} of ${turns} turns`);
  }
  const { rows } = await casework.pool.query<{ cases: number; open: number; findings: number; actions: number }>(
    `SELECT (SELECT count(*)::int FROM casework.cases) AS cases, (SELECT count(*)::int FROM casework.cases WHERE status = 'open') AS open,
       (SELECT count(*)::int FROM casework.finding) AS findings, (SELECT count(*)::int FROM casework.action) AS actions`,
  );
  const counts = Object.entries(rows[0]!).map(([name, value]) => ({ name: `(h) ${name}`, value, unit: 'rows' }));
  const all = [...tookMs.values()].flat();
  return [
    ...counts,
    ...[...tookMs].map(([name, times]) => ({
      name: `(h) ${name}, p99`,
      value: percentile(times, 0.99),
      unit: 'ms',
      goal: { atMost: GOAL_MS },
    })),
    { name: '(h) all lists, p50', value: percentile(all, 0.5), unit: 'ms' },
    { name: '(h) all lists, p99', value: percentile(all, 0.99), unit: 'ms', goal: { atMost: GOAL_MS } },
  ];
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import 'reflect-metadata';
import { CaseworkService } from '#apps/casework/casework-service';
import { defaultPolicy } from '#action/default-policy';
import { clockSettings } from '#case/clocks';
import { loadConfig } from '#config/config';
import { defaultsOf } from '#kernel/setting';
import { startEmbeddedPostgres } from '#postgres/embedded';
import { openPool } from '#postgres/pool';
import { openPostgresLog } from '#postgres/postgres-log';
import { silentLogger } from '#telemetry/logger';
import { createMetrics } from '#telemetry/metrics';
import { duplicate, noon, paymentFacts, told } from '#test/casework/finding-messages';
import { findingRecord } from '#test/casework/finding-records';
import { testVault } from '#test/casework/test-vault';

/**
 * How many findings a second become cases: durable Postgres, the log in it, one process. Each finding opens a case and orders a
 * refund; then each is cleared and its case heals. Run: `node --conditions=makewhole-src -r @swc-node/register test/casework/throughput.ts [COUNT]`.
 */
async function main(): Promise<void> {
  const count = Number(process.argv[2] ?? 20_000);
  const directory = mkdtempSync(join(tmpdir(), 'makewhole-throughput-'));
  const server = await startEmbeddedPostgres({ directory, durable: true });
  const log = await openPostgresLog(server.url);
  const pool = openPool(server.url, { max: 6, applicationName: 'throughput' });
  const loaded = loadConfig({ env: {} });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.error));
  const service = new CaseworkService({
    ...{ pool, vault: testVault(), databaseUrl: server.url, log, clock: () => noon + 60_000, logger: silentLogger },
    rules: {
      policy: { ...defaultPolicy, budgetPerHour: { minor: {}, otherwise: Number.MAX_SAFE_INTEGER } },
      clocks: defaultsOf(clockSettings),
    },
    metrics: createMetrics({ service: 'casework', version: 'bench' }, false),
    ...{ anchorsFile: '', retention: loaded.value.retention },
    ...{ partitions: 4, leaseMs: 3_000, leaseRenewMs: 1_000 },
  });
  const figures: Record<string, number> = { findings: count };
  try {
    await service.start();
    await service.stop();
    for (const status of ['open', 'cleared'] as const) {
      await fill(log, count, status);
      const running = new CaseworkService(service.parts);
      const startedAt = performance.now();
      const before = process.cpuUsage();
      await running.start();
      while ((await left(pool)) > 0) await new Promise((resolve) => setTimeout(resolve, 50));
      figures[`${status === 'open' ? 'opened' : 'healed'}PerSecond`] = Math.round(
        count / ((performance.now() - startedAt) / 1_000),
      );
      const { user, system } = process.cpuUsage(before);
      figures[`${status}CpuMicrosEach`] = Math.round((user + system) / count);
      await running.stop();
    }
    process.stdout.write(`${JSON.stringify(figures)}\n`);
  } finally {
    await pool.end();
    await log.close();
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function fill(log: Awaited<ReturnType<typeof openPostgresLog>>, count: number, status: 'open' | 'cleared'): Promise<void> {
  const writer = await log.writer();
  for (let from = 0; from < count; from += 1_000) {
    const records = Array.from({ length: Math.min(1_000, count - from) }, (_, index) => {
      const n = from + index;
      const accountId = `a-${n % Math.ceil(count / 3)}`;
      const finding = duplicate({
        findingId: `f-${n}`,
        accountId,
        status,
        orderId: `o-${n}`,
        paymentIds: [`p-${n}-1`, `p-${n}-2`],
      });
      const payments = finding.paymentIds.map((paymentId) => paymentFacts(paymentId, { accountId, orderId: `o-${n}` }));
      return findingRecord(told(finding, payments), `${finding.findingId}.${status}`);
    });
    await writer.append('findings', records);
  }
  await writer.close();
}

async function left(pool: ReturnType<typeof openPool>): Promise<number> {
  const { rows } = await pool.query<{ left: number }>(
    `SELECT coalesce(sum(head.next_offset - coalesce(done.next_offset, 0)), 0)::int AS left
     FROM log.partition_head AS head JOIN log.topic AS topic USING (topic_id)
     LEFT JOIN casework.partition_progress AS done ON done.topic = topic.topic AND done.partition = head.partition
     WHERE topic.topic = 'findings'`,
  );
  return rows[0]!.left;
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});

import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';

import { openKafkaAuditLog } from '#apps/makewhole/verify/kafka-log';
import { openPostgresAuditLog } from '#apps/makewhole/verify/postgres-log';
import { openSnapshot } from '#apps/makewhole/verify/snapshot';
import { keepJournal } from '#test/audit/keep-journal';

import type { Fault } from './fault';
import { judgeByModel } from './model-judge';
import { judgeNotices } from './notice-judge';
import { auditorsRecord, judgeProviders } from './provider-judge';
import { appendPayments } from './provider-payments';
import { untilQuiet, type OpenAudit } from './quiet';
import type { SeededRandom } from './seeded-random';
import { liveTraffic, pastTraffic } from './traffic';
import { serviceNames, type World } from './world';

const trafficMs = 5_000;
const run = promisify(execFile);

/**
 * Starts the services with a journal below them and lets the detector find a backlog of two months: it stays away while that is fed,
 * since one that is never behind would take each pause between two batches for weeks of silence.
 */
export async function settle(world: World, seed: number, tell: (line: string) => void): Promise<void> {
  await keepJournal(world.databaseUrl);
  const others = serviceNames.filter((name) => name !== 'detector').map((name) => world.service(name));
  for (const service of others) service.start();
  await Promise.all(others.map((service) => service.untilReady()));
  const { sendings, payments } = pastTraffic(seed, Date.now());
  appendPayments(world.providerFiles.payments, payments);
  await world.feeder.feed(sendings);
  tell(`${sendings.length} events of the past are in the log, ${payments.length} of their payments at providers`);
  const detector = world.service('detector');
  detector.start();
  await detector.untilReady();
  await untilQuiet(openAudit(world));
}

/** Hurts the world while events come in, waits until it is at rest, and asks the auditor and the model. Throws what they object to. */
export async function playRound(
  world: World,
  fault: Fault,
  options: {
    readonly seed: number;
    readonly round: number;
    readonly random: SeededRandom;
    readonly tell: (line: string) => void;
  },
): Promise<void> {
  const { seed, round, random, tell } = options;
  const { sendings, payments } = liveTraffic(seed, round, Date.now(), trafficMs);
  appendPayments(world.providerFiles.payments, payments);
  const traffic = world.feeder.feed(sendings);
  await Promise.all([traffic, fault.strike({ world, random, trafficMs, tell })]);
  const ended = serviceNames.filter((name) => !world.service(name).isRunning);
  if (ended.length > 0) throw new Error(`${ended.join(', ')} ended without being told to`);
  await untilQuiet(openAudit(world));
  await judgeNotices(world.databaseUrl, world.noticeRecord);
  tell(`money moved ${await judgeProviders(world.databaseUrl, world.providerFiles)} times at providers`);
  await untilQuiet(openAudit(world));
  await verify(world);
  await judgeByModel(openAudit(world), world.feeder.acknowledged);
}

/**
 * The auditor as its users call it: a process of its own, by its exit code. It asks for the record after it has taken its snapshot: what
 * is done meanwhile is in it too.
 */
async function verify(world: World): Promise<void> {
  const record = createServer((_, response) => {
    try {
      response.end(everyEffect(world));
    } catch (error) {
      response.writeHead(500).end();
      console.error("reading the providers' records:", error);
    }
  });
  await once(record.listen(0, '127.0.0.1'), 'listening');
  const recordUrl = `http://127.0.0.1:${(record.address() as AddressInfo).port}/effects`;
  const args = [world.program, 'verify', '--config', world.configFile, '--provider-record', recordUrl];
  try {
    await run(process.execPath, args, { env: { PATH: process.env['PATH'], ...world.env }, maxBuffer: 1 << 26 });
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`makewhole verify failed:\n${stdout}\n${stderr}`, { cause: error });
  } finally {
    record.close();
  }
}

/** Of the platform's own endpoint and of the providers, as NDJSON. */
const everyEffect = (world: World): string =>
  [
    readFileSync(world.providerRecord, 'utf8'),
    ...auditorsRecord(world.providerFiles).map((effect) => `${JSON.stringify(effect)}\n`),
  ].join('');

const openAudit =
  (world: World): OpenAudit =>
  async () => {
    const database = await openSnapshot(world.databaseUrl);
    const log =
      world.log.brokers.length > 0
        ? openKafkaAuditLog({ brokers: [...world.log.brokers], clientId: 'fault-tests' })
        : openPostgresAuditLog(database);
    return {
      database,
      log,
      close: async () => {
        await log.close();
        await database.close();
      },
    };
  };

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { paymentLoad } from '#simulator/payment-load';
import { projectRoot } from '#test/faults/build';
import type { BenchOptions } from './arguments';
import { drainRate, ProgressProbe } from './drain-watch';
import { type Figure, type Goal, median } from './figure';
import type { Ground } from './ground';
import { profileArgs } from './profile';
import { appendAll } from './produce';
import type { RawResult } from './raw-consumer';

const run = promisify(execFile);
const topic = 'payment-events';
const fetchSizes = { default: 1_048_576, '256 KiB': 262_144 } as const;
type FetchSize = keyof typeof fetchSizes;

/** Of the best raw consumer; the main thread only fetches when there are worker threads. */
const goals: Readonly<Record<number, Goal>> = { 1: { atLeast: 0.45 }, 2: { atLeast: 0.7 } };

/**
 * (a) and (b): one backlog, read again and again in turns by raw kafkajs with `JSON.parse`, and by the detector with its effects
 * committed; each in a process of its own. A ratio is that of one turn; medians of the turns are reported.
 */
export async function measureThroughput(ground: Ground, options: BenchOptions, tell: (line: string) => void): Promise<Figure[]> {
  const { events, accounts, repeats, workers } = options;
  await ground.freshTopics();
  const produced = await fill(ground, events, accounts);
  tell(`${events} events of ${accounts} accounts in the log, ${Math.round(produced)}/s`);
  const raw: Record<FetchSize, number[]> = { default: [], '256 KiB': [] };
  const best: number[] = [];
  const drained = new Map<number, number[]>(workers.map((count) => [count, []]));
  for (let turn = 1; turn <= repeats; turn++) {
    for (const size of Object.keys(fetchSizes) as FetchSize[]) raw[size].push(await readRaw(ground, events, fetchSizes[size]));
    best.push(Math.max(...Object.values(raw).map((rates) => rates.at(-1)!)));
    for (const count of workers) drained.get(count)!.push(await drain(ground, options, count));
    const rates = [...Object.values(raw), ...drained.values()].map((each) => Math.round(each.at(-1)!));
    tell(`turn ${turn}: raw ${rates.slice(0, 2).join(', ')}; detector ${rates.slice(2).join(', ')} events/s`);
  }
  const figures: Figure[] = [
    { name: 'produced', value: produced, unit: 'events/s' },
    ...(Object.keys(raw) as FetchSize[]).map((size) => ({
      name: `(a) raw kafkajs + JSON.parse, fetch ${size}`,
      value: median(raw[size]),
      unit: 'events/s',
    })),
  ];
  for (const [count, rates] of drained) {
    const name = `(b) detector, ${count} worker thread${count === 1 ? '' : 's'}`;
    figures.push({ name, value: median(rates), unit: 'events/s' });
    const goal = goals[count];
    const value = median(rates.map((rate, turn) => rate / best[turn]!));
    figures.push({ name: `(b)/(a), ${count} worker thread${count === 1 ? '' : 's'}`, value, unit: '×', ...(goal && { goal }) });
  }
  return figures;
}

async function fill(ground: Ground, events: number, accounts: number): Promise<number> {
  const log = await ground.openLog();
  const writer = await log.writer();
  const startedAt = performance.now();
  // An order's four events lie 200 s apart on average, as at 2,000 events/s over 200,000 accounts.
  const stepMs = 100_000 / accounts;
  await appendAll(writer, topic, paymentLoad({ seed: 1, accounts, events, from: Date.now() - events * stepMs, stepMs }));
  const rate = events / ((performance.now() - startedAt) / 1_000);
  await writer.close();
  await log.close();
  return rate;
}

async function readRaw(ground: Ground, events: number, bytesPerPartition: number): Promise<number> {
  const program = join(projectRoot, 'test', 'bench', 'raw-consumer.ts');
  const args = [program, ground.brokers.join(','), topic, String(events), String(bytesPerPartition)];
  const { stdout } = await run(process.execPath, ['--conditions=makewhole-src', '-r', '@swc-node/register', ...args], {
    cwd: projectRoot,
  });
  return (JSON.parse(stdout) as RawResult).eventsPerSecond;
}

async function drain(ground: Ground, options: BenchOptions, workers: number): Promise<number> {
  const databaseUrl = await ground.freshDatabase();
  const detector = await ground.service('detector', {
    databaseUrl,
    env: { MAKEWHOLE_STREAM_WORKERS: String(workers) },
    nodeArgs: profileArgs(options.profile, `throughput-${workers}`),
  });
  const probe = await ProgressProbe.open(databaseUrl);
  try {
    detector.start();
    return drainRate(await probe.untilCommitted(options.events));
  } finally {
    await probe.close();
    await (options.profile === undefined ? detector.kill9() : detector.stop());
    await ground.dropDatabase(databaseUrl);
  }
}

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { paymentLoad } from '#simulator/payment-load';
import { projectRoot } from '#test/faults/build';
import type { BenchOptions } from './arguments';
import { drainCpu, drainRate, ProgressProbe } from './drain-watch';
import { type Figure, type Goal, median } from './figure';
import type { Ground } from './ground';
import { profileArgs } from './profile';
import { appendAll } from './produce';
import type { RawResult } from './raw-consumer';

const run = promisify(execFile);
const topic = 'payment-events';
const fetchSizes = { default: 1_048_576, '256 KiB': 262_144 } as const;

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
  const turns: Turn[] = [];
  for (let count = 1; count <= repeats; count++) {
    const raw: Drained[] = [];
    for (const size of Object.values(fetchSizes)) raw.push(await readRaw(ground, events, size));
    const detector: Drained[] = [];
    for (const threads of workers) detector.push(await drain(ground, options, threads));
    turns.push({ raw, detector });
    tell(`turn ${count}: raw ${raw.map(inWords).join(', ')}; detector ${detector.map(inWords).join(', ')}`);
  }
  return [{ name: 'produced', value: produced, unit: 'events/s' }, ...rawFigures(turns), ...detectorFigures(turns, workers)];
}

interface Drained {
  readonly rate: number;
  /** Microseconds of CPU an event: what a busy machine distorts least. */
  readonly cpu: number;
  /** The same of Postgres. */
  readonly postgresCpu: number;
}

interface Turn {
  /** By fetch size. */
  readonly raw: readonly Drained[];
  /** By number of worker threads. */
  readonly detector: readonly Drained[];
}

const inWords = ({ rate, cpu, postgresCpu }: Drained): string =>
  `${Math.round(rate)}/s (${cpu.toFixed(1)}${postgresCpu === 0 ? '' : ` + ${postgresCpu.toFixed(1)}`} µs)`;

function rawFigures(turns: readonly Turn[]): Figure[] {
  return Object.keys(fetchSizes).flatMap((size, at) => {
    const name = `(a) raw kafkajs + JSON.parse, fetch ${size}`;
    return [
      { name, value: median(turns.map(({ raw }) => raw[at]!.rate)), unit: 'events/s' },
      { name: `${name}, CPU`, value: median(turns.map(({ raw }) => raw[at]!.cpu)), unit: 'µs/event' },
    ];
  });
}

function detectorFigures(turns: readonly Turn[], workers: readonly number[]): Figure[] {
  return workers.flatMap((threads, at) => {
    const name = `${threads} worker thread${threads === 1 ? '' : 's'}`;
    const goal = goals[threads];
    const of = (value: (drained: Drained, turn: Turn) => number): number =>
      median(turns.map((turn) => value(turn.detector[at]!, turn)));
    const ratio = of(({ rate }, { raw }) => rate / Math.max(...raw.map((each) => each.rate)));
    return [
      { name: `(b) detector, ${name}`, value: of(({ rate }) => rate), unit: 'events/s' },
      { name: `(b) detector, ${name}, CPU`, value: of(({ cpu }) => cpu), unit: 'µs/event' },
      { name: `(b) detector, ${name}, CPU of Postgres`, value: of(({ postgresCpu }) => postgresCpu), unit: 'µs/event' },
      { name: `(b)/(a), ${name}`, value: ratio, unit: '×', ...(goal && { goal }) },
    ];
  });
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

async function readRaw(ground: Ground, events: number, bytesPerPartition: number): Promise<Drained> {
  const program = join(projectRoot, 'test', 'bench', 'raw-consumer.ts');
  const args = [program, ground.brokers.join(','), topic, String(events), String(bytesPerPartition)];
  const { stdout } = await run(process.execPath, ['--conditions=makewhole-src', '-r', '@swc-node/register', ...args], {
    cwd: projectRoot,
  });
  const { eventsPerSecond, cpuSeconds } = JSON.parse(stdout) as RawResult;
  return { rate: eventsPerSecond, cpu: (cpuSeconds * 1e6) / events, postgresCpu: 0 };
}

/** What a drain before it told the other scopes would be read and folded once more. */
async function drain(ground: Ground, options: BenchOptions, workers: number): Promise<Drained> {
  await ground.freshTopics([topic]);
  const databaseUrl = await ground.freshDatabase();
  const detector = await ground.service('detector', {
    databaseUrl,
    env: { MAKEWHOLE_STREAM_WORKERS: String(workers) },
    nodeArgs: profileArgs(options.profile, `throughput-${workers}`),
  });
  const probe = await ProgressProbe.open(databaseUrl);
  try {
    const before = ground.postgresCpuSeconds();
    detector.start();
    const samples = await probe.untilCommitted(options.events, detector.pid);
    const postgresCpu = ((ground.postgresCpuSeconds() - before) * 1e6) / options.events;
    return { rate: drainRate(samples), cpu: drainCpu(samples), postgresCpu };
  } finally {
    await probe.close();
    await (options.profile === undefined ? detector.kill9() : detector.stop());
    await ground.dropDatabase(databaseUrl);
  }
}

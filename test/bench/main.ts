import { type BenchOptions, type PartName, readArguments, usage } from './arguments';
import { measureAccounts } from './accounts';
import { measureDetectors } from './detectors';
import { type Figure, isMet } from './figure';
import { Ground } from './ground';
import { measureLatency } from './latency';
import { describeMachine } from './machine';
import { measureLists } from './lists';
import { measureReplay } from './replay';
import { measureScopes } from './scopes';
import { formatTable } from './table';
import { measureThroughput } from './throughput';

type Part = (ground: Ground, options: BenchOptions, tell: (line: string) => void) => Promise<Figure[]>;

const parts: Readonly<Record<Exclude<PartName, 'detectors' | 'lists'>, Part>> = {
  throughput: measureThroughput,
  latency: measureLatency,
  accounts: measureAccounts,
  replay: measureReplay,
};

async function main(options: BenchOptions): Promise<void> {
  const startedAt = Date.now();
  const tell = (line: string): void => console.error(`${((Date.now() - startedAt) / 1_000).toFixed(1).padStart(7)} s  ${line}`);
  const figures: Figure[] = [];
  if (options.parts.includes('detectors')) figures.push(...measureDetectors(options, tell), ...measureScopes(options, tell));
  if (options.parts.includes('lists')) figures.push(...(await measureLists(options, tell)));
  const others = options.parts.filter((name) => name !== 'detectors' && name !== 'lists');
  if (others.length === 0) return report(figures, startedAt);
  tell('compiling, starting a broker and a durable Postgres');
  const ground = await Ground.prepare(options);
  const stopOnSignal = (): void => void ground.stop(true).finally(() => process.exit(130));
  process.once('SIGINT', stopOnSignal).once('SIGTERM', stopOnSignal);
  let whole = false;
  try {
    for (const name of others) figures.push(...(await parts[name](ground, options, tell)));
    whole = true;
  } finally {
    await ground.stop(!whole);
    if (!whole) tell(`logs of the services: ${ground.directory}`);
    report(figures, startedAt);
  }
}

function report(figures: readonly Figure[], startedAt: number): void {
  const command = `npm run bench -- ${process.argv.slice(2).join(' ')}`.trim();
  const machine = describeMachine();
  const judged = figures.map((figure) =>
    figure.goal === undefined ? figure : { ...figure, met: isMet(figure.value, figure.goal) },
  );
  const tookSeconds = Math.round((Date.now() - startedAt) / 1_000);
  console.log(
    JSON.stringify({ date: new Date(startedAt).toISOString(), command, machine, tookSeconds, figures: judged }, null, 2),
  );
  const { cores, cpu, memoryGb, node, platform } = machine;
  console.error(`\n${command}\n${cores} × ${cpu}, ${memoryGb} GB, ${platform}, Node ${node}, ${tookSeconds} s`);
  if (figures.length > 0) console.error(`\n${formatTable(figures)}`);
}

/** Undefined, with the exit code set, where there is nothing to measure: help was asked for, or the arguments are wrong. */
function optionsOf(args: readonly string[]): BenchOptions | undefined {
  if (args.includes('--help') || args.includes('-h')) {
    console.log(usage);
    return undefined;
  }
  try {
    return readArguments(args);
  } catch (error) {
    console.error(`${(error as Error).message}\n${usage}`);
    process.exitCode = 2;
    return undefined;
  }
}

const options = optionsOf(process.argv.slice(2));
if (options !== undefined)
  main(options).catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });

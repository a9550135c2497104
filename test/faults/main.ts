import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { readArguments, usage, type Arguments } from './arguments';
import { buildServices, projectRoot } from './build';
import { boundedPlan, faultsCalled, randomPlan } from './catalogue';
import type { Fault } from './fault';
import type { LogKind } from './log-under-test';
import { playRound, settle } from './round';
import { seededRandom, type SeededRandom } from './seeded-random';
import { startWorld, type World } from './world';

interface Outcome {
  readonly name: string;
  readonly passed: boolean;
}

/** Hurts one installation on one log, fault after fault, until the plan or the time is used up, or a fault does harm. */
async function tryLog(
  log: LogKind,
  options: Arguments,
  until: number,
  program: ReturnType<typeof buildServices>,
): Promise<Outcome[]> {
  const random = seededRandom(options.seed);
  const outcomes: Outcome[] = [];
  const startedAt = Date.now();
  const tell = (line: string): void => console.log(`${((Date.now() - startedAt) / 1_000).toFixed(1).padStart(7)} s  ${line}`);
  console.log(`\n${log}: seed ${options.seed}`);
  const world = await startWorld({
    seed: options.seed,
    log,
    program: program.services,
    providerProgram: program.provider,
    emulatorsProgram: program.emulators,
  });
  const stopOnSignal = (): void => void world.stop().finally(() => process.exit(130));
  process.once('SIGINT', stopOnSignal);
  try {
    await settle(world, options.seed, tell);
    let round = 0;
    for (const fault of plan(log, options, until, random)) {
      round++;
      tell(`${round}. ${fault.name}`);
      const passed = await survives(world, fault, { seed: options.seed, round, random, tell });
      outcomes.push({ name: `${log}: ${fault.name}`, passed });
      if (!passed) break;
    }
  } catch (error) {
    tell(`failed: ${String(error)}`);
    outcomes.push({ name: `${log}: starting`, passed: false });
  } finally {
    process.removeListener('SIGINT', stopOnSignal);
    await world.stop();
    if (outcomes.some(({ passed }) => !passed)) console.log(`logs of the services: ${world.directory}`);
  }
  return outcomes;
}

async function survives(world: World, fault: Fault, options: Parameters<typeof playRound>[2]): Promise<boolean> {
  try {
    await playRound(world, fault, options);
    options.tell('   all invariants hold');
    return true;
  } catch (error) {
    options.tell(`   FAILED: ${error instanceof Error ? error.message : String(error)}`);
    console.log(
      `again: the same options with --seed ${options.seed}; this fault alone: add --log ${world.log.kind} --only '${fault.name}'`,
    );
    return false;
  }
}

/**
 * `only`: the faults so named, once or for the time given. Else the bounded plan in the seed's order, so that none is always the one for
 * which there is no time, as far as it gets by `until` but its first round at least; or with a time alone one without end.
 */
function* plan(log: LogKind, { bounded, only }: Arguments, until: number, random: SeededRandom): Generator<Fault> {
  const named = only === undefined ? [] : faultsCalled(log, only);
  if (bounded) {
    const rounds = only === undefined ? random.shuffle(boundedPlan(log)) : [...named];
    for (let next = rounds.shift(); next !== undefined; next = Date.now() < until ? rounds.shift() : undefined) yield next;
    for (const { name } of rounds) console.log(`not tried, the time was up: ${name}`);
    return;
  }
  for (const fault of only === undefined ? randomPlan(log, random) : endless(named)) {
    if (Date.now() >= until) return;
    yield fault;
  }
}

/** The instant after which a log's rounds do not begin: the time is shared by what each log has to do, its start included. */
function untilFor(log: LogKind, { bounded, minutes = Number.POSITIVE_INFINITY, logs }: Arguments, startedAt: number): number {
  const weightOf = (each: LogKind): number => (bounded ? boundedPlan(each).length + 3 : 1);
  const weigh = (some: readonly LogKind[]): number => some.reduce((sum, each) => sum + weightOf(each), 0);
  return startedAt + (minutes * 60_000 * weigh(logs.slice(0, logs.indexOf(log) + 1))) / weigh(logs);
}

function* endless(faults: readonly Fault[]): Generator<Fault> {
  while (faults.length > 0) yield* faults;
}

async function main(): Promise<void> {
  let options: Arguments;
  if (process.argv.includes('--help')) {
    console.log(usage);
    return;
  }
  try {
    options = readArguments(process.argv.slice(2));
  } catch (error) {
    console.error(`${(error as Error).message}\n${usage}`);
    process.exitCode = 2;
    return;
  }
  // Until the sum is told: a run that ends before it has failed.
  process.exitCode = 1;
  const build = join(projectRoot, '.state', 'faults', `build-${process.pid}`);
  const program = buildServices(build);
  const outcomes: Outcome[] = [];
  const startedAt = Date.now();
  for (const log of options.logs)
    if (options.only === undefined || faultsCalled(log, options.only).length > 0)
      outcomes.push(...(await tryLog(log, options, untilFor(log, options, startedAt), program)));
  rmSync(build, { recursive: true, force: true });
  const failed = outcomes.filter(({ passed }) => !passed);
  const counts = { numPassedTests: outcomes.length - failed.length, numFailedTests: failed.length, numRuntimeErrorTestSuites: 0 };
  if (options.json !== undefined) writeFileSync(options.json, JSON.stringify({ seed: options.seed, ...counts, outcomes }));
  console.log(`\nseed ${options.seed}: ${counts.numPassedTests} faults survived, ${counts.numFailedTests} did harm`);
  if (failed.length === 0 && outcomes.length > 0) process.exitCode = 0;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});

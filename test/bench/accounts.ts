import { paymentLoad } from '#simulator/payment-load';
import type { BenchOptions } from './arguments';
import { drainRate, ProgressProbe } from './drain-watch';
import type { Figure } from './figure';
import type { Ground } from './ground';
import { profileArgs } from './profile';
import { usageOf } from './process-usage';
import { appendAll } from './produce';

const topic = 'payment-events';
const GOAL_COST = 1.2;
const GOAL_MB = 1_024;
/** The rate counts only once most accounts have a state: over the last part of the backlog. */
const COUNTED_FROM = 0.7;

/** (d): the same number of accounts in the log as in the name, twice as many events and at least 400,000, drained by one process. */
export async function measureAccounts(ground: Ground, options: BenchOptions, tell: (line: string) => void): Promise<Figure[]> {
  const figures: Figure[] = [];
  const rates: number[] = [];
  for (const accounts of options.sizes) {
    await ground.freshTopics();
    const { rate, rssMb, peakMb } = await drain(ground, options, accounts);
    rates.push(rate);
    tell(`${accounts} accounts: ${Math.round(rate)} events/s, ${Math.round(rssMb)} MB resident`);
    figures.push({ name: `(d) events/s at ${accounts.toLocaleString('en')} accounts`, value: rate, unit: 'events/s' });
    const isLargest = accounts === Math.max(...options.sizes);
    const goal = isLargest ? { goal: { atMost: GOAL_MB } } : {};
    figures.push({ name: `(d) resident at ${accounts.toLocaleString('en')} accounts`, value: rssMb, unit: 'MB' });
    figures.push({ name: `(d) resident at most, ${accounts.toLocaleString('en')} accounts`, value: peakMb, unit: 'MB', ...goal });
  }
  if (rates.length > 1)
    figures.push({
      name: `(d) cost an event, most accounts ÷ fewest`,
      value: rates[0]! / rates.at(-1)!,
      unit: '×',
      goal: { atMost: GOAL_COST },
    });
  return figures;
}

async function drain(ground: Ground, options: BenchOptions, accounts: number) {
  const events = Math.max(400_000, accounts * 2);
  const log = await ground.openLog();
  const writer = await log.writer();
  const stepMs = 100_000 / accounts;
  await appendAll(writer, topic, paymentLoad({ seed: 2, accounts, events, from: Date.now() - events * stepMs, stepMs }));
  await writer.close();
  await log.close();
  const databaseUrl = await ground.freshDatabase();
  const probe = await ProgressProbe.open(databaseUrl);
  const nodeArgs = profileArgs(options.profile, `accounts-${accounts}`);
  const detector = await ground.service('detector', { databaseUrl, nodeArgs });
  try {
    detector.start();
    const rate = drainRate(await probe.untilCommitted(events), COUNTED_FROM);
    return { rate, ...usageOf(detector.pid!) };
  } finally {
    await probe.close();
    await (options.profile === undefined ? detector.kill9() : detector.stop());
    await ground.dropDatabase(databaseUrl);
  }
}

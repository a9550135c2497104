import { setTimeout as sleep } from 'node:timers/promises';
import { seconds } from '#kernel/time';
import type { Log } from '#stream/log';
import type { BenchOptions } from './arguments';
import { type Figure, type Goal, median, percentile } from './figure';
import type { Ground } from './ground';
import { type LiveScene, openLiveScene, topic } from './live-scene';
import { readBack } from './read-back';
import { killAndCatchUp } from './recovery';
import { eventIdsOf } from './told-journal';

/** The broker compiles itself for most of a minute. */
const WARM_UP_MS = seconds(50);
const BETWEEN_KILLS_MS = seconds(8);

type Tell = (line: string) => void;

/** (c) and (e): detector, casework, actuator and a provider under a fixed rate. */
export async function measureLatency(ground: Ground, options: BenchOptions, tell: Tell): Promise<Figure[]> {
  const scene = await openLiveScene(ground, options);
  try {
    tell(`${scene.feed.total} events are folded; now ${options.rate} events/s for ${options.seconds} s`);
    const latencies = await measureLive(scene, options);
    const recovery = await measureKills(scene, options, tell);
    await scene.load.stop();
    return [...(await latencies(tell)), ...recovery];
  } finally {
    await scene.close();
  }
}

/**
 * An event's time of append is the broker's own (LogAppendTime, read back from the topic at the end), a finding's is the commit
 * timestamp of its transaction, a provider's the moment at which it had read the call. Every sample counts; no buckets.
 */
async function measureLive(scene: LiveScene, options: BenchOptions): Promise<(tell: Tell) => Promise<Figure[]>> {
  await sleep(WARM_UP_MS);
  scene.planted.clear();
  await sleep(seconds(options.seconds));
  const planted = [...scene.planted];
  await sleep(seconds(3));
  const committed = await scene.journal.commitTimes();
  const called = new Map(scene.services.provider.record.all().map(({ paymentId, at }) => [paymentId, Date.parse(at)]));
  return async (tell) => {
    const appended = await appendTimes(scene.log, topic, scene.from, (value) => [(JSON.parse(value) as { id: string }).id]);
    const sent = await appendTimes(scene.log, 'findings', [], eventIdsOf);
    const since = (timeOf: (id: string, paymentId: string) => number | undefined): number[] =>
      planted
        .map(([id, paymentId]) => (timeOf(id, paymentId) ?? Number.NaN) - appended.get(id)!)
        .filter((ms) => !Number.isNaN(ms));
    const toCommit = since((id) => committed.get(id));
    const toCall = since((_, paymentId) => called.get(paymentId));
    tell(`${planted.length} second payments, ${toCommit.length} findings, ${toCall.length} calls of the provider`);
    return [
      { name: '(c) second payments at the fixed rate', value: planted.length, unit: 'events' },
      { name: '(c) of these without a finding', value: planted.length - toCommit.length, unit: 'events', goal: { atMost: 0 } },
      { name: '(c) of these without a call', value: planted.length - toCall.length, unit: 'events', goal: { atMost: 0 } },
      ...quantiles('(c) appended → finding committed', toCommit, { p99: { atMost: 100 }, 'p99.9': { atMost: 250 } }),
      ...quantiles(
        '(c) appended → finding in its topic',
        since((id) => sent.get(id)),
        {},
      ),
      ...quantiles('(c) appended → provider called', toCall, { p99: { atMost: 1_000 } }),
    ];
  };
}

async function measureKills({ services, probe, feed }: LiveScene, { kills }: BenchOptions, tell: Tell): Promise<Figure[]> {
  const caughtUp: number[] = [];
  for (let kill = 1; kill <= kills; kill++) {
    caughtUp.push(await killAndCatchUp(services.service('detector'), probe, feed));
    tell(`kill ${kill}: caught up after ${Math.round(caughtUp.at(-1)!)} ms`);
    await sleep(BETWEEN_KILLS_MS);
  }
  if (kills === 0) return [];
  return [
    { name: '(e) kill -9 → caught up, median', value: median(caughtUp), unit: 'ms' },
    { name: '(e) kill -9 → caught up, worst', value: Math.max(...caughtUp), unit: 'ms', goal: { atMost: 5_000 } },
  ];
}

/** The first time that each id was appended. */
async function appendTimes(
  log: Log,
  of: string,
  from: readonly number[],
  idsOf: (value: string) => readonly string[],
): Promise<Map<string, number>> {
  const times = new Map<string, number>();
  await readBack(log, of, from, ({ value, appendedAt }) => {
    for (const id of value === null ? [] : idsOf(value.toString('utf8'))) if (!times.has(id)) times.set(id, appendedAt);
  });
  return times;
}

function quantiles(name: string, values: readonly number[], goals: Readonly<Record<string, Goal>>): Figure[] {
  return Object.entries({ p50: 0.5, p99: 0.99, 'p99.9': 0.999 }).map(([quantile, share]) => ({
    name: `${name}, ${quantile}`,
    value: percentile(values, share),
    unit: 'ms',
    ...(goals[quantile] && { goal: goals[quantile] }),
  }));
}

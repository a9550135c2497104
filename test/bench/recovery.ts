import { setTimeout as sleep } from 'node:timers/promises';
import type { ServiceProcess } from '#test/faults/service-process';
import type { ProgressProbe } from './drain-watch';
import type { Feed } from './live-load';

const LIMIT_MS = 60_000;
/** Caught up: everything is committed but for the traffic of the last moment. */
const MOMENT_MS = 250;

/** From `kill -9` of a service, started again at once, until it has committed all but the last moment's traffic. Milliseconds. */
export async function killAndCatchUp(detector: ServiceProcess, probe: ProgressProbe, feed: Feed): Promise<number> {
  const killedAt = performance.now();
  await detector.kill9();
  const atKill = feed.total;
  detector.start();
  for (;;) {
    const { at, committed } = await probe.sample();
    if (committed > atKill && committed >= feed.totalAt(at - MOMENT_MS)) return at - killedAt;
    if (at - killedAt > LIMIT_MS) throw new Error(`after ${LIMIT_MS} ms ${committed} of ${feed.total} events are committed`);
    await sleep(10);
  }
}

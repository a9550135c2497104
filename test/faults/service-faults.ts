import { setTimeout as sleep } from 'node:timers/promises';

import { failpointNames, type FailpointName } from '#stream/failpoint';

import { everyLog, type Fault } from './fault';
import type { ServiceProcess } from './service-process';
import { serviceNames, type ServiceName } from './world';

/** Longer than the lease of `world-config.ts` and the shortest session of a broker. */
const longerThanLeaseMs = 4_500;

/** What a machine with other things to do may take to start a process and to bring events to it. */
const patienceMs = 180_000;

const killed = (name: ServiceName | 'providers'): Fault => ({
  name: `kill -9 ${name}`,
  logs: everyLog,
  targets: [name],
  async strike({ world, random, trafficMs, tell }) {
    const service = name === 'providers' ? world.providers : world.service(name);
    for (let times = random.between(1, 2); times > 0; times--) {
      await sleep(random.between(200, Math.floor(trafficMs / 2)));
      await service.kill9();
      tell(`${name} was killed`);
      await sleep(random.between(0, 400));
      service.start();
      await service.untilReady();
    }
  },
});

/** The process ends itself at the n-th passing of the point; then it starts again, unarmed. */
const failpoint = (point: FailpointName, name: ServiceName): Fault => ({
  name: `failpoint ${point}${point.startsWith('relay') ? ` in ${name}` : ''}`,
  logs: everyLog,
  targets: [name],
  async strike({ world, random, trafficMs, tell }) {
    const service = world.service(name);
    await service.stop();
    const armed = `${point}:${random.between(1, 4)}`;
    service.start({ MAKEWHOLE_FAILPOINT: armed });
    tell(`${name} runs with failpoint ${armed}`);
    if (!(await service.untilGone(trafficMs + patienceMs))) throw new Error(`${name} never came to ${armed}`);
    tell(`${name} ended itself`);
    service.start();
    await service.untilReady();
  },
});

/** Stopped for longer than its lease while another of its kind takes over, then let loose: a zombie that believes it still owns. */
const zombie = (name: ServiceName): Fault => ({
  name: `zombie ${name}`,
  logs: everyLog,
  targets: [name],
  async strike({ world, random, tell }) {
    const sleeper = world.service(name);
    const other = await world.startAnother(name);
    await sleep(random.between(500, 1_500));
    sleeper.signal('SIGSTOP');
    tell(`${name} is frozen`);
    await sleep(longerThanLeaseMs + random.between(0, 1_000));
    sleeper.signal('SIGCONT');
    tell(`${name} is let loose`);
    await sleep(1_500);
    await other.stop();
  },
});

/** A second process starts and shares, the first is killed, and starts again: partitions move to and fro under load. */
const shared = (name: ServiceName): Fault => ({
  name: `two processes of ${name}`,
  logs: everyLog,
  targets: [name],
  async strike({ world, random, tell }) {
    const first = world.service(name);
    const second = await world.startAnother(name);
    tell(`two processes of ${name} share its partitions`);
    await sleep(random.between(1_000, 2_500));
    await first.kill9();
    await sleep(random.between(300, 2_500));
    await restart(first);
    await sleep(1_000);
    await second.stop();
  },
});

async function restart(service: ServiceProcess): Promise<void> {
  service.start();
  await service.untilReady();
}

const ownerOf = (point: FailpointName): ServiceName => serviceNames.find((name) => point.startsWith(name)) ?? 'detector';
const relays: readonly ServiceName[] = ['detector', 'casework', 'actuator'];

export const serviceFaults: readonly Fault[] = [
  ...serviceNames.map(killed),
  killed('providers'),
  ...failpointNames.filter((point) => !point.startsWith('relay')).map((point) => failpoint(point, ownerOf(point))),
  ...failpointNames.filter((point) => point.startsWith('relay')).flatMap((point) => relays.map((name) => failpoint(point, name))),
  ...relays.map(zombie),
  ...relays.map(shared),
];

import { setTimeout as sleep } from 'node:timers/promises';

import { everyLog, type Fault } from './fault';

const postgresKilled: Fault = {
  name: 'postgres killed and restarted',
  logs: everyLog,
  targets: ['postgres'],
  async strike({ world, random, tell }) {
    await sleep(random.between(500, 2_000));
    await world.killPostgres();
    tell('Postgres was killed');
    await sleep(random.between(200, 2_000));
    await world.restartPostgres();
    tell('Postgres runs again');
  },
};

/** `text` as it stands in the request that a service waits for: SQL, or the name of a prepared statement. */
const answerLost = (text: string, where: string): Fault => ({
  name: `answer to ${where} lost`,
  logs: everyLog,
  targets: ['connections'],
  async strike({ world, random, trafficMs, tell }) {
    for (let times = random.between(2, 4); times > 0; times--) {
      await sleep(random.between(100, 800));
      const cut = world.proxy.swallowAnswerTo(text, random.between(50, 300)).then(() => true);
      if (!(await Promise.race([cut, sleep(trafficMs + 60_000, false, { ref: false })])))
        throw new Error(`no service came to ${where}`);
      tell(`a connection was cut after ${where}`);
    }
  },
});

const brokerKilled: Fault = {
  name: 'broker killed and restarted',
  logs: ['kafka'],
  targets: ['log'],
  async strike({ world, random, tell }) {
    await sleep(random.between(500, 2_000));
    await world.log.kill9(0);
    tell('the broker was killed');
    await sleep(random.between(200, 1_500));
    await world.log.restart(0);
    tell('the broker runs again');
  },
};

/** Gateway and relays are sending: what was acknowledged must be there although a leader died with it. */
const oneOfThreeKilled: Fault = {
  name: 'one of three brokers killed',
  logs: ['cluster'],
  targets: ['log'],
  async strike({ world, random, trafficMs, tell }) {
    await sleep(random.between(500, Math.floor(trafficMs / 2)));
    const node = random.between(0, 2);
    await world.log.kill9(node);
    tell(`broker ${node + 1} of 3 was killed`);
    await sleep(random.between(2_000, 5_000));
    await world.log.restart(node);
    tell(`broker ${node + 1} of 3 runs again`);
  },
};

export const storageFaults: readonly Fault[] = [
  postgresKilled,
  answerLost('\u0000commit\u0000', "the detector's commit"),
  answerLost('COMMIT', 'COMMIT'),
  { ...answerLost('log.append', 'an append'), logs: ['postgres'] },
  brokerKilled,
  oneOfThreeKilled,
];

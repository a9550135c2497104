import { setTimeout as sleep } from 'node:timers/promises';

import { openKafkaLog } from '#kafka/kafka-log';
import { openPostgresLog } from '#postgres/postgres-log';
import type { Log } from '#stream/log';

import { everyLog, type Fault } from './fault';
import { poisonRecords } from './poison';
import type { World } from './world';

const openLog = (world: World): Promise<Log> =>
  world.log.brokers.length > 0
    ? openKafkaLog({ brokers: [...world.log.brokers], clientId: 'poison' })
    : openPostgresLog(world.databaseUrl);

/** Written straight into the log, past the gateway, as another producer might; then the same once more. */
const poison: Fault = {
  name: 'poison of every kind',
  logs: everyLog,
  targets: ['stream'],
  async strike({ world, random, tell }) {
    const log = await openLog(world);
    const writer = await log.writer();
    try {
      const round = random.between(1, 1_000_000);
      const records = poisonRecords(round, Date.now());
      await writer.append('payment-events', records);
      await sleep(random.between(200, 1_500));
      await writer.append('payment-events', random.shuffle(records));
      tell(`${records.length} poisoned records were written twice`);
    } finally {
      await writer.close();
      await log.close();
    }
  },
};

export const streamFaults: readonly Fault[] = [poison];

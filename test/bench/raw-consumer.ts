import { randomUUID } from 'node:crypto';
import { Kafka, logLevel } from 'kafkajs';

/**
 * The baseline of the throughput goals: kafkajs `eachBatch` with `JSON.parse` of each value and nothing else. Run in a process of
 * its own, so that neither our timer patch nor the code under test shares its heap:
 * `node … test/bench/raw-consumer.ts <brokers> <topic> <events> <bytes a partition>` prints one JSON object.
 */
export interface RawResult {
  readonly events: number;
  readonly eventsPerSecond: number;
  readonly bytesPerPartition: number;
  /** Of this process, user and system, from the first batch on. */
  readonly cpuSeconds: number;
}

/** `bytesPerPartition`: kafkajs's default is 1 MiB; we read with 256 KiB. The clock runs from the first batch. */
export async function consumeRaw(
  brokers: readonly string[],
  topic: string,
  events: number,
  bytesPerPartition: number,
): Promise<RawResult> {
  const client = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING });
  const consumer = client.consumer({ groupId: `raw-${randomUUID()}`, maxBytesPerPartition: bytesPerPartition });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  let seen = 0;
  let withId = 0;
  let startedAt = 0;
  let cpuBefore = process.cpuUsage();
  await new Promise<void>((resolve, reject) => {
    consumer.on(consumer.events.CRASH, ({ payload }) => payload.restart || reject(payload.error));
    const running = consumer.run({
      autoCommit: false,
      eachBatch: ({ batch }) => {
        if (seen === 0) {
          startedAt = performance.now();
          cpuBefore = process.cpuUsage();
        }
        for (const { value } of batch.messages) {
          const event = JSON.parse(value!.toString('utf8')) as { id?: string };
          if (event.id !== undefined) withId += 1;
        }
        seen += batch.messages.length;
        if (seen >= events) resolve();
        return Promise.resolve();
      },
    });
    running.catch(reject);
  });
  const eventsPerSecond = Math.round(seen / ((performance.now() - startedAt) / 1_000));
  const { user, system } = process.cpuUsage(cpuBefore);
  await consumer.disconnect();
  if (withId !== seen) throw new Error(`${seen - withId} records of ${topic} are no events`);
  return { events: seen, eventsPerSecond, bytesPerPartition, cpuSeconds: (user + system) / 1e6 };
}

if (require.main === module) {
  const [brokers = '', topic = '', events = '0', bytesPerPartition = '1048576'] = process.argv.slice(2);
  void consumeRaw(brokers.split(','), topic, Number(events), Number(bytesPerPartition)).then((result) => {
    process.stdout.write(`${JSON.stringify(result)}\n`);
  });
}

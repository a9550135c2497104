import { setTimeout as sleep } from 'node:timers/promises';
import type { Log, LogRecord } from '#stream/log';
import { openKafkaLog } from '#kafka/kafka-log';
import { startBroker, type RunningBroker } from '#test/kafka/broker';
import { startCluster, type RunningCluster } from '#test/kafka/cluster';

jest.setTimeout(180_000);

/** Everything that partitions 0 to `partitions` hold now, in order of offset. */
async function readAll(log: Log, topic: string): Promise<Map<number, LogRecord[]>> {
  const admin = await log.admin();
  const ranges = await admin.offsets(topic);
  await admin.close();
  const read = new Map<number, LogRecord[]>(ranges.map(({ partition }) => [partition, []]));
  const reader = log.reader({ group: `check-${process.hrtime.bigint()}`, topics: [topic] });
  await reader.start(({ partition, records }) => Promise.resolve(void read.get(partition)?.push(...records)));
  for (const { partition, start } of ranges) await reader.assign(topic, partition, start);
  await until(() => ranges.every(({ partition, start, end }) => (read.get(partition)?.length ?? 0) >= end - start));
  await reader.stop();
  return read;
}

/** Appends numbered records to forty keys of its own until told to stop; keeps the numbers that were acknowledged, by key. */
class Appender {
  readonly acknowledged = new Map<string, number[]>();
  count = 0;
  private stopped = false;
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly log: Log,
    private readonly topic: string,
    private readonly name: string,
  ) {}

  start(): void {
    this.running = this.run();
  }

  stop(): Promise<void> {
    this.stopped = true;
    return this.running;
  }

  private async run(): Promise<void> {
    const writer = await this.log.writer();
    for (let next = 0; !this.stopped;) {
      const records = Array.from({ length: 400 }, () => ({ key: `${this.name}-${next % 40}`, value: String(next++) }));
      await writer.append(this.topic, records);
      for (const { key, value } of records) this.acknowledged.set(key, [...(this.acknowledged.get(key) ?? []), Number(value)]);
      this.count += records.length;
    }
    await writer.close();
  }
}

/** The numbers in the log, each where it stands first: what readers that know redeliveries by their ids see. */
function firstSeen(read: Map<number, LogRecord[]>): Map<string, number[]> {
  const byKey = new Map<string, Set<number>>();
  for (const records of read.values()) {
    for (const { key, value } of records) byKey.set(key!, (byKey.get(key!) ?? new Set()).add(Number(value)));
  }
  return new Map([...byKey].map(([key, numbers]) => [key, [...numbers]]));
}

async function until(holds: () => boolean, withinMs = 60_000): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`did not come true within ${withinMs} ms: ${holds.toString()}`);
    await sleep(20);
  }
}

async function createTopic(log: Log, topic: string, partitions: number): Promise<void> {
  const admin = await log.admin();
  await admin.ensureTopics([{ topic, partitions }]);
  await admin.close();
}

describe('three brokers of which one dies during appends', () => {
  let cluster: RunningCluster;
  let log: Log;
  beforeAll(async () => {
    cluster = await startCluster();
    log = await openKafkaLog({ brokers: cluster.brokers, clientId: 'faults' });
  });
  afterAll(async () => {
    await log.close();
    await cluster.stop();
  });

  it('loses nothing that was acknowledged, keeps the order of each key, and reading goes on without a gap', async () => {
    const topic = 'appended-while-dying';
    await createTopic(log, topic, 6);
    const read = new Map<number, number[]>();
    const reader = log.reader({ group: 'through-the-fault', topics: [topic] });
    await reader.start(({ partition, records }) =>
      Promise.resolve(void read.set(partition, [...(read.get(partition) ?? []), ...records.map(({ offset }) => offset)])),
    );
    for (let partition = 0; partition < 6; partition++) await reader.assign(topic, partition, 0);

    const appenders = ['ann', 'bob', 'cid'].map((name) => new Appender(log, topic, name));
    for (const appender of appenders) appender.start();
    const count = (): number => appenders.reduce((sum, appender) => sum + appender.count, 0);
    await until(() => count() >= 4_000);
    await cluster.nodes[1]!.kill9();
    const atDeath = count();
    await until(() => count() >= atDeath + 4_000);
    await Promise.all(appenders.map((appender) => appender.stop()));

    const stored = await readAll(log, topic);
    const seen = firstSeen(stored);
    for (const [key, numbers] of appenders.flatMap(({ acknowledged }) => [...acknowledged])) {
      const inLog = new Set(seen.get(key));
      expect(numbers.filter((number) => !inLog.has(number))).toEqual([]);
      expect(seen.get(key)).toEqual([...seen.get(key)!].sort((left, right) => left - right));
    }
    const ends = new Map([...stored].map(([partition, records]) => [partition, records.length]));
    await until(() => [...ends].every(([partition, end]) => (read.get(partition)?.length ?? 0) >= end));
    for (const [partition, end] of ends) expect(read.get(partition)).toEqual(Array.from({ length: end }, (_, offset) => offset));
    await reader.stop();
  });
});

describe('a single broker that is killed and started again', () => {
  let broker: RunningBroker;
  let log: Log;
  beforeAll(async () => {
    broker = await startBroker();
    log = await openKafkaLog({ brokers: broker.brokers, clientId: 'faults' });
  });
  afterAll(async () => {
    await log.close();
    await broker.stop();
  });

  it('is waited for: appends in hand succeed, the reader goes on where it was', async () => {
    const topic = 'over-a-restart';
    await createTopic(log, topic, 2);
    const offsets: number[][] = [[], []];
    const reader = log.reader({ group: 'over-a-restart', topics: [topic] });
    await reader.start(({ partition, records }) =>
      Promise.resolve(void offsets[partition]!.push(...records.map(({ offset }) => offset))),
    );
    for (const partition of [0, 1]) await reader.assign(topic, partition, 0);
    const writer = await log.writer();
    await writer.append(topic, [{ key: 'a', value: '1' }]);
    await until(() => offsets.flat().length === 1);

    await broker.kill9();
    const during = writer.append(topic, [{ key: 'a', value: '2' }]);
    await broker.restart();
    await during;
    await writer.append(topic, [{ key: 'a', value: '3' }]);
    await until(() => offsets.flat().length >= 3);
    const [partition] = offsets.filter((each) => each.length > 0);
    expect(partition).toEqual(Array.from({ length: partition!.length }, (_, offset) => offset));
    await reader.stop();
    await writer.close();
  });

  it('that stays away fails an append in bounded time, with what to do', async () => {
    const topic = 'stays-away';
    await createTopic(log, topic, 1);
    const impatient = await openKafkaLog({ brokers: broker.brokers, clientId: 'impatient', deliveryTimeoutMs: 2_000 });
    const writer = await impatient.writer();
    await writer.append(topic, [{ key: 'a', value: '1' }]);
    await broker.kill9();
    const startedAt = Date.now();
    await expect(writer.append(topic, [{ key: 'a', value: '2' }])).rejects.toThrow('was not confirmed within 2000 ms');
    expect(Date.now() - startedAt).toBeLessThan(60_000);
    await broker.restart();
    await writer.append(topic, [{ key: 'a', value: '3' }]);
    await impatient.close();
  });
});

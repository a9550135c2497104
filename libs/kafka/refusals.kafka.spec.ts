import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { CompressionCodecs, CompressionTypes, Kafka, logLevel, type Admin } from 'kafkajs';
import { OffsetOutOfRange, type Log } from '#stream/log';
import { openKafkaLog } from '#kafka/kafka-log';
import { startBroker, type RunningBroker } from '#test/kafka/broker';

jest.setTimeout(90_000);

/** What a reader refuses rather than skip. */
describe('a reader over a real broker', () => {
  let broker: RunningBroker;
  let client: Kafka;
  let admin: Admin;
  const failures: Error[] = [];
  let log: Log;
  let topic: string;

  beforeAll(async () => {
    broker = await startBroker();
    client = new Kafka({ brokers: broker.brokers, logLevel: logLevel.NOTHING });
    admin = client.admin();
    await admin.connect();
    log = await openKafkaLog({ brokers: broker.brokers, clientId: 'refusals', onFailure: (error) => failures.push(error) });
  });
  afterAll(async () => {
    await admin.disconnect();
    await log.close();
    await broker.stop();
  });
  beforeEach(async () => {
    failures.length = 0;
    topic = `refusals-${randomUUID()}`;
    const logAdmin = await log.admin();
    await logAdmin.ensureTopics([{ topic, partitions: 1 }]);
    await logAdmin.close();
  });

  const append = async (count: number): Promise<void> => {
    const writer = await log.writer();
    await writer.append(
      topic,
      Array.from({ length: count }, (_, index) => ({ key: 'k', value: `${index} ${'x'.repeat(5_000)}` })),
    );
    await writer.close();
  };
  const until = async (holds: () => boolean): Promise<void> => {
    for (const deadline = Date.now() + 20_000; !holds() && Date.now() < deadline;) await sleep(20);
    expect(holds()).toBe(true);
  };

  it('fails loudly when retention deleted what it would read next, and delivers nothing beyond the gap', async () => {
    await append(1_000);
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const offsets: number[] = [];
    const reader = log.reader({ group: randomUUID(), topics: [topic] });
    await reader.start(async ({ records }) => {
      offsets.push(...records.map(({ offset }) => offset));
      await held;
    });
    await reader.assign(topic, 0, 0);
    await until(() => offsets.length > 0);
    await admin.fetchTopicOffsets(topic);
    await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '900' }] });
    release();
    await until(() => failures.length > 0);
    await sleep(500);
    expect(failures[0]).toBeInstanceOf(OffsetOutOfRange);
    expect(offsets.at(-1)).toBeLessThan(900);
    await reader.stop();
    const again = log.reader({ group: randomUUID(), topics: [topic] });
    await again.start(() => Promise.resolve());
    await expect(again.assign(topic, 0, 5)).rejects.toThrow(OffsetOutOfRange);
    await again.stop();
  });

  it('says what to do when records are compressed in a way that is not built in', async () => {
    const registry = CompressionCodecs as Record<number, () => { compress(encoder: { buffer: Buffer }): Promise<Buffer> }>;
    const unregistered = registry[CompressionTypes.Snappy]!;
    registry[CompressionTypes.Snappy] = () => ({ compress: ({ buffer }) => Promise.resolve(snappy(buffer)) });
    const producer = client.producer();
    await producer.connect();
    await producer.send({ topic, compression: CompressionTypes.Snappy, messages: [{ key: 'k', value: 'v' }] });
    await producer.disconnect();
    registry[CompressionTypes.Snappy] = unregistered;

    const reader = log.reader({ group: randomUUID(), topics: [topic] });
    await reader.start(() => Promise.resolve());
    await reader.assign(topic, 0, 0);
    await until(() => failures.length > 0);
    expect(failures[0]?.message).toMatch(/compressed in a way that is not built in.*Snappy.*compression\.type/);
    await reader.stop();
  });

  it('reads what a transactional producer of others wrote, over its control records, up to the end', async () => {
    const producer = client.producer({ transactionalId: randomUUID(), idempotent: true, maxInFlightRequests: 1 });
    await producer.connect();
    for (const value of ['committed', 'aborted']) {
      const transaction = await producer.transaction();
      await transaction.send({ topic, messages: [{ key: 'k', value }] });
      await (value === 'committed' ? transaction.commit() : transaction.abort());
    }
    await producer.disconnect();
    const seen: string[] = [];
    let atEnd = 0;
    const reader = log.reader({ group: randomUUID(), topics: [topic] });
    await reader.start(({ records, endOffset }) => {
      seen.push(...records.map(({ value }) => String(value)));
      if (records.length === 0) atEnd = endOffset;
      return Promise.resolve();
    });
    await reader.assign(topic, 0, 0);
    await until(() => atEnd > 0);
    expect({ seen, atEnd }).toEqual({ seen: ['committed'], atEnd: 1 });
    expect(failures).toEqual([]);
    await reader.stop();
  });
});

/** Snappy with literals only, in the frame that Java's SnappyInputStream reads. */
function snappy(bytes: Buffer): Buffer {
  const block = Buffer.concat([varint(bytes.length), literal(bytes)]);
  const header = Buffer.from([0x82, ...Buffer.from('SNAPPY'), 0, 0, 0, 0, 1, 0, 0, 0, 1]);
  const length = Buffer.alloc(4);
  length.writeInt32BE(block.length);
  return Buffer.concat([header, length, block]);
}

const varint = (value: number): Buffer => Buffer.from(value < 128 ? [value] : [(value & 127) | 128, value >> 7]);
const literal = (bytes: Buffer): Buffer =>
  Buffer.concat([Buffer.from(bytes.length <= 60 ? [(bytes.length - 1) << 2] : [60 << 2, bytes.length - 1]), bytes]);

import { setTimeout as sleep } from 'node:timers/promises';
import { openKafkaLog } from '#kafka/kafka-log';
import { kafkaOptions, type KafkaSettings } from '#kafka/options';
import { type SecureBroker, startSecureBroker } from '#test/kafka/secure-broker';

jest.setTimeout(90_000);

describe('a broker that asks for TLS and a login', () => {
  let broker: SecureBroker;
  beforeAll(async () => void (broker = await startSecureBroker()));
  afterAll(() => broker.stop());

  const settings = (more: Partial<KafkaSettings>): KafkaSettings => ({
    ...{ brokers: broker.brokers, clientId: 'secure', tls: true, caFile: broker.caFile, certificateFile: '', keyFile: '' },
    ...{ saslMechanism: 'plain', saslUsername: broker.username, saslPassword: broker.password, deliveryTimeoutMs: 30_000 },
    ...more,
  });

  it.each(['plain', 'scram-sha-256', 'scram-sha-512'] as const)('is written to and read from by %s', async (saslMechanism) => {
    const log = await openKafkaLog(kafkaOptions(settings({ saslMechanism })));
    const topic = `secure-${saslMechanism}`;
    const admin = await log.admin();
    await admin.ensureTopics([{ topic, partitions: 1 }]);
    const writer = await log.writer();
    await writer.append(topic, [{ key: 'a', value: 'told' }]);
    const read: string[] = [];
    const reader = log.reader({ group: topic, topics: [topic] });
    await reader.start(({ records }) => Promise.resolve(void read.push(...records.map(({ value }) => String(value)))));
    await reader.assign(topic, 0, 0);
    for (const deadline = Date.now() + 20_000; read.length === 0 && Date.now() < deadline;) await sleep(20);
    expect(read).toEqual(['told']);
    await log.close();
  });

  it.each([
    ['a wrong password', { saslPassword: 'wrong' }, /refuses the login of makewhole by plain.*log\.kafka\.saslUsername/],
    ['a wrong password by SCRAM', { saslMechanism: 'scram-sha-512', saslPassword: 'wrong' }, /refuses the login/],
    ['a certificate that no authority at hand vouches for', { caFile: '' }, /certificate.*log\.kafka\.caFile/],
  ] as const)('refuses %s at once, and says what to look at, not the password', async (_what, more, message) => {
    const startedAt = Date.now();
    const refused = await openKafkaLog(kafkaOptions(settings(more))).catch((error: unknown) => error as Error);
    expect(refused).toBeInstanceOf(Error);
    expect((refused as Error).message).toMatch(message);
    expect((refused as Error).message).not.toContain('wrong');
    expect(Date.now() - startedAt).toBeLessThan(15_000);
  });
});

import { describeLog } from '#stream/log-contract';
import { openKafkaLog } from '#kafka/kafka-log';
import { startBroker, type RunningBroker } from '#test/kafka/broker';

jest.setTimeout(120_000);

let broker: RunningBroker;
beforeAll(async () => {
  broker = await startBroker();
});
afterAll(() => broker.stop());

describeLog('Kafka', () => openKafkaLog({ brokers: broker.brokers, clientId: 'contract', endSettlesMs: 3_000 }), { settleMs: 1_500 });

import { Kafka, logLevel, type LogEntry } from 'kafkajs';
import type { KafkaOptions, KafkaReport } from '#kafka/options';
import { patchTimers } from '#kafka/timer-patch';

/** Retries inside kafkajs are short: what must go on longer (appends, reading) is tried again by us, where the answer is checked. */
const retry = { initialRetryTime: 100, maxRetryTime: 1_000, retries: 4, factor: 0.2, multiplier: 2 };

export function createClient({ brokers, clientId, ssl, sasl, report }: KafkaOptions): Kafka {
  patchTimers();
  return new Kafka({
    clientId,
    brokers: [...brokers],
    ...(ssl === undefined ? {} : { ssl }),
    ...(sasl === undefined ? {} : { sasl }),
    connectionTimeout: 3_000,
    authenticationTimeout: 10_000,
    requestTimeout: 15_000,
    retry,
    logLevel: logLevel.WARN,
    logCreator: () => (entry) => report?.(toReport(entry)),
  });
}

/** kafkajs calls an error what it will try again; only we know what is one, so its own lines are warnings. */
function toReport({ namespace, log: { message, timestamp: _, logger: __, ...fields } }: LogEntry): KafkaReport {
  return { level: 'warn', message: `kafkajs: ${message}`, fields: { namespace, ...fields } };
}

const connectPatienceMs = 30_000;

/** Connects, trying again for half a minute: brokers and services often start together. */
export async function connectPatiently(connect: () => Promise<void>, { brokers, report }: KafkaOptions): Promise<void> {
  const until = Date.now() + connectPatienceMs;
  for (;;) {
    try {
      return await connect();
    } catch (error) {
      if (Date.now() >= until) throw new Error(`no Kafka broker answers at ${brokers.join(', ')}`, { cause: error });
      report?.({ level: 'warn', message: 'no Kafka broker answers yet', fields: { brokers } });
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
  }
}

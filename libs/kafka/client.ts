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

/**
 * Connects, trying again for half a minute: brokers and services often start together. What no waiting mends, a login that is refused or a
 * certificate that nobody vouches for, is told at once.
 */
export async function connectPatiently(connect: () => Promise<void>, options: KafkaOptions): Promise<void> {
  const { brokers, report } = options;
  const until = Date.now() + connectPatienceMs;
  for (;;) {
    try {
      return await connect();
    } catch (error) {
      const refusal = refusalIn(error, options);
      if (refusal !== undefined) throw new Error(refusal, { cause: error });
      if (Date.now() >= until) throw new Error(`no Kafka broker answers at ${brokers.join(', ')}`, { cause: error });
      report?.({ level: 'warn', message: 'no Kafka broker answers yet', fields: { brokers } });
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
  }
}

const certificateFaults =
  /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_|CERT_|ERR_TLS_CERT_ALTNAME_INVALID)/;

function refusalIn(error: unknown, { brokers, sasl }: KafkaOptions): string | undefined {
  const at = brokers.join(', ');
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { name, code = '', message } = cause as Error & { readonly code?: string };
    if (name === 'KafkaJSSASLAuthenticationError') {
      const { username = '', mechanism = '' } = { ...sasl } as { username?: string; mechanism?: string };
      return `Kafka at ${at} refuses the login of ${username} by ${mechanism}: see log.kafka.saslMechanism, log.kafka.saslUsername and its password`;
    }
    if (certificateFaults.test(code))
      return `the certificate of Kafka at ${at} is not trusted (${message}): see log.kafka.caFile, or the certificate's names and dates`;
  }
  return undefined;
}

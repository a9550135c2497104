import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import type { SASLOptions } from 'kafkajs';

/** What happened inside the client that an operator should know; `warn` heals by itself, `error` does not. */
export interface KafkaReport {
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface KafkaOptions {
  /** host:port */
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly ssl?: ConnectionOptions | boolean;
  readonly sasl?: SASLOptions;
  /** An append that was not confirmed by then has failed; its outcome is unknown. Default 30 s. */
  readonly deliveryTimeoutMs?: number;
  /** How long a partition may hold less than was read of it, as after a change of its leader. Default 45 s. */
  readonly endSettlesMs?: number;
  readonly report?: (report: KafkaReport) => void;
  /** A reader cannot go on: records would be skipped, or cannot be read. Default: thrown, which ends the process. */
  readonly onFailure?: (error: Error) => void;
}

/** The `log.kafka` section of the configuration. */
export interface KafkaSettings {
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly tls: boolean;
  readonly caFile: string;
  readonly certificateFile: string;
  readonly keyFile: string;
  readonly saslMechanism: 'none' | 'plain' | 'scram-sha-256' | 'scram-sha-512';
  readonly saslUsername: string;
  readonly saslPassword: string;
  readonly deliveryTimeoutMs: number;
}

/** Reads the PEM files that the settings name. Throws when one cannot be read. */
export function kafkaOptions(settings: KafkaSettings, report?: (report: KafkaReport) => void): KafkaOptions {
  const { brokers, clientId, deliveryTimeoutMs, tls, saslMechanism, saslUsername, saslPassword } = settings;
  return {
    brokers,
    clientId,
    deliveryTimeoutMs,
    ...(tls ? { ssl: tlsOptions(settings) } : {}),
    ...(saslMechanism === 'none'
      ? {}
      : { sasl: { mechanism: saslMechanism, username: saslUsername, password: saslPassword } as SASLOptions }),
    ...(report === undefined ? {} : { report }),
  };
}

function tlsOptions({ caFile, certificateFile, keyFile }: KafkaSettings): ConnectionOptions {
  return {
    rejectUnauthorized: true,
    ...(caFile === '' ? {} : { ca: readFileSync(caFile) }),
    ...(certificateFile === '' ? {} : { cert: readFileSync(certificateFile), key: readFileSync(keyFile) }),
  };
}

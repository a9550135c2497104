import { dirname } from 'node:path';
import type { Config } from '#config/config';
import type { Log } from '#stream/log';
import type { Logger } from '#telemetry/logger';
import { failed } from '#apps/makewhole/failure';
import { findRunning } from '#apps/makewhole/running';
import { createTopics } from '#apps/makewhole/topics';

/** The database and the log that a process works on. */
export interface Storage {
  readonly databaseUrl: string;
  readonly log: Log;
  /** In words, for the person. */
  readonly description: string;
  close(): Promise<void>;
}

/** The folder of everything that `makewhole run` keeps: the embedded database, the local API key, where it runs. */
export const stateFolder = (config: Config): string => dirname(config.database.directory);

/** Starts an embedded Postgres when no database is named; the log is Kafka when brokers are named and lies in Postgres otherwise. */
export async function openStorage(config: Config, logger: Logger): Promise<Storage> {
  const database = await openDatabase(config);
  const { brokers } = config.log.kafka;
  try {
    const log = await openLog(config, database.url, logger);
    await createTopics(log, config);
    return {
      databaseUrl: database.url,
      log,
      description: `${database.description}, ${brokers.length > 0 ? `Kafka at ${brokers.join(', ')}` : 'log in Postgres'}`,
      async close() {
        await log.close();
        await database.close();
      },
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}

interface Database {
  readonly url: string;
  readonly description: string;
  close(): Promise<void>;
}

async function openDatabase(config: Config): Promise<Database> {
  const { url, directory, port } = config.database;
  if (url !== '') return { url, description: 'Postgres by DATABASE_URL', close: () => Promise.resolve() };
  const running = findRunning(stateFolder(config));
  if (running !== null) {
    const description = `the embedded Postgres of process ${running.pid}`;
    return { url: running.databaseUrl, description, close: () => Promise.resolve() };
  }
  const { startEmbeddedPostgres } = await import('#postgres/embedded');
  try {
    const server = await startEmbeddedPostgres({ directory, durable: true, ...(port === 0 ? {} : { port }) });
    return { url: server.url, description: `embedded Postgres in ${server.directory}`, close: () => server.stop() };
  } catch (error) {
    throw failed(
      `the embedded Postgres in ${directory} did not start: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

async function openLog(config: Config, databaseUrl: string, logger: Logger): Promise<Log> {
  if (config.log.kafka.brokers.length === 0) {
    const { openPostgresLog } = await import('#postgres/postgres-log');
    return openPostgresLog(databaseUrl);
  }
  const { openKafkaLog } = await import('#kafka/kafka-log');
  const { kafkaOptions } = await import('#kafka/options');
  return openKafkaLog(kafkaOptions(config.log.kafka, ({ level, message, fields }) => logger[level](fields, message)));
}

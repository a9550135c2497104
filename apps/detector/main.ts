import type { Config } from '#config/config';
import { detectorSettings } from '#detection/settings';
import { runService } from '#http/run-service';
import { openKafkaLog } from '#kafka/kafka-log';
import { kafkaOptions } from '#kafka/options';
import { openPostgresLog } from '#postgres/postgres-log';
import { armFailpoint } from '#stream/failpoint';
import type { Log } from '#stream/log';
import type { Logger } from '#telemetry/logger';
import { DetectorModule } from '#apps/detector/detector.module';

/** The detector as a process of its own, on the Postgres of DATABASE_URL: Kafka when brokers are named, otherwise the log in Postgres. */
void runService({
  name: 'detector',
  detectors: detectorSettings,
  async start(tools) {
    const databaseUrl = tools.config.database.url;
    if (databaseUrl === '') throw new Error('there is no database: set DATABASE_URL');
    armFailpoint(tools.config.failpoint);
    const log = await openLog(tools.config, tools.logger);
    return { modules: [DetectorModule.register({ ...tools, log, databaseUrl })], close: () => log.close() };
  },
}).then((code) => process.exit(code));

function openLog({ log: { kafka }, database }: Config, logger: Logger): Promise<Log> {
  if (kafka.brokers.length === 0) return openPostgresLog(database.url);
  return openKafkaLog(kafkaOptions(kafka, ({ level, message, fields }) => logger[level](fields, message)));
}

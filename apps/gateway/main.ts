import type { Config } from '#config/config';
import { requiredFields } from '#event/raw-layout';
import { runService } from '#http/run-service';
import { openKafkaLog } from '#kafka/kafka-log';
import { kafkaOptions } from '#kafka/options';
import { openPostgresLog } from '#postgres/postgres-log';
import { armFailpoint } from '#stream/failpoint';
import type { Log } from '#stream/log';
import type { Logger } from '#telemetry/logger';
import { GatewayModule } from '#apps/gateway/gateway.module';

/** The gateway as a process of its own: Kafka when brokers are named, otherwise the log in the Postgres of DATABASE_URL. */
void runService({
  name: 'gateway',
  eventFields: requiredFields,
  async start(tools) {
    armFailpoint(tools.config.failpoint);
    const log = await openLog(tools.config, tools.logger);
    return {
      modules: [GatewayModule.register({ ...tools, log, databaseUrl: tools.config.database.url })],
      close: () => log.close(),
    };
  },
}).then((code) => process.exit(code));

function openLog({ log: { kafka }, database }: Config, logger: Logger): Promise<Log> {
  if (kafka.brokers.length > 0)
    return openKafkaLog(kafkaOptions(kafka, ({ level, message, fields }) => logger[level](fields, message)));
  if (database.url === '') throw new Error('there is no log: set KAFKA_BROKERS, or DATABASE_URL for the log in Postgres');
  return openPostgresLog(database.url);
}

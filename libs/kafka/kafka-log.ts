import { Partitioners, type Kafka } from 'kafkajs';
import type { Log, LogAdmin, LogReader, LogWriter } from '#stream/log';
import { connectPatiently, createClient } from '#kafka/client';
import { KafkaLogAdmin } from '#kafka/log-admin';
import { KafkaLogReader } from '#kafka/log-reader';
import { KafkaLogWriter } from '#kafka/log-writer';
import type { KafkaOptions } from '#kafka/options';
import { partitionOf } from '#kafka/partitioner';

/** Connects to the brokers, waiting for them up to half a minute. Throws when none answers. */
export async function openKafkaLog(options: KafkaOptions): Promise<Log> {
  const client = createClient(options);
  return new KafkaLog(client, options, await connectAdmin(client, options));
}

class KafkaLog implements Log {
  readonly kind = 'kafka';
  readonly partitionOf = partitionOf;
  private readonly open = new Set<{ close(): Promise<void> }>();

  constructor(
    private readonly client: Kafka,
    private readonly options: KafkaOptions,
    private readonly metadata: LogAdmin,
  ) {}

  async writer(): Promise<LogWriter> {
    const producer = this.client.producer({
      createPartitioner: Partitioners.DefaultPartitioner,
      allowAutoTopicCreation: false,
      idempotent: false,
    });
    await connectPatiently(() => producer.connect(), this.options);
    const writer = new KafkaLogWriter({
      producer,
      partitionCount: (topic) => this.metadata.partitionCount(topic),
      deliveryTimeoutMs: this.options.deliveryTimeoutMs ?? 30_000,
      onRetry: (error) => this.report('an append is tried again', error),
    });
    return this.tracked(writer);
  }

  reader({ group, topics }: { readonly group: string; readonly topics: readonly string[] }): LogReader {
    const { client, options, metadata: admin } = this;
    const reader = new KafkaLogReader({ client, group, topics, admin, options, onFailure: options.onFailure ?? endProcess });
    this.open.add({ close: () => reader.stop() });
    return reader;
  }

  async admin(): Promise<LogAdmin> {
    return this.tracked(await connectAdmin(this.client, this.options));
  }

  async close(): Promise<void> {
    await Promise.allSettled([...this.open].map((each) => each.close()));
    await this.metadata.close();
  }

  private tracked<Part extends { close(): Promise<void> }>(part: Part): Part {
    this.open.add(part);
    return part;
  }

  private report(message: string, error: unknown): void {
    this.options.report?.({ level: 'warn', message, fields: { err: error } });
  }
}

async function connectAdmin(client: Kafka, options: KafkaOptions): Promise<LogAdmin> {
  const admin = client.admin();
  await connectPatiently(() => admin.connect(), options);
  return new KafkaLogAdmin(admin);
}

/** A reader that cannot go on must not leave a process behind that looks alive. */
function endProcess(error: Error): void {
  setImmediate(() => {
    throw error;
  });
}

import { randomUUID } from 'node:crypto';

import { Kafka, logLevel, type KafkaConfig, type KafkaMessage } from 'kafkajs';

import type { AuditLog, LoggedPartition, LoggedRecord } from '#apps/makewhole/verify/sources';

/** Reads topics of Kafka from offset zero with a group of its own that it removes again; it commits nothing. */
export function openKafkaAuditLog(settings: KafkaConfig): AuditLog {
  const kafka = new Kafka({ ...settings, logLevel: logLevel.ERROR });
  return {
    partitions: async (topic) => {
      const admin = kafka.admin();
      await admin.connect();
      try {
        return await readEnds(admin, topic);
      } finally {
        await admin.disconnect();
      }
    },
    scan: async (topic, visit) => {
      const admin = kafka.admin();
      await admin.connect();
      try {
        await scanTo(kafka, topic, await readEnds(admin, topic), visit);
      } finally {
        await admin.disconnect();
      }
    },
    close: () => Promise.resolve(),
  };
}

async function readEnds(admin: ReturnType<Kafka['admin']>, topic: string): Promise<readonly LoggedPartition[]> {
  const offsets = await admin.fetchTopicOffsets(topic);
  const cut = offsets.find(({ low }) => low !== '0');
  if (cut) throw new Error(`${topic}/${cut.partition} begins at offset ${cut.low}: the auditor needs the whole log`);
  return offsets
    .map(({ partition, high }) => ({ topic, partition, end: Number(high) }))
    .sort((a, b) => a.partition - b.partition);
}

async function scanTo(
  kafka: Kafka,
  topic: string,
  ends: readonly LoggedPartition[],
  visit: (record: LoggedRecord) => void,
): Promise<void> {
  const left = new Map(ends.filter(({ end }) => end > 0).map(({ partition, end }) => [partition, end]));
  if (left.size === 0) return;
  const consumer = kafka.consumer({ groupId: `makewhole-verify-${randomUUID()}`, maxWaitTimeInMs: 100 });
  await consumer.connect();
  try {
    await consumer.subscribe({ topic, fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
      const running = consumer.run({
        autoCommit: false,
        eachBatch: ({ batch }) => {
          const end = left.get(batch.partition);
          if (end === undefined) return Promise.resolve();
          for (const message of batch.messages)
            if (Number(message.offset) < end) visit(asRecord(topic, batch.partition, message));
          if (Number(batch.lastOffset()) + 1 >= end) left.delete(batch.partition);
          if (left.size === 0) resolve();
          return Promise.resolve();
        },
      });
      running.catch(reject);
    });
  } finally {
    await consumer.disconnect();
  }
}

const asRecord = (topic: string, partition: number, message: KafkaMessage): LoggedRecord => ({
  topic,
  partition,
  offset: Number(message.offset),
  key: message.key?.toString() ?? null,
  value: message.value,
  headers: message.headers && Object.fromEntries(Object.entries(message.headers).map(([name, value]) => [name, String(value)])),
  appendedAt: Number(message.timestamp),
});

import { randomUUID } from 'node:crypto';
import type { Log, LogRecord } from '#stream/log';

/** Hands over every record of a topic from the given offsets (by partition) to its present end. */
export async function readBack(
  log: Log,
  topic: string,
  from: readonly number[],
  onRecord: (record: LogRecord) => void,
): Promise<void> {
  const admin = await log.admin();
  const ends = await admin.offsets(topic);
  await admin.close();
  const open = new Map(
    ends.filter(({ partition, end }) => end > (from[partition] ?? 0)).map(({ partition, end }) => [partition, end]),
  );
  if (open.size === 0) return;
  const reader = log.reader({ group: `bench-${randomUUID()}`, topics: [topic] });
  await new Promise<void>((resolve, reject) => {
    const started = reader.start(({ partition, records }) => {
      const end = open.get(partition);
      if (end === undefined) return Promise.resolve();
      for (const record of records) if (record.offset < end) onRecord(record);
      if ((records.at(-1)?.offset ?? -1) + 1 >= end) open.delete(partition);
      if (open.size === 0) resolve();
      return Promise.resolve();
    });
    started
      .then(() => Promise.all([...open.keys()].map((partition) => reader.assign(topic, partition, from[partition] ?? 0))))
      .catch(reject);
  });
  await reader.stop();
}

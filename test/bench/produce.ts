import type { LogWriter } from '#stream/log';
import type { LoadRecord } from '#simulator/payment-load';

const chunk = 8_000;

/** Appends records as fast as the log takes them; resolves with how many there were, once all are durable. */
export async function appendAll(writer: LogWriter, topic: string, load: Iterable<LoadRecord>): Promise<number> {
  let total = 0;
  let records: { key: string; value: string }[] = [];
  for (const { key, value } of load) {
    records.push({ key, value });
    total += 1;
    if (records.length < chunk) continue;
    await writer.append(topic, records);
    records = [];
  }
  await writer.append(topic, records);
  return total;
}

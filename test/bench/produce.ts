import { seconds } from '#kernel/time';
import type { Log } from '#stream/log';
import { paymentLoad } from '#simulator/payment-load';

export interface Backlog {
  readonly topic: string;
  readonly partitions: number;
  readonly events: number;
  readonly accounts: number;
  readonly seed: number;
}

const chunk = 8_000;

/** Fills a topic with payment events of about 605 bytes over many accounts, ending at the present. Returns events a second. */
export async function produceBacklog(log: Log, { topic, partitions, events, accounts, seed }: Backlog): Promise<number> {
  const admin = await log.admin();
  await admin.ensureTopics([{ topic, partitions }]);
  await admin.close();
  const writer = await log.writer();
  const stepMs = 1;
  const from = Date.now() - seconds(60) - events * stepMs;
  const startedAt = performance.now();
  let records: { key: string; value: string }[] = [];
  for (const { key, value } of paymentLoad({ seed, accounts, events, from, stepMs })) {
    records.push({ key, value });
    if (records.length < chunk) continue;
    await writer.append(topic, records);
    records = [];
  }
  await writer.append(topic, records);
  await writer.close();
  return events / ((performance.now() - startedAt) / 1_000);
}

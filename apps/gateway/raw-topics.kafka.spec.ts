import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openKafkaLog } from '#kafka/kafka-log';
import { openPool } from '#postgres/pool';
import { testDatabase } from '#postgres/test-database';
import type { Log } from '#stream/log';
import { startBroker } from '#test/kafka/broker';

jest.setTimeout(180_000);

const layout = {
  topic: 'raw-orders',
  source: '/raw-orders',
  type: { at: '/what', values: { done: 'order.confirmed' }, ignore: ['noted'] },
  id: '/number',
  time: { at: '/when', as: 'seconds' },
  fields: { '/accountId': '/buyer/id', '/orderId': '/order' },
};
const env = {
  MAKEWHOLE_GATEWAY_RAW_TOPICS: JSON.stringify([layout]),
  MAKEWHOLE_STREAM_LEASE_MS: '1s',
  MAKEWHOLE_STREAM_LEASE_RENEW_MS: '250ms',
};
const orders = 60;
/** Every tenth is no JSON, the one after it is left alone. */
const raw = (n: number) => ({
  key: 'any',
  value:
    n % 10 === 0
      ? `no json ${n}`
      : JSON.stringify({
          what: n % 10 === 1 ? 'noted' : 'done',
          number: `n-${n}`,
          when: 1_772_000_000 + n,
          buyer: { id: `buyer-${n % 7}` },
          order: `o-${n}`,
        }),
});
const numbers = Array.from({ length: orders }, (_, n) => n);

async function recordsOf(log: Log, topic: string) {
  const admin = await log.admin();
  const ranges = await admin.offsets(topic);
  await admin.close();
  const records: { readonly key: string; readonly value: Record<string, unknown> }[] = [];
  const reader = log.reader({ group: `check-${process.hrtime.bigint()}`, topics: [topic] });
  await reader.start((batch) => {
    for (const { key, value } of batch.records)
      records.push({ key: String(key), value: JSON.parse(String(value)) as Record<string, unknown> });
    return Promise.resolve();
  });
  for (const { partition } of ranges) await reader.assign(topic, partition, 0);
  const total = ranges.reduce((sum, { end }) => sum + end, 0);
  while (records.length < total) await sleep(20);
  await reader.stop();
  return records;
}

describe('a raw topic of Kafka', () => {
  it('becomes each event once by its identity, in order, although the reader was killed between an append and its commit', async () => {
    const [broker, database] = await Promise.all([startBroker(), testDatabase()]);
    const log = await openKafkaLog({ brokers: broker.brokers, clientId: 'spec' });
    const pool = openPool(database.url, { max: 1, applicationName: 'spec' });
    const admin = await log.admin();
    await admin.ensureTopics(['raw-orders', 'payment-events', 'dead-letters'].map((topic) => ({ topic, partitions: 2 })));
    const writer = await log.writer();
    let child: ChildProcess | undefined;
    const run = (failpoint?: string): ChildProcess =>
      fork(
        join(__dirname, '../../test/gateway/raw-topics-main.ts'),
        [JSON.stringify({ brokers: broker.brokers, databaseUrl: database.url, env, failpoint })],
        { execArgv: ['--conditions=makewhole-src', '-r', '@swc-node/register'] },
      );
    try {
      await writer.append('raw-orders', numbers.slice(0, 40).map(raw));
      child = run('relay.after-append');
      expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);
      const appended = (await recordsOf(log, 'payment-events')).length;
      expect(appended).toBeGreaterThan(0);
      const waiting = async () =>
        (await pool.query<{ left: number }>('SELECT count(*)::int AS left FROM gateway.outbox')).rows[0]!.left;
      expect(await waiting()).toBeGreaterThanOrEqual(appended);

      await writer.append('raw-orders', numbers.slice(40).map(raw));
      child = run();
      const read = async () => {
        const { rows } = await pool.query<{ read: number }>(
          `SELECT coalesce(sum(next_offset), 0)::int AS read FROM gateway.partition_progress WHERE topic = 'raw-orders'`,
        );
        return rows[0]!.read;
      };
      while ((await read()) < orders || (await waiting()) > 0) await sleep(50);

      const events = await recordsOf(log, 'payment-events');
      const first = new Map(events.toReversed().map(({ value }) => [value['id'], JSON.stringify(value)]));
      expect(events.length - first.size).toBeGreaterThanOrEqual(appended);
      expect(events.filter(({ value }) => first.get(value['id']) !== JSON.stringify(value))).toEqual([]);
      expect([...first.keys()].sort()).toEqual(
        numbers
          .filter((n) => n % 10 > 1)
          .map((n) => `n-${n}`)
          .sort(),
      );
      for (const buyer of Array.from({ length: 7 }, (_, n) => `buyer-${n}`)) {
        const ids = [
          ...new Set(events.filter(({ key }) => key === buyer).map(({ value }) => Number(String(value['id']).slice(2)))),
        ];
        expect(ids).toEqual(numbers.filter((n) => n % 10 > 1 && n % 7 === Number(buyer.slice(6))));
      }
      const dead = (await recordsOf(log, 'dead-letters')).map(({ value }) => [value['offset'], value['reason']].join());
      expect([...new Set(dead)].sort()).toEqual([0, 10, 20, 30, 40, 50].map((n) => `${n},not-json`).sort());
    } finally {
      child?.kill('SIGKILL');
      await writer.close();
      await admin.close();
      await log.close();
      await pool.end();
      await Promise.all([broker.stop(), database.drop()]);
    }
  });
});

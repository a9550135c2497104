import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Log,
  type LogReader,
  type LogRecord,
  type NewRecord,
  OffsetOutOfRange,
  type PartitionBatch,
  RecordTooLarge,
} from '#stream/log';

/**
 * What every log adapter must do; registers jest tests. `open` gives a log of its own (a second call stands for a second process);
 * the suite creates the topics it needs and closes what it opened.
 */
export function describeLog(
  name: string,
  open: () => Promise<Log>,
  limits: { readonly settleMs: number } = { settleMs: 300 },
): void {
  describe(`the log contract: ${name}`, () => {
    const opened: Log[] = [];
    const openLog = async (): Promise<Log> => {
      const log = await open();
      opened.push(log);
      return log;
    };
    let log: Log;
    let topic: string;
    beforeAll(async () => {
      log = await openLog();
    });
    afterAll(() => Promise.all(opened.map((each) => each.close())));
    beforeEach(async () => {
      topic = `contract-${randomUUID()}`;
      const admin = await log.admin();
      await admin.ensureTopics([{ topic, partitions: 3 }]);
      await admin.close();
    });

    const append = async (records: readonly NewRecord[], through: Log = log): Promise<void> => {
      const writer = await through.writer();
      await writer.append(topic, records);
      await writer.close();
    };
    const numbered = (count: number, from = 0): NewRecord[] =>
      Array.from({ length: count }, (_, n) => ({ key: `k${(from + n) % 7}`, value: String(from + n) }));
    const ends = async (): Promise<readonly { partition: number; start: number; end: number }[]> => {
      const admin = await log.admin();
      try {
        return await admin.offsets(topic);
      } finally {
        await admin.close();
      }
    };
    /** Reads all partitions from the start until `count` records came. */
    const readAll = async (count: number, through: Log = log): Promise<PartitionBatch[]> => {
      const batches: PartitionBatch[] = [];
      let seen = 0;
      const reader = await reading(through, (batch) => {
        batches.push(batch);
        seen += batch.records.length;
        return Promise.resolve();
      });
      for (const { partition, start } of await ends()) await reader.assign(topic, partition, start);
      await until(() => seen >= count);
      await reader.stop();
      return batches;
    };
    const reading = async (through: Log, onBatch: (batch: PartitionBatch) => Promise<void>): Promise<LogReader> => {
      const reader = through.reader({ group: `contract-${randomUUID()}`, topics: [topic] });
      await reader.start(onBatch);
      return reader;
    };
    const recordsOf = (batches: readonly PartitionBatch[], partition: number): readonly LogRecord[] =>
      batches.filter((batch) => batch.partition === partition).flatMap((batch) => batch.records);

    it('creates a topic once, with the partitions asked for', async () => {
      const admin = await log.admin();
      await admin.ensureTopics([{ topic, partitions: 3 }]);
      const count = await admin.partitionCount(topic);
      await admin.close();
      expect(count).toBe(3);
      expect(await ends()).toEqual([0, 1, 2].map((partition) => ({ partition, start: 0, end: 0 })));
    });

    it('gives back every record once, and those of a key in the order of appending', async () => {
      const writer = await log.writer();
      for (let from = 0; from < 300; from += 30) await writer.append(topic, numbered(30, from));
      await writer.close();
      const batches = await readAll(300);
      const records = [0, 1, 2].flatMap((partition) => recordsOf(batches, partition));
      expect(records).toHaveLength(300);
      for (let key = 0; key < 7; key++) {
        const values = records.filter((record) => record.key === `k${key}`).map((record) => Number(record.value));
        expect(values).toEqual([...values].sort((a, b) => a - b));
      }
    });

    it('keeps a key in one partition, whichever writer appends, and counts offsets from 0 without a gap', async () => {
      await append(numbered(60));
      await append(numbered(60, 60), await openLog());
      const batches = await readAll(120);
      const homes = new Map<string, Set<number>>();
      for (const batch of batches)
        for (const { key } of batch.records) homes.set(key!, (homes.get(key!) ?? new Set()).add(batch.partition));
      expect([...homes.values()].every((partitions) => partitions.size === 1)).toBe(true);
      for (const { partition, end } of await ends())
        expect(recordsOf(batches, partition).map(({ offset }) => offset)).toEqual(Array.from({ length: end }, (_, n) => n));
    });

    it('keeps the order of appends that were not awaited one by one', async () => {
      const writer = await log.writer();
      await Promise.all(Array.from({ length: 40 }, (_, n) => writer.append(topic, [{ key: 'same', value: String(n) }])));
      await writer.close();
      const values = (await readAll(40)).flatMap(({ records }) => records.map(({ value }) => Number(value)));
      expect(values).toEqual(Array.from({ length: 40 }, (_, n) => n));
    });

    it('has what it acknowledged: another process reads it at once', async () => {
      await append(numbered(10));
      const total = (await readAll(10, await openLog())).reduce((sum, { records }) => sum + records.length, 0);
      expect(total).toBe(10);
    });

    it('carries headers, null values, any bytes and the time of appending', async () => {
      const before = Date.now();
      const bytes = Buffer.from([0, 255, 10, 123, 0]);
      const headers = { ce_id: 'é', 'content-type': 'application/json' };
      await append([
        { key: 'k', value: bytes, headers },
        { key: 'k', value: null },
        { key: 'k\u0000\u001e', value: '' },
      ]);
      const records = (await readAll(3)).flatMap((batch) => batch.records);
      const of = (key: string): readonly LogRecord[] => records.filter((record) => record.key === key);
      expect(of('k').map(({ value }) => value)).toEqual([bytes, null]);
      expect(of('k')[0]!.headers).toEqual(headers);
      expect(of('k\u0000\u001e')[0]!.value).toEqual(Buffer.alloc(0));
      for (const { appendedAt } of records) expect(Math.abs(appendedAt - before)).toBeLessThan(60_000);
    });

    it('takes a record of the largest size, and refuses a larger one without losing its place', async () => {
      const largest = Buffer.alloc(1_000_000, 'a');
      await append([{ key: 'k', value: largest }]);
      await expect(append([{ key: 'k', value: Buffer.alloc(1_000_001) }])).rejects.toThrow(RecordTooLarge);
      await append([{ key: 'k', value: 'after' }]);
      const values = (await readAll(2)).flatMap(({ records }) => records.map(({ value }) => value!.length));
      expect(values).toEqual([1_000_000, 5]);
    });

    it('skips nothing where records without a value stand among large ones', async () => {
      const large = Buffer.alloc(600_000, 'a');
      const values = [large, 'between', null, '', large, null, 'after'];
      await append(values.map((value) => ({ key: 'k', value })));
      const records = (await readAll(values.length)).flatMap((batch) => batch.records);
      expect(records.map(({ value }) => value?.length ?? null)).toEqual([600_000, 7, null, 0, 600_000, null, 5]);
      expect(records.map(({ offset }) => offset)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    });

    it('delivers only what is assigned, from the offset named', async () => {
      await append(numbered(90));
      const target = [...(await ends())].sort((a, b) => b.end - a.end)[0]!;
      const batches: PartitionBatch[] = [];
      const reader = await reading(log, (batch) => Promise.resolve(void batches.push(batch)));
      await reader.assign(topic, target.partition, 5);
      await until(() => recordsOf(batches, target.partition).length === target.end - 5);
      await reader.stop();
      expect(recordsOf(batches, target.partition)[0]!.offset).toBe(5);
      expect(batches.every(({ partition }) => partition === target.partition)).toBe(true);
    });

    it('says where the end is, and says so again when nothing new came', async () => {
      await append([{ key: 'k', value: '1' }]);
      const { partition } = (await ends()).find(({ end }) => end > 0)!;
      const batches: PartitionBatch[] = [];
      const reader = await reading(log, (batch) => Promise.resolve(void batches.push(batch)));
      await reader.assign(topic, partition, 0);
      await until(() => batches.some(({ records, endOffset }) => records.length === 0 && endOffset === 1));
      await append([{ key: 'k', value: '2' }]);
      await until(() => batches.some(({ records, endOffset }) => records.at(-1)?.offset === 1 && endOffset === 2));
      await reader.stop();
    });

    it('puts one batch of a partition at a time into the hands of its handler', async () => {
      await append(Array.from({ length: 400 }, (_, n) => ({ key: 'k', value: Buffer.alloc(4_000, String(n)) })));
      let inHand = 0;
      let most = 0;
      let seen = 0;
      const reader = await reading(log, async ({ records }) => {
        most = Math.max(most, ++inHand);
        await sleep(5);
        seen += records.length;
        inHand -= 1;
      });
      await reader.assign(topic, (await ends()).find(({ end }) => end > 0)!.partition, 0);
      await until(() => seen >= 400);
      await reader.stop();
      expect({ most, seen }).toEqual({ most: 1, seen: 400 });
    });

    it('lets the other partitions go on while one handler is slow', async () => {
      await append(numbered(90));
      const [slow, ...others] = (await ends()).filter(({ end }) => end > 0);
      let release = (): void => undefined;
      const held = new Promise<void>((resolve) => (release = resolve));
      const seen = new Map<number, number>();
      const reader = await reading(log, async ({ partition, records }) => {
        if (partition === slow!.partition) await held;
        seen.set(partition, (seen.get(partition) ?? 0) + records.length);
      });
      for (const { partition } of [slow!, ...others]) await reader.assign(topic, partition, 0);
      await append(numbered(90, 90));
      await until(() => others.every(({ partition, end }) => (seen.get(partition) ?? 0) >= end * 2 - 1));
      expect(seen.get(slow!.partition)).toBeUndefined();
      release();
      await until(() => (seen.get(slow!.partition) ?? 0) >= slow!.end);
      await reader.stop();
    });

    it('delivers a batch again when its handler failed', async () => {
      await append([{ key: 'k', value: '1' }]);
      const offsets: number[] = [];
      const reader = await reading(log, ({ records }) => {
        offsets.push(...records.map(({ offset }) => offset));
        return offsets.length === 1 ? Promise.reject(new Error('try again')) : Promise.resolve();
      });
      await reader.assign(topic, (await ends()).find(({ end }) => end > 0)!.partition, 0);
      await until(() => offsets.length >= 2);
      await reader.stop();
      expect(offsets.slice(0, 2)).toEqual([0, 0]);
    });

    it('ends a revoked partition only after the batch in hand, and delivers nothing of it afterwards', async () => {
      await append(numbered(30));
      const { partition } = (await ends()).find(({ end }) => end > 0)!;
      let delivered = 0;
      let done = 0;
      const reader = await reading(log, async () => {
        delivered += 1;
        await sleep(200);
        done += 1;
      });
      await reader.assign(topic, partition, 0);
      await until(() => delivered > 0);
      await reader.revoke(topic, partition);
      const after = { delivered, done };
      await append(numbered(30));
      await sleep(limits.settleMs);
      expect(after.done).toBe(after.delivered);
      expect({ delivered, done }).toEqual(after);
      await reader.stop();
    });

    it('starts again where it is told to, backwards too', async () => {
      await append(Array.from({ length: 20 }, (_, n) => ({ key: 'k', value: String(n) })));
      const { partition } = (await ends()).find(({ end }) => end > 0)!;
      let offsets: number[] = [];
      const reader = await reading(log, ({ records }) =>
        Promise.resolve(void offsets.push(...records.map(({ offset }) => offset))),
      );
      await reader.assign(topic, partition, 10);
      await until(() => offsets.at(-1) === 19);
      await reader.revoke(topic, partition);
      offsets = [];
      await reader.assign(topic, partition, 3);
      await until(() => offsets.at(-1) === 19);
      await reader.stop();
      expect(offsets[0]).toBe(3);
    });

    it('refuses to read beyond the end rather than wait for offsets that were lost', async () => {
      await append([{ key: 'k', value: '1' }]);
      const { partition, end } = (await ends()).find((each) => each.end > 0)!;
      const reader = await reading(log, () => Promise.resolve());
      await expect(reader.assign(topic, partition, end + 1)).rejects.toThrow(OffsetOutOfRange);
      await reader.assign(topic, partition, end);
      await reader.stop();
    });
  });
}

async function until(holds: () => boolean, withinMs = 20_000): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`did not come true within ${withinMs} ms: ${holds.toString()}`);
    await sleep(10);
  }
}

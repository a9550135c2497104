import type { LogAdmin } from '#stream/log';
import { ReadHorizon } from '#apps/casework/consume/read-horizon';

const adminAt = (end: number): LogAdmin => ({
  ensureTopics: () => Promise.resolve(),
  partitionCount: () => Promise.resolve(1),
  offsets: () => Promise.resolve([{ partition: 0, start: 0, end }]),
  close: () => Promise.resolve(),
});
const progressAt = (nextOffset: number) => [{ topic: 'findings', partition: 0, epoch: 1, sequence: 1, nextOffset }];
const record = (offset: number, appendedAt: number) => ({ offset, key: null, value: null, headers: undefined, appendedAt });

describe('up to when the news is read', () => {
  it('is now, once the partitions in hand are read to their end', async () => {
    expect(await new ReadHorizon().upTo(1_000, progressAt(7), adminAt(7))).toBe(1_000);
  });

  it('is the time of the last record read while more wait', async () => {
    const horizon = new ReadHorizon();
    horizon.note({ topic: 'findings', partition: 0, records: [record(3, 400), record(4, 500)], endOffset: 9 });
    expect(await horizon.upTo(1_000, progressAt(5), adminAt(9))).toBe(500);
  });

  it('is not known before the first record of a backlog was read', async () => {
    expect(await new ReadHorizon().upTo(1_000, progressAt(0), adminAt(9))).toBeUndefined();
  });
});

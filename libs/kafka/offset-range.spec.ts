import { RangeWatch, requireOffset } from '#kafka/offset-range';
import { PartitionFeed } from '#kafka/partition-feed';
import { OffsetOutOfRange, type LogAdmin } from '#stream/log';

const settlesMs = 3_000;

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

function feedAt(fromOffset: number): PartitionFeed {
  const ignored = (): void => undefined;
  return new PartitionFeed({
    ...{ topic: 't', partition: 0, fromOffset },
    ...{ handler: () => Promise.resolve(), onFlow: ignored, onRejected: ignored },
  });
}

describe('the watch over what a partition holds', () => {
  it('takes a low end for a fault only when it stays low', () => {
    const watch = new RangeWatch(settlesMs);
    const feed = feedAt(870);
    const low = { partition: 0, start: 0, end: 820 };
    expect(watch.check(feed, 870, low)).toBeNull();
    jest.advanceTimersByTime(settlesMs - 1);
    expect(watch.check(feed, 870, low)).toBeNull();
    jest.advanceTimersByTime(1);
    expect(watch.check(feed, 870, low)).toBeInstanceOf(OffsetOutOfRange);
  });

  it('counts from the last time that the end was high enough', () => {
    const watch = new RangeWatch(settlesMs);
    const feed = feedAt(870);
    watch.check(feed, 870, { partition: 0, start: 0, end: 820 });
    jest.advanceTimersByTime(settlesMs - 1);
    watch.check(feed, 870, { partition: 0, start: 0, end: 870 });
    jest.advanceTimersByTime(1);
    expect(watch.check(feed, 870, { partition: 0, start: 0, end: 820 })).toBeNull();
  });

  it('does not hold against a feed what it read while the answer came', () => {
    const watch = new RangeWatch(settlesMs);
    const feed = feedAt(0);
    for (let asked = 0; asked < 10_000; asked += 100) {
      feed.position = asked + 100;
      expect(watch.check(feed, asked, { partition: 0, start: 0, end: asked })).toBeNull();
      jest.advanceTimersByTime(500);
    }
  });

  it('tells at once that what comes next was deleted', () => {
    expect(new RangeWatch(settlesMs).check(feedAt(5), 5, { partition: 0, start: 900, end: 1_000 })).toMatchObject({
      message: 't/0 holds offsets 900 to 1000, not 5: restore the log, or the progress that belongs to it',
    });
  });
});

describe('what is required at the start', () => {
  const place = { topic: 't', partition: 0, offset: 870 };
  const adminTelling = (...ends: number[]): LogAdmin => ({
    ...{ ensureTopics: () => Promise.resolve(), partitionCount: () => Promise.resolve(1), close: () => Promise.resolve() },
    offsets: () => Promise.resolve([{ partition: 0, start: 0, end: ends.length > 1 ? ends.shift()! : ends[0]! }]),
  });

  it('waits for an end that rises', async () => {
    const required = requireOffset(adminTelling(820, 850, 870), place, settlesMs);
    await jest.advanceTimersByTimeAsync(1_000);
    await expect(required).resolves.toBeUndefined();
  });

  it('refuses an end that stays low', async () => {
    const refused = expect(requireOffset(adminTelling(820), place, settlesMs)).rejects.toThrow('holds offsets 0 to 820, not 870');
    await jest.advanceTimersByTimeAsync(settlesMs);
    await refused;
  });

  it('says which partition there is not', async () => {
    await expect(requireOffset(adminTelling(820), { ...place, partition: 7 }, settlesMs)).rejects.toThrow('no partition 7');
  });
});

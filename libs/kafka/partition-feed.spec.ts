import type { LogRecord, PartitionBatch } from '#stream/log';
import { PartitionFeed } from '#kafka/partition-feed';

const record = (offset: number): LogRecord => ({ offset, key: 'k', value: null, headers: undefined, appendedAt: 0 });
const tick = () => new Promise((resolve) => setImmediate(resolve));

function feedWith(handler: (batch: PartitionBatch) => Promise<void>) {
  const flow: boolean[] = [];
  const feed = new PartitionFeed({
    topic: 't',
    partition: 0,
    fromOffset: 0,
    handler,
    onFlow: (wanted) => flow.push(wanted),
    onRejected: () => undefined,
  });
  return { feed, flow };
}

describe('a partition feed', () => {
  it('lets fetching go on while the handler works, up to a bound, and then hands over all that waits', async () => {
    const batches: number[][] = [];
    let finish = (): void => undefined;
    const { feed, flow } = feedWith(({ records }) => {
      batches.push(records.map(({ offset }) => offset));
      return new Promise((resolve) => (finish = resolve));
    });
    feed.accept([record(0)], 1, 9);
    feed.accept([record(1)], 2, 9);
    expect(feed.wanted).toBe(true);
    feed.accept([record(2), record(3)], 4, 9);
    expect({ wanted: feed.wanted, flow }).toEqual({ wanted: false, flow: [false] });
    finish();
    await tick();
    expect({ batches, flow }).toEqual({ batches: [[0], [1, 2, 3]], flow: [false, true] });
    finish();
    await feed.close();
  });

  it('is at the end when only control records are left, which no handler sees', async () => {
    const ends: number[] = [];
    const { feed } = feedWith(({ endOffset }) => Promise.resolve(void ends.push(endOffset)));
    feed.accept([record(0), record(1)], 3, 3);
    await tick();
    feed.reachedEnd();
    await tick();
    expect(ends).toEqual([2, 2]);
  });

  it('does not say that the end is reached while something waits or is in hand', async () => {
    const batches: PartitionBatch[] = [];
    let finish = (): void => undefined;
    const { feed } = feedWith((batch) => {
      batches.push(batch);
      return new Promise((resolve) => (finish = resolve));
    });
    feed.accept([record(0)], 1, 1);
    feed.reachedEnd();
    finish();
    await tick();
    expect(batches).toHaveLength(1);
    await feed.close();
  });

  it('closes only after the batch in hand, and delivers nothing afterwards', async () => {
    let delivered = 0;
    let finish = (): void => undefined;
    const { feed } = feedWith(() => {
      delivered += 1;
      return new Promise((resolve) => (finish = resolve));
    });
    feed.accept([record(0)], 1, 9);
    feed.accept([record(1)], 2, 9);
    let closed = false;
    const closing = feed.close().then(() => (closed = true));
    await tick();
    expect(closed).toBe(false);
    finish();
    await closing;
    feed.reachedEnd();
    expect(delivered).toBe(1);
  });
});

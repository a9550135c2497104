import { Committer, type Committable } from '#stream/committer';
import type { PartitionCommit, StageStore } from '#stream/stage-store';

function scene() {
  const commits: number[][] = [];
  const store = {
    commit: (partitions: readonly PartitionCommit[]) => {
      commits.push(partitions.map(({ progress }) => progress.partition));
      return Promise.resolve(
        partitions.map(({ progress: { partition } }) => ({ partition, outcome: 'stored' as const, news: [] })),
      );
    },
  } as unknown as StageStore;
  const committer = new Committer({ store, onError: () => undefined, intervalMs: 40, eventsMax: 300 });
  const partition = (number: number): Committable => ({
    snapshot: () => ({ progress: { partition: number } }) as PartitionCommit,
    stored: () => undefined,
    fenced: () => undefined,
    failed: () => undefined,
  });
  return { commits, committer, partition };
}

describe('the committer', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('lets a partition wait a second that has nothing to say, while others are stored', async () => {
    const { commits, committer, partition } = scene();
    const quiet = partition(1);
    committer.request(quiet, 1, 'quiet');
    for (let round = 0; round < 10; round++) {
      committer.request(partition(2), 1, 'usual');
      await jest.advanceTimersByTimeAsync(50);
    }
    expect(commits.length).toBeGreaterThanOrEqual(9);
    expect(commits.flat()).not.toContain(1);
    await jest.advanceTimersByTimeAsync(600);
    expect(commits.filter((one) => one.includes(1))).toHaveLength(1);
  });

  it('stores it at once when it has something to say after all', async () => {
    const { commits, committer, partition } = scene();
    const one = partition(1);
    committer.request(one, 1, 'quiet');
    committer.request(one, 1, 'soon');
    await jest.advanceTimersByTimeAsync(11);
    expect(commits).toEqual([[1]]);
  });

  it('stores it when too many events wait, and only then lets more in', async () => {
    const { commits, committer, partition } = scene();
    committer.request(partition(1), 300, 'quiet');
    const room = committer.room().then(() => commits.length);
    await jest.advanceTimersByTimeAsync(1);
    expect(await room).toBe(1);
  });

  it('flushes it without delay', async () => {
    const { commits, committer, partition } = scene();
    const one = partition(1);
    committer.request(one, 5, 'quiet');
    const flushed = committer.flush(one);
    await jest.advanceTimersByTimeAsync(15);
    await flushed;
    expect(commits).toEqual([[1]]);
  });

  it('forgets one that is lost, with its events', async () => {
    const { commits, committer, partition } = scene();
    const lost = partition(1);
    committer.request(lost, 300, 'quiet');
    committer.remove(lost);
    await committer.room();
    await jest.advanceTimersByTimeAsync(2_000);
    expect(commits).toEqual([]);
  });
});

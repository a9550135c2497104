import type { InstantMs } from '#kernel/time';
import { type Counts, type Fired, type Mark, noCounts } from '#stream/effects';
import { packSlim, type SlimRecord } from '#stream/slim-record';
import type { Emission } from '#stream/stage';
import type { CommitAnswer, DirtyState, PartitionCommit, Restart, StageStore, StoredState } from '#stream/stage-store';
import { type PartitionProgress, StoreUnavailable } from '#stream/store';

interface Partition {
  progress: PartitionProgress;
  commit: PartitionCommit | undefined;
  marks: Mark[];
  readonly states: Map<string, DirtyState>;
}

/**
 * The stage's storage in plain memory, for tests of the runtime: it can lose a request or its answer, and it remembers everything
 * that was ever committed, so that a test can hold the runtime to it.
 */
export class MemoryStageStore implements StageStore {
  /** Asked before each commit: `lose-request`, `lose-answer`, or undefined to let it be. */
  disturb: () => 'lose-request' | 'lose-answer' | undefined = () => undefined;
  readonly sent: Emission[] = [];
  /** For each of those, up to when the log had been read. */
  readonly sentReadUpTo: (InstantMs | null)[] = [];
  readonly told = new Map<string, Emission>();
  readonly slim: SlimRecord[] = [];
  readonly fired: Fired[] = [];
  readonly buried: { partition: number; offset: number; reason: string }[] = [];
  /** Every mark ever committed. */
  readonly allMarks = new Map<number, Mark[]>();
  commits = 0;
  /** Most deadlines in one commit of a partition. */
  firedAtOnceMax = 0;
  loads = 0;
  private readonly partitions = new Map<number, Partition>();

  /** As another owner, or the same one again. */
  take(partition: number): PartitionProgress {
    const taken = this.partitions.get(partition) ?? {
      progress: { topic: 'toy', partition, epoch: 0, sequence: 0, nextOffset: 0 },
      commit: undefined,
      marks: [],
      states: new Map<string, DirtyState>(),
    };
    taken.progress = { ...taken.progress, epoch: taken.progress.epoch + 1 };
    this.partitions.set(partition, taken);
    return taken.progress;
  }

  counts(partition: number): Counts {
    return this.partitions.get(partition)?.commit?.counts ?? noCounts();
  }

  last(partition: number): PartitionCommit | undefined {
    return this.partitions.get(partition)?.commit;
  }

  states(partition: number): ReadonlyMap<string, DirtyState> {
    return this.partitions.get(partition)!.states;
  }

  restart(partition: number): Promise<Restart> {
    const { commit, marks, states } = this.partitions.get(partition)!;
    const checkpointOffset = commit?.checkpointOffset ?? 0;
    return Promise.resolve({
      watermark: commit?.watermark ?? Number.NEGATIVE_INFINITY,
      counts: { ...this.counts(partition) },
      shared: commit?.shared ?? null,
      checkpointOffset,
      checkpointWatermark: commit?.checkpointWatermark ?? Number.NEGATIVE_INFINITY,
      checkpointShared: commit?.checkpointShared ?? null,
      marks: marks.filter(({ offset }) => offset >= checkpointOffset),
      hasStates: states.size > 0,
    });
  }

  load(partition: number, keys: readonly string[]): Promise<readonly StoredState[]> {
    this.loads += 1;
    const { states } = this.partitions.get(partition)!;
    return Promise.resolve(keys.flatMap((key) => states.get(key) ?? []));
  }

  deadlines(
    partition: number,
    after: InstantMs,
    until: InstantMs,
  ): Promise<readonly { readonly key: string; readonly deadline: InstantMs }[]> {
    const states = [...this.partitions.get(partition)!.states.values()];
    return Promise.resolve(
      states
        .filter(({ deadline }) => deadline > after && deadline <= until && Number.isFinite(deadline))
        .sort((one, other) => one.deadline - other.deadline),
    );
  }

  async commit(commits: readonly PartitionCommit[]): Promise<readonly CommitAnswer[]> {
    const disturbance = this.disturb();
    if (disturbance === 'lose-request') throw new StoreUnavailable('committing', 'the request was lost');
    for (let turn = this.commits % 4; turn > 0; turn--) await new Promise((resolve) => setTimeout(resolve, 1));
    const answers = commits.map((commit) => this.store(commit));
    if (disturbance === 'lose-answer') throw new StoreUnavailable('committing', 'the answer was lost');
    return answers;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  private store(commit: PartitionCommit): CommitAnswer {
    const { partition } = commit.progress;
    const stored = this.partitions.get(partition)!;
    const { epoch, sequence, nextOffset } = commit.progress;
    const is = (progress: PartitionProgress): boolean =>
      stored.progress.epoch === progress.epoch &&
      stored.progress.sequence === progress.sequence &&
      stored.progress.nextOffset === progress.nextOffset;
    const next = { ...commit.progress, sequence: sequence + 1, nextOffset: commit.nextOffset };
    if (is(next)) return { partition, outcome: 'stored', news: [] };
    if (!is({ ...commit.progress, epoch, nextOffset })) return { partition, outcome: 'fenced', news: [] };
    this.commits += 1;
    stored.progress = next;
    stored.commit = commit;
    for (const state of commit.states) stored.states.set(state.key, state);
    stored.marks.push(...commit.effects.marks);
    this.allMarks.set(partition, [...(this.allMarks.get(partition) ?? []), ...commit.effects.marks]);
    this.fired.push(...commit.effects.fired);
    this.firedAtOnceMax = Math.max(this.firedAtOnceMax, commit.effects.fired.length);
    for (const { offset, letter } of commit.effects.buried) this.buried.push({ partition, offset, reason: letter.reason });
    this.slim.push(...packSlim(commit));
    const news: number[] = [];
    commit.effects.said.forEach(({ emission }, at) => {
      if (this.told.get(emission.id)?.digest === emission.digest) return;
      this.told.set(emission.id, emission);
      this.sent.push(emission);
      this.sentReadUpTo.push(commit.readUpTo);
      news.push(at);
    });
    return { partition, outcome: 'stored', news };
  }
}

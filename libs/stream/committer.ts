import { setTimeout as sleep } from 'node:timers/promises';
import { type DurationMs, milliseconds, seconds } from '#kernel/time';
import { type CommitAnswer, type PartitionCommit, type StageStore } from '#stream/stage-store';
import { StoreUnavailable } from '#stream/store';

/** What the committer needs of a partition. */
export interface Committable {
  /** What is to be stored, taken now; undefined when nothing is. */
  snapshot(): PartitionCommit | undefined;
  stored(commit: PartitionCommit, answer: CommitAnswer, tookMs: DurationMs): void;
  fenced(): void;
  failed(error: unknown): void;
}

export interface CommitterOptions {
  readonly store: StageStore;
  readonly onError: (error: unknown) => void;
  readonly beforeCommit?: () => void;
  readonly afterCommit?: () => void;
  /** Between the starts of two commits, while there is a backlog to gather. */
  readonly intervalMs?: DurationMs;
  /** First pause before a commit without an answer is repeated. */
  readonly retryMs?: DurationMs;
  /** Events that may wait for a commit, in all partitions together. */
  readonly eventsMax?: number;
}

/**
 * How long what a partition has may wait: `soon` when it has no backlog, so that latency counts; `quiet` when nothing outside changes by it,
 * since what it says again after a crash is what it said.
 */
export type Pace = 'soon' | 'usual' | 'quiet';
const QUIET_MS: DurationMs = seconds(1);

interface Waiting {
  readonly dueAt: number;
  readonly events: number;
}

/**
 * Gathers what the partitions of a worker have to store into one transaction at a time. While one is under way they fold on, up to
 * a bound; a transaction that got no answer is repeated as it was until it has one.
 */
export class Committer {
  private readonly waiting = new Map<Committable, Waiting>();
  private readonly intervalMs: DurationMs;
  private readonly eventsMax: number;
  private events = 0;
  private busy = false;
  private startedAt = 0;
  private timer: NodeJS.Timeout | undefined;
  private timerAt = 0;
  private round: PromiseWithResolvers<void> = withResolvers();
  private closed = false;

  constructor(private readonly options: CommitterOptions) {
    this.intervalMs = options.intervalMs ?? milliseconds(40);
    this.eventsMax = options.eventsMax ?? 12_000;
  }

  /** The partition has something to store; `events` more than before. */
  request(partition: Committable, events: number, pace: Pace): void {
    const known = this.waiting.get(partition);
    const dueAt = pace === 'quiet' ? performance.now() + QUIET_MS : this.startedAt + this.pauseOf(pace);
    this.waiting.set(partition, {
      dueAt: Math.min(known?.dueAt ?? Number.POSITIVE_INFINITY, dueAt),
      events: (known?.events ?? 0) + events,
    });
    this.events += events;
    if (!this.busy) this.schedule();
  }

  /** Forgets a partition that was lost. */
  remove(partition: Committable): void {
    this.events -= this.waiting.get(partition)?.events ?? 0;
    this.waiting.delete(partition);
  }

  /** Waits while too much is folded and not stored: the back-pressure of the store. */
  async room(): Promise<void> {
    while (this.events >= this.eventsMax && !this.closed) await this.round.promise;
  }

  /** Resolves when what the partition has to store now was stored, or the partition was lost. */
  async flush(partition: Committable): Promise<void> {
    if (this.busy) await this.round.promise;
    this.request(partition, 0, 'soon');
    await this.round.promise;
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
    this.round.resolve();
  }

  private pauseOf(pace: 'soon' | 'usual'): DurationMs {
    return pace === 'soon' ? this.intervalMs / 4 : this.intervalMs;
  }

  private get isFull(): boolean {
    return this.events >= this.eventsMax / 3;
  }

  private schedule(): void {
    if (this.closed) return;
    let dueAt = this.isFull ? 0 : Number.POSITIVE_INFINITY;
    for (const waiting of this.waiting.values()) dueAt = Math.min(dueAt, waiting.dueAt);
    if (this.timer !== undefined && this.timerAt <= dueAt) return;
    clearTimeout(this.timer);
    this.timerAt = dueAt;
    this.timer = setTimeout(
      () => {
        this.timer = undefined;
        if (!this.busy) void this.run();
      },
      Math.max(0, dueAt - performance.now()),
    );
  }

  private async run(): Promise<void> {
    this.busy = true;
    this.startedAt = performance.now();
    const group = this.takeDue();
    if (group.length > 0) await this.store(group);
    this.busy = false;
    const round = this.round;
    this.round = withResolvers();
    round.resolve();
    if (this.waiting.size > 0) this.schedule();
  }

  /** Those that are due, or will be before the next commit; all of them where too many events wait. */
  private takeDue(): { partition: Committable; commit: PartitionCommit }[] {
    const until = this.isFull ? Number.POSITIVE_INFINITY : this.startedAt + this.intervalMs;
    const group: { partition: Committable; commit: PartitionCommit }[] = [];
    for (const [partition, { dueAt, events }] of this.waiting) {
      if (dueAt > until) continue;
      this.waiting.delete(partition);
      this.events -= events;
      const commit = partition.snapshot();
      if (commit !== undefined) group.push({ partition, commit });
    }
    return group;
  }

  private async store(group: readonly { partition: Committable; commit: PartitionCommit }[]): Promise<void> {
    const startedAt = performance.now();
    let answers: readonly CommitAnswer[];
    try {
      answers = await this.untilAnswered(group.map(({ commit }) => commit));
    } catch (error) {
      if (group.length > 1) for (const one of group) await this.store([one]);
      else group[0]!.partition.failed(error);
      return;
    }
    const tookMs = performance.now() - startedAt;
    for (const { partition, commit } of group) {
      const answer = answers.find((each) => each.partition === commit.progress.partition);
      if (answer?.outcome === 'stored') partition.stored(commit, answer, tookMs);
      else partition.fenced();
    }
  }

  private async untilAnswered(commits: readonly PartitionCommit[]): Promise<readonly CommitAnswer[]> {
    for (let pause = this.options.retryMs ?? milliseconds(20); ; pause = Math.min(pause * 2, seconds(1))) {
      try {
        this.options.beforeCommit?.();
        const answers = await this.options.store.commit(commits);
        this.options.afterCommit?.();
        return answers;
      } catch (error) {
        if (!(error instanceof StoreUnavailable) || this.closed) throw error;
        this.options.onError(error);
      }
      await sleep(pause);
    }
  }
}

interface PromiseWithResolvers<Value> {
  readonly promise: Promise<Value>;
  readonly resolve: (value: Value) => void;
}

function withResolvers(): PromiseWithResolvers<void> {
  let resolve!: () => void;
  const promise = new Promise<void>((settle) => (resolve = settle));
  return { promise, resolve };
}

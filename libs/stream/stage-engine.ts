import { type DurationMs, type InstantMs, seconds } from '#kernel/time';
import { Committer } from '#stream/committer';
import type { PartitionBatch } from '#stream/log';
import { FUTURE_TOLERANCE_MS } from '#stream/partition-loop';
import { PartitionRunner } from '#stream/partition-runner';
import type { StoredReport } from '#stream/runner-options';
import { StageFault } from '#stream/stage-fault';
import type { Stage } from '#stream/stage';
import type { StageStore } from '#stream/stage-store';
import { HotBudget } from '#stream/state-cache';
import type { PartitionProgress } from '#stream/store';

/** The bounds of one worker, each with its default. */
export interface EngineLimits {
  /** States held as objects; the others are bytes or rows. */
  readonly hotStatesMax: number;
  /** Bytes of encoded states that a partition keeps in memory. */
  readonly coldBytesMax: number;
  /**
   * A changed state is stored within about this time: what a crash has to fold again. Draining 500,000 events of 200,000 accounts
   * costs Postgres 8.5 µs an event at 10 s and 3.6 µs at 30 s, this process 32 and 25 (docs/benchmarks.md).
   */
  readonly checkpointMs: DurationMs;
  readonly commitIntervalMs: DurationMs;
  readonly retryMs: DurationMs;
  /** Events folded and not yet stored. */
  readonly uncommittedMax: number;
  /** An event dated further than this after its append is quarantined. */
  readonly futureMs: DurationMs;
  readonly firedMax: number;
  readonly flushedMax: number;
  /** States written by one commit of all partitions while events are fresh. */
  readonly freshMax: number;
}

export const engineLimits: EngineLimits = {
  hotStatesMax: 100_000,
  coldBytesMax: 32 * 1024 * 1024,
  checkpointMs: seconds(30),
  commitIntervalMs: 40,
  retryMs: 20,
  uncommittedMax: 12_000,
  futureMs: FUTURE_TOLERANCE_MS,
  firedMax: 2_000,
  flushedMax: 4_000,
  freshMax: 1_000,
};

/** What an engine tells the one that gave it partitions. A partition told of here is no longer run. */
export interface EngineListener {
  stored(report: StoredReport): void;
  fenced(progress: PartitionProgress): void;
  failed(progress: PartitionProgress, error: unknown): void;
  error(error: unknown): void;
  beforeCommit?(): void;
  afterCommit?(): void;
}

/** Runs the partitions of one worker, with one connection and one commit at a time. */
export class StageEngine<State, Event, Shared> {
  private readonly runners = new Map<number, PartitionRunner<State, Event, Shared>>();
  private readonly broken = new Map<number, number>();
  private readonly committer: Committer;
  private readonly budget: HotBudget;

  constructor(
    private readonly stage: Stage<State, Event, Shared>,
    private readonly store: StageStore,
    private readonly listener: EngineListener,
    private readonly limits: EngineLimits = engineLimits,
    private readonly now: () => InstantMs = Date.now,
  ) {
    this.budget = new HotBudget(limits.hotStatesMax);
    this.committer = new Committer({
      store,
      onError: (error) => listener.error(error),
      beforeCommit: () => listener.beforeCommit?.(),
      afterCommit: () => listener.afterCommit?.(),
      intervalMs: limits.commitIntervalMs,
      retryMs: limits.retryMs,
      eventsMax: limits.uncommittedMax,
    });
  }

  /** Prepares a partition that was taken; returns the offset to read from. */
  async take(progress: PartitionProgress): Promise<number> {
    this.drop(progress.partition);
    const runner: PartitionRunner<State, Event, Shared> = new PartitionRunner(
      {
        stage: this.stage,
        store: this.store,
        committer: this.committer,
        budget: this.budget,
        coldBytesMax: this.limits.coldBytesMax,
        checkpointMs: this.limits.checkpointMs,
        firedMax: this.limits.firedMax,
        futureMs: this.limits.futureMs,
        sliceMax: Math.min(512, this.limits.uncommittedMax),
        brokenOffset: this.broken.get(progress.partition),
        flushedMax: this.limits.flushedMax,
        freshMax: () => Math.ceil(this.limits.freshMax / this.runners.size),
        now: this.now,
        onStored: (report) => this.listener.stored(report),
        onFenced: (lost) => this.forget(runner, () => this.listener.fenced(lost)),
        onFailed: (lost, error) => this.forget(runner, () => this.listener.failed(lost, error)),
        onError: (error) => this.listener.error(error),
      },
      progress,
      await this.store.restart(progress.partition),
    );
    this.runners.set(progress.partition, runner);
    await runner.open();
    return runner.fromOffset;
  }

  /** Resolves when the batch is folded and there is room for the next; it need not be stored yet. */
  async batch(batch: PartitionBatch): Promise<void> {
    const runner = this.runners.get(batch.partition);
    if (runner === undefined) return;
    try {
      await runner.batch(batch);
    } catch (error) {
      if (error instanceof StageFault) this.broken.set(batch.partition, error.offset);
      runner.failed(error);
    }
  }

  /** Stores everything of a partition whose last batch was handed over, and lets it go. */
  async giveUp(partition: number): Promise<void> {
    await this.runners.get(partition)?.flush();
    this.drop(partition);
  }

  /** Lets a partition go without storing anything more. */
  drop(partition: number): void {
    this.runners.get(partition)?.end();
    this.runners.delete(partition);
  }

  async stop(): Promise<void> {
    await Promise.all([...this.runners.keys()].map((partition) => this.giveUp(partition)));
    this.committer.close();
    await this.store.close();
  }

  /** Ends as a crash would: nothing more is stored. */
  async abort(): Promise<void> {
    for (const partition of [...this.runners.keys()]) this.drop(partition);
    this.committer.close();
    await this.store.close();
  }

  private forget(runner: PartitionRunner<State, Event, Shared>, tell: () => void): void {
    for (const [partition, each] of this.runners) if (each === runner) this.drop(partition);
    tell();
  }
}

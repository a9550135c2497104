import type { PartitionBatch } from '#stream/log';
import type { EngineLimits } from '#stream/stage-engine';
import { StageEngine } from '#stream/stage-engine';
import { reportOf, type StageReport } from '#stream/stage-report';
import type { Stage } from '#stream/stage';
import type { StageStore } from '#stream/stage-store';
import type { PartitionProgress } from '#stream/store';

/** What a host tells of its partitions. One that is told as fenced or failed is no longer run. */
export interface HostListener {
  stored(report: StageReport): void;
  fenced(progress: PartitionProgress): void;
  failed(progress: PartitionProgress, error: unknown): void;
  error(error: unknown): void;
}

/** Where the partitions of a stage run: on this thread, or on workers. The choice changes speed, never a result. */
export interface StageHost {
  /** Prepares a partition that was taken; returns the offset to read from. */
  take(progress: PartitionProgress): Promise<number>;
  /** Resolves when there is room for the next batch of the partition. */
  batch(batch: PartitionBatch): Promise<void>;
  /** Stores everything, then lets the partition go. */
  giveUp(partition: number): Promise<void>;
  /** Lets the partition go as it is. */
  drop(partition: number): Promise<void>;
  /** Gives everything up and ends. */
  stop(): Promise<void>;
}

export interface InlineHostOptions<State, Event, Shared> {
  readonly stage: Stage<State, Event, Shared>;
  readonly store: StageStore;
  readonly limits: EngineLimits;
  readonly beforeCommit?: () => void;
  readonly afterCommit?: () => void;
}

/** Runs a stage on this thread. */
export function inlineHost<State, Event, Shared>(
  { stage, store, limits, ...points }: InlineHostOptions<State, Event, Shared>,
  listener: HostListener,
): StageHost {
  const engine = new StageEngine(
    stage,
    store,
    {
      ...points,
      stored: (report) => listener.stored(reportOf(report)),
      fenced: (progress) => listener.fenced(progress),
      failed: (progress, error) => listener.failed(progress, error),
      error: (error) => listener.error(error),
    },
    limits,
  );
  return {
    take: (progress) => engine.take(progress),
    batch: (batch: PartitionBatch) => engine.batch(batch),
    giveUp: (partition) => engine.giveUp(partition),
    drop: (partition) => Promise.resolve(engine.drop(partition)),
    stop: () => engine.stop(),
  };
}

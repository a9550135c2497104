import type { Counts } from '#stream/effects';
import type { DurationMs, InstantMs } from '#kernel/time';
import type { Committer } from '#stream/committer';
import type { Stage } from '#stream/stage';
import type { PartitionCommit, StageStore } from '#stream/stage-store';
import type { HotBudget } from '#stream/state-cache';
import type { PartitionProgress } from '#stream/store';

/** What a partition's runner is given by its engine. */
export interface RunnerOptions<State, Event, Shared> {
  readonly stage: Stage<State, Event, Shared>;
  readonly store: StageStore;
  readonly committer: Committer;
  readonly budget: HotBudget;
  readonly coldBytesMax: number;
  readonly checkpointMs: DurationMs;
  /** Deadlines and states written by one commit at most: what throttles a burst after an outage. */
  readonly firedMax: number;
  readonly flushedMax: number;
  /** States written by one commit while events are fresh: what came last waits for it. */
  readonly freshMax: () => number;
  readonly futureMs: DurationMs;
  /** Events between two looks for a commit, for what may leave memory, and for room. */
  readonly sliceMax: number;
  /** Where the stage failed before: all that comes before is stored first. */
  readonly brokenOffset: number | undefined;
  readonly now: () => InstantMs;
  readonly onStored: (report: StoredReport) => void;
  readonly onFenced: (progress: PartitionProgress) => void;
  readonly onFailed: (progress: PartitionProgress, error: unknown) => void;
  readonly onError: (error: unknown) => void;
}

/** What a commit did, for metrics and to wake the relay. */
export interface StoredReport {
  readonly commit: PartitionCommit;
  /** Totals since offset 0 before this commit. */
  readonly countsBefore: Counts;
  readonly news: readonly number[];
  readonly tookMs: DurationMs;
  readonly storedAt: InstantMs;
  /** Records that the log holds beyond the commit, as last known. */
  readonly lag: number;
  /** Age of the oldest change that only memory and the log hold. */
  readonly checkpointAgeMs: DurationMs;
}

import { type DurationMs, type InstantMs, seconds } from '#kernel/time';
import type { Counts, Effects, Mark } from '#stream/effects';
import type { PartitionProgress } from '#stream/store';

export interface StoredState {
  readonly key: string;
  readonly text: string;
  /** The newest offset that it holds. */
  readonly offset: number;
}

export interface DirtyState extends StoredState {
  readonly deadline: InstantMs;
}

/** Where a partition stood at its last commit, and from where to fold again. */
export interface Restart {
  readonly watermark: InstantMs;
  readonly counts: Counts;
  /** Null before the first commit. */
  readonly shared: string | null;
  readonly checkpointOffset: number;
  readonly checkpointWatermark: InstantMs;
  readonly checkpointShared: string | null;
  /** Those from the checkpoint on, by offset. */
  readonly marks: readonly Mark[];
  /** False when no state of the partition was ever stored: what is not in memory then does not exist. */
  readonly hasStates: boolean;
}

/** One partition's part of a commit. Counts are totals, so that repeating it changes nothing. */
export interface PartitionCommit {
  readonly progress: PartitionProgress;
  readonly nextOffset: number;
  readonly watermark: InstantMs;
  readonly lastEventId: string | null;
  readonly counts: Counts;
  readonly shared: string;
  readonly checkpointOffset: number;
  readonly checkpointWatermark: InstantMs;
  readonly checkpointShared: string;
  /**
   * All that was appended, and happened, before this instant has been applied, what comes late aside; null for a stage that does
   * not tell its end.
   */
  readonly readUpTo: InstantMs | null;
  readonly effects: Effects;
  readonly states: readonly DirtyState[];
}

/** Facts older than this are a backlog's: what it still holds may change what to do. A commit may wait that long for a store that is away. */
const FRESH_MS: DurationMs = seconds(5);

export const isFresh = (readUpTo: InstantMs, now: InstantMs): boolean => now - readUpTo <= FRESH_MS;

export interface CommitAnswer {
  readonly partition: number;
  /** `stored`, now or by an earlier try whose answer was lost; or `fenced`: another owner took the partition. */
  readonly outcome: 'stored' | 'fenced';
  /** By position in `effects.said`: what differed from what was told before, and so goes out. */
  readonly news: readonly number[];
}

/** What a stage's runtime needs of a store; all partitions are of one topic. Throws `StoreUnavailable` when the same call may work later. */
export interface StageStore {
  restart(partition: number): Promise<Restart>;
  load(partition: number, keys: readonly string[]): Promise<readonly StoredState[]>;
  /** Stored deadlines after `after` and up to `until`, the earliest first; at most about `limit`, but ties are never cut. */
  deadlines(
    partition: number,
    after: InstantMs,
    until: InstantMs,
    limit: number,
  ): Promise<readonly { readonly key: string; readonly deadline: InstantMs }[]>;
  /** One transaction for all partitions given; one that is fenced does not hold up the others. */
  commit(partitions: readonly PartitionCommit[]): Promise<readonly CommitAnswer[]>;
  close(): Promise<void>;
}

import { setTimeout as sleep } from 'node:timers/promises';
import { type DurationMs, type InstantMs, milliseconds, NEVER, seconds } from '#kernel/time';
import { type Boundary, Checkpoint, type Tracked } from '#stream/checkpoint';
import { ColdTier } from '#stream/cold-tier';
import type { Committable } from '#stream/committer';
import { DeadlineHorizon } from '#stream/deadline-horizon';
import { type Counts, noCounts } from '#stream/effects';
import { type LogRecord, OffsetOutOfRange, type PartitionBatch } from '#stream/log';
import { PartitionLoop, type Step } from '#stream/partition-loop';
import { Refold } from '#stream/refold';
import type { Decoded } from '#stream/stage';
import type { RunnerOptions } from '#stream/runner-options';
import { StageFault } from '#stream/stage-fault';
import { type CommitAnswer, isFresh, type PartitionCommit, type Restart } from '#stream/stage-store';
import { StateCache } from '#stream/state-cache';
import { type PartitionProgress, StoreUnavailable } from '#stream/store';

/**
 * Runs a stage on one partition that this worker owns: folds again what was lost with the last owner's memory, brings in the states
 * that a batch needs, steps the loop, and hands what it has to say to the committer. One batch at a time; a commit is taken between
 * steps.
 */
export class PartitionRunner<State, Event, Shared> implements Committable {
  private readonly loop: PartitionLoop<State, Event, Shared>;
  private readonly cache: StateCache<State, Event, Shared>;
  private readonly checkpoint: Checkpoint<State>;
  private inFlight: Tracked<State>[] = [];
  private readonly horizon: DeadlineHorizon<State, Event, Shared>;
  private readonly refold: Refold<State, Event, Shared>;
  private storedWatermark: InstantMs;
  private storedCounts: Counts;
  private endOffset: number;
  /** All that was appended, and happened, before this instant has been applied; what comes late aside. */
  private readUpTo: InstantMs = -NEVER;
  /** Something was said while there was a backlog, perhaps by an owner before: its end is to be told. */
  private owesEnd: boolean;
  private lastEvent: Event | undefined;
  private lastEventId: string | null = null;
  private tickedAt = 0;
  private flushing = false;
  private ended = false;

  constructor(
    private readonly options: RunnerOptions<State, Event, Shared>,
    private progress: PartitionProgress,
    private readonly restart: Restart,
  ) {
    const { stage, store, budget } = options;
    const startShared = restart.checkpointShared ?? stage.encodeShared(stage.newShared());
    const start: Boundary = { offset: restart.checkpointOffset, watermark: restart.checkpointWatermark, shared: startShared };
    this.checkpoint = new Checkpoint(options.checkpointMs, start, options.now());
    this.cache = new StateCache({
      partition: progress.partition,
      stage,
      store,
      checkpoint: this.checkpoint,
      budget,
      cold: new ColdTier({ bytesMax: options.coldBytesMax }),
      isComplete: !restart.hasStates,
    });
    this.loop = new PartitionLoop(stage, this.cache, {
      nextOffset: restart.checkpointOffset,
      watermark: -NEVER,
      shared: stage.decodeShared(startShared),
      counts: noCounts(),
    });
    this.loop.futureMs = options.futureMs;
    this.loop.fireBudget = options.firedMax;
    this.horizon = new DeadlineHorizon(progress.partition, store, this.loop, this.cache);
    this.refold = new Refold(this.loop, restart, progress.nextOffset, (until, step) => this.drive(until, step));
    this.storedWatermark = restart.watermark;
    this.storedCounts = { ...restart.counts };
    this.endOffset = progress.nextOffset;
    this.owesEnd = stage.caughtUp !== undefined;
  }

  /** Where to read from. */
  get fromOffset(): number {
    return this.restart.checkpointOffset;
  }

  /** To be called once, before the first batch. */
  open(): Promise<void> {
    return this.refold.begin();
  }

  async batch({ records, endOffset, idleUntil = NEVER }: PartitionBatch): Promise<void> {
    const { sliceMax } = this.options;
    this.endOffset = endOffset;
    const readAt = this.options.now();
    for (let from = 0; from < records.length && !this.ended; from += sliceMax) {
      const slice = records.slice(from, from + sliceMax);
      const oldest = await this.slice(slice);
      if (this.loop.isRefolding) await this.refold.before(this.loop.nextOffset);
      this.tidy();
      if (this.loop.isRefolding) continue;
      const isAtEnd = this.lag() === 0;
      this.readUpTo = Math.max(this.readUpTo, isAtEnd ? readAt : Math.min(oldest, readAt));
      this.options.committer.request(this, slice.length, this.isQuiet() ? 'quiet' : isAtEnd ? 'soon' : 'usual');
      await this.options.committer.room();
    }
    if (records.length > 0) return;
    const { topic, partition, nextOffset } = this.progress;
    if (endOffset < nextOffset) throw new OffsetOutOfRange(topic, partition, nextOffset, 0, endOffset);
    await this.idle(idleUntil);
  }

  /** Stores everything, so that the next owner need not fold again; unless this one is still at that itself. */
  async flush(): Promise<void> {
    this.flushing = true;
    while (!this.ended && !this.loop.isRefolding && (this.checkpoint.dirty > 0 || this.hasNews()))
      await this.options.committer.flush(this);
  }

  /** Nothing more is stored. */
  end(): void {
    this.ended = true;
    this.options.committer.remove(this);
    this.cache.clear();
  }

  snapshot(): PartitionCommit | undefined {
    if (this.ended || this.loop.isRefolding || !(this.hasNews() || this.checkpoint.dirty > 0)) return undefined;
    const now = this.options.now();
    const shared = this.options.stage.encodeShared(this.loop.shared);
    const boundary = { offset: this.loop.nextOffset, watermark: this.loop.watermark, shared };
    const min = this.flushing ? this.options.flushedMax : Math.max(0, this.options.budget.excess);
    this.inFlight = this.options.stage.storesTogether
      ? this.checkpoint.takeAll(now, boundary, { force: min > 0, max: this.options.flushedMax })
      : this.checkpoint.take(now, boundary, {
          min,
          max: this.isFresh && !this.flushing ? this.options.freshMax() : this.options.flushedMax,
          isFresh: this.isFresh,
        });
    this.tellEnd();
    const checkpoint = this.checkpoint.boundary();
    if (this.lastEvent !== undefined) this.lastEventId = this.options.stage.identify?.(this.lastEvent).id ?? null;
    return {
      progress: this.progress,
      nextOffset: this.loop.nextOffset,
      watermark: this.loop.watermark,
      lastEventId: this.lastEventId,
      counts: { ...this.loop.counts },
      shared,
      checkpointOffset: checkpoint.offset,
      checkpointWatermark: checkpoint.watermark,
      checkpointShared: checkpoint.shared,
      readUpTo: this.options.stage.caughtUp === undefined ? null : this.readUpTo,
      effects: this.loop.takeEffects(),
      states: this.inFlight.map(({ key, state, offset, deadline }) => ({
        key,
        text: this.options.stage.encode(state),
        offset,
        deadline,
      })),
    };
  }

  stored(commit: PartitionCommit, answer: CommitAnswer, tookMs: DurationMs): void {
    this.inFlight.forEach((held, at) => {
      held.inFlight = false;
      this.cache.release(held, commit.states[at]!.text);
    });
    this.inFlight = [];
    this.progress = { ...this.progress, sequence: this.progress.sequence + 1, nextOffset: commit.nextOffset };
    this.storedWatermark = commit.watermark;
    const storedAt = this.options.now();
    // It may have grown old while it waited for the store.
    if (commit.readUpTo !== null && commit.effects.said.length > 0) this.owesEnd ||= !isFresh(commit.readUpTo, storedAt);
    const checkpointAgeMs = this.checkpoint.ageMs(storedAt);
    const countsBefore = this.storedCounts;
    this.storedCounts = commit.counts;
    this.options.onStored({ commit, countsBefore, news: answer.news, tookMs, storedAt, lag: this.lag(), checkpointAgeMs });
  }

  fenced(): void {
    if (this.ended) return;
    this.end();
    this.options.onFenced(this.progress);
  }

  failed(error: unknown): void {
    if (this.ended) return;
    this.end();
    this.options.onFailed(this.progress, error);
  }

  /**
   * An event is decoded when its turn comes, so that it dies young; only a state missing in memory makes it look ahead. Returns the oldest
   * instant of an event or of its append: neither a history that is brought in now nor one producer's fast clock may pass for the present.
   */
  private async slice(records: readonly LogRecord[]): Promise<InstantMs> {
    const { stage } = this.options;
    let oldest: InstantMs = NEVER;
    let ahead: (Decoded<Event> | undefined)[] = [];
    for (let at = 0; at < records.length && !this.ended; at++) {
      const record = records[at]!;
      if (record.offset < this.loop.nextOffset) continue;
      if (this.loop.isRefolding) await this.refold.before(record.offset);
      if (record.offset === this.options.brokenOffset) await this.options.committer.flush(this);
      const decoded = ahead[at] ?? stage.decode(record);
      oldest = Math.min(oldest, record.appendedAt, decoded.kind === 'event' ? decoded.at : NEVER);
      let step = this.step(record, decoded);
      while (step !== 'done' && !this.ended) {
        if (step === 'load' && ahead.length === 0) {
          ahead = records.map((each, index) => (index < at ? undefined : stage.decode(each)));
          await this.bring(ahead);
        }
        await this.makeRoom(step, this.watermarkOf(decoded), keysOf(decoded), decoded.kind === 'batch');
        step = this.step(record, decoded);
      }
    }
    return oldest;
  }

  private async bring(decoded: readonly (Decoded<Event> | undefined)[]): Promise<void> {
    const keys = decoded.flatMap((one) => (one === undefined ? [] : keysOf(one).filter((key) => !this.cache.isAtHand(key))));
    if (keys.length > 0) await this.patiently(() => this.cache.load(keys));
  }

  private watermarkOf(decoded: Decoded<Event>): InstantMs {
    const { latenessMs } = this.options.stage;
    if (decoded.kind === 'event') return decoded.at - latenessMs;
    return decoded.kind === 'batch' ? decoded.parts.reduce((last, { at }) => Math.max(last, at), -NEVER) - latenessMs : -NEVER;
  }

  private step(record: LogRecord, decoded: Decoded<Event>): Step {
    if (decoded.kind === 'event') this.lastEvent = decoded.event;
    try {
      return this.loop.step(record, decoded);
    } catch (cause) {
      throw new StageFault(this.options.stage.name, this.progress, record.offset, cause);
    }
  }

  private async drive(until: InstantMs, step: () => Step): Promise<void> {
    for (let result = step(); result !== 'done' && !this.ended; result = step()) await this.makeRoom(result, until);
  }

  private async makeRoom(step: Step, until: InstantMs, ofRecord: readonly string[] = [], needsAll = false): Promise<void> {
    if (step === 'pause') {
      if (!this.loop.isRefolding) await this.options.committer.flush(this);
      this.loop.fireBudget = this.options.firedMax;
      return;
    }
    if (until > this.loop.horizon) await this.patiently(() => this.horizon.extend(until));
    const keys = this.horizon.needed(until, needsAll ? Number.POSITIVE_INFINITY : this.options.sliceMax);
    keys.push(...ofRecord);
    await this.patiently(() => this.cache.load(keys));
  }

  /** The clock of a partition that is read to its end; and its dirty states go out even if nothing comes. */
  private async idle(idleUntil: InstantMs): Promise<void> {
    if (this.loop.isRefolding) await this.refold.end();
    const now = this.options.now();
    this.readUpTo = now;
    const until = Math.min(now - this.options.stage.latenessMs, idleUntil);
    if (this.loop.heap.next > until && now - this.tickedAt < seconds(1) && !this.owesEnd) return;
    this.tickedAt = now;
    await this.drive(until, () => this.loop.tick(until));
    this.tidy();
    this.options.committer.request(this, 0, this.isQuiet() ? 'quiet' : 'soon');
  }

  private tidy(): void {
    this.cache.trim();
    this.horizon.tidy();
  }

  private hasNews(): boolean {
    if (this.owesEnd && this.isFresh) return true;
    return this.loop.nextOffset !== this.progress.nextOffset || this.loop.watermark !== this.storedWatermark;
  }

  /** Nothing is to be said. States of such a stage are stored together, now and then: a commit in between would only say how far it is. */
  private isQuiet(): boolean {
    const { said, slim, buried } = this.loop.effects;
    return this.options.stage.storesTogether === true && !this.flushing && said.length + slim.length + buried.length === 0;
  }

  private get isFresh(): boolean {
    return isFresh(this.readUpTo, this.options.now());
  }

  /** What is said on fresh facts says so itself; what was said in a backlog is owed a message of its own. */
  private tellEnd(): void {
    const { caughtUp } = this.options.stage;
    if (caughtUp === undefined) return;
    const { said } = this.loop.effects;
    if (!this.isFresh) this.owesEnd ||= said.length > 0;
    else if (this.owesEnd) {
      const { partition, epoch, sequence } = this.progress;
      for (const emission of caughtUp(partition, this.loop.watermark, `${epoch}.${sequence}`))
        said.push({ emission, appendedAt: null });
      this.owesEnd = false;
    }
  }

  private lag(): number {
    return Math.max(0, this.endOffset - this.loop.nextOffset);
  }

  private async patiently(work: () => Promise<void>): Promise<void> {
    for (let pause = milliseconds(20); !this.ended; pause = Math.min(pause * 2, seconds(1))) {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof StoreUnavailable)) throw error;
        this.options.onError(error);
      }
      await sleep(pause);
    }
  }
}

function keysOf<Event>(decoded: Decoded<Event>): readonly string[] {
  if (decoded.kind === 'event') return [decoded.key];
  return decoded.kind === 'batch' ? decoded.parts.map(({ key }) => key) : [];
}

import { setTimeout as sleep } from 'node:timers/promises';
import { type DurationMs, seconds } from '#kernel/time';
import type { Log, LogReader, PartitionBatch } from '#stream/log';
import { Ownership } from '#stream/ownership';
import type { HostListener, StageHost } from '#stream/stage-host';
import type { StageReport } from '#stream/stage-report';
import type { OwnershipStore, PartitionProgress } from '#stream/store';

export interface StageServiceOptions {
  /** Names the Kafka group, for lag tools only. */
  readonly service: string;
  /** Unique to this process and service. */
  readonly member: string;
  readonly log: Log;
  readonly topic: string;
  readonly ownership: OwnershipStore;
  readonly host: (listener: HostListener) => StageHost;
  readonly onStored: (report: StageReport) => void;
  readonly onFenced: () => void;
  readonly onError: (error: unknown) => void;
  /** Times that a partition is taken up again after a fault of ours at the same place, before it stops. */
  readonly tries?: number;
  readonly renewMs?: DurationMs;
  readonly leaseMs?: DurationMs;
  /** How long a stop may take to store what is in memory; what is not stored then is folded again by the next owner. */
  readonly stopMs?: DurationMs;
}

interface Running {
  progressedAt: number;
  failures: number;
  /** Where the partition stood when it failed last. */
  failedAt: number;
  stoppedAt: number | undefined;
}

/** Reads one topic and runs a stage on the partitions that this process holds. */
export class StageService {
  private readonly partitions = new Map<number, Running>();
  private readonly held = new Set<number>();
  private reader: LogReader | undefined;
  private ownership: Ownership | undefined;
  private host: StageHost | undefined;

  constructor(private readonly options: StageServiceOptions) {}

  /** `deliver` is handed each batch, and is to hand it to `batch`. */
  async start(deliver: (batch: PartitionBatch) => Promise<void> = (batch) => this.batch(batch)): Promise<void> {
    const { log, topic, service, member, renewMs, leaseMs, onError } = this.options;
    const admin = await log.admin();
    const partitions = await admin.partitionCount(topic);
    await admin.close();
    this.host = this.options.host({
      stored: (report) => this.stored(report),
      fenced: (progress) => void this.fenced(progress),
      failed: (progress, error) => void this.failed(progress, error),
      error: onError,
    });
    this.reader = log.reader({ group: `makewhole-${service}-${member}`, topics: [topic] });
    await this.reader.start(deliver);
    this.ownership = new Ownership({
      store: this.options.ownership,
      member,
      topics: [{ topic, partitions }],
      onTaken: (progress) => this.taken(progress),
      onSurplus: (_, partition) => this.giveUp(partition),
      onLost: (_, partition) => this.lose(partition),
      onError,
      ...(renewMs === undefined ? {} : { renewMs }),
      ...(leaseMs === undefined ? {} : { leaseMs }),
    });
    this.ownership.start();
  }

  /** Folds a batch; resolves when there is room for the next. */
  async batch(batch: PartitionBatch): Promise<void> {
    const running = this.partitions.get(batch.partition);
    if (!this.held.has(batch.partition) || running === undefined || running.stoppedAt !== undefined) return;
    await this.host!.batch(batch);
    running.progressedAt = Date.now();
  }

  /** Stops reading, stores what is in memory, gives the partitions back. */
  async stop(): Promise<void> {
    await this.ownership?.halt();
    await this.reader?.stop();
    const stopping = new AbortController();
    const tooLong = sleep(this.options.stopMs ?? seconds(15), undefined, { signal: stopping.signal, ref: false }).catch(
      () => undefined,
    );
    await Promise.race([this.host?.stop(), tooLong]);
    stopping.abort();
    await this.ownership?.leave();
    this.held.clear();
  }

  /** Time since the partition that waits longest was last seen to move or to be read to its end; since the store answered, with none. */
  progressAgeMs(): DurationMs {
    const now = Date.now();
    let age = this.ownership?.ageMs() ?? 0;
    for (const partition of this.held) age = Math.max(age, now - (this.partitions.get(partition)?.progressedAt ?? now));
    return age;
  }

  /** Partitions in hand. */
  get owned(): readonly number[] {
    return [...this.held].sort((one, other) => one - other);
  }

  private async taken(progress: PartitionProgress): Promise<void> {
    const from = await this.host!.take(progress);
    const known = this.partitions.get(progress.partition);
    const { failures, failedAt } = known ?? { failures: 0, failedAt: 0 };
    this.partitions.set(progress.partition, { progressedAt: Date.now(), failures, failedAt, stoppedAt: undefined });
    this.held.add(progress.partition);
    try {
      await this.reader!.assign(progress.topic, progress.partition, from);
    } catch (error) {
      this.held.delete(progress.partition);
      await this.host!.drop(progress.partition);
      throw error;
    }
  }

  private async giveUp(partition: number): Promise<void> {
    await this.reader!.revoke(this.options.topic, partition);
    await this.host!.giveUp(partition);
    this.held.delete(partition);
  }

  private async lose(partition: number): Promise<void> {
    this.held.delete(partition);
    await this.host!.drop(partition);
    await this.reader!.revoke(this.options.topic, partition);
  }

  private stored(report: StageReport): void {
    const running = this.partitions.get(report.partition);
    if (running !== undefined && report.nextOffset > running.failedAt) running.failures = 0;
    this.options.onStored(report);
  }

  private async fenced({ topic, partition }: PartitionProgress): Promise<void> {
    this.options.onFenced();
    await this.quietly(async () => {
      await this.lose(partition);
      await this.ownership!.drop(topic, partition);
    });
  }

  /** A fault of ours: the partition is taken up again from what is stored, and stops, still held, when that does not help. */
  private async failed({ topic, partition, nextOffset }: PartitionProgress, error: unknown): Promise<void> {
    this.options.onError(error);
    const running = this.partitions.get(partition);
    if (running === undefined) return;
    running.failures += 1;
    running.failedAt = nextOffset;
    const isHopeless = running.failures >= (this.options.tries ?? 3);
    if (isHopeless) running.stoppedAt = Date.now();
    await this.quietly(async () => {
      await this.reader!.revoke(topic, partition);
      if (isHopeless) {
        this.options.onError(new Error(`${topic}/${partition} stopped after ${running.failures} tries: ${String(error)}`));
        return;
      }
      this.held.delete(partition);
      await sleep(seconds(running.failures) / 2);
      await this.ownership!.drop(topic, partition);
    });
  }

  private async quietly(work: () => Promise<void>): Promise<void> {
    await work().catch(this.options.onError);
  }
}

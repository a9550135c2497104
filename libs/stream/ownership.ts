import { setTimeout as sleep } from 'node:timers/promises';
import { type DurationMs, seconds } from '#kernel/time';
import type { TopicSpec } from '#stream/log';
import { type Lease, type Membership, type OwnershipStore, type PartitionProgress } from '#stream/store';

export interface OwnershipOptions {
  readonly store: OwnershipStore;
  /** Unique to this process and service. */
  readonly member: string;
  readonly topics: readonly TopicSpec[];
  /** The partition is this member's: start it. A throw lets it go again. */
  readonly onTaken: (progress: PartitionProgress) => Promise<void>;
  /** The partition is to be given to another member: finish what is in hand, store it, and stop. */
  readonly onSurplus: (topic: string, partition: number) => Promise<void>;
  /** Another member holds the partition by now: stop it, nothing of it can be stored any more. */
  readonly onLost: (topic: string, partition: number) => Promise<void>;
  readonly onError: (error: unknown) => void;
  readonly renewMs?: DurationMs;
  readonly leaseMs?: DurationMs;
}

const nameOf = (topic: string, partition: number): string => `${topic}/${partition}`;

/**
 * Shares the partitions of a service evenly among its living members, by leases in the store. The lease only makes it quick and
 * quiet: what makes it right is the epoch, which every commit is compared with. So a member that slept through its lease does no
 * harm, and one that lost touch with the store keeps what it has until a commit is refused.
 */
export class Ownership {
  private readonly held = new Set<string>();
  private readonly renewMs: DurationMs;
  private readonly leaseMs: DurationMs;
  private stopping = new AbortController();
  private loop: Promise<void> = Promise.resolve();
  private renewedAt = 0;

  constructor(private readonly options: OwnershipOptions) {
    this.renewMs = options.renewMs ?? seconds(1);
    this.leaseMs = options.leaseMs ?? seconds(3);
  }

  start(): void {
    this.stopping = new AbortController();
    this.renewedAt = Date.now();
    this.loop = this.run();
  }

  /** Takes nothing more and gives nothing up by itself; the leases stay, unrenewed. */
  async halt(): Promise<void> {
    this.stopping.abort();
    await this.loop;
  }

  /** Gives everything back, once the caller has stopped its partitions. */
  async leave(): Promise<void> {
    await this.halt();
    this.held.clear();
    await this.options.store.leave(this.options.member).catch(this.options.onError);
  }

  /** The partition was fenced or could not go on: it may be taken again by anyone, this member included. */
  async drop(topic: string, partition: number): Promise<void> {
    this.held.delete(nameOf(topic, partition));
    await this.options.store.release(this.options.member, topic, partition).catch(this.options.onError);
  }

  /** Since the store last answered. */
  ageMs(): DurationMs {
    return Date.now() - this.renewedAt;
  }

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      try {
        const membership = await this.options.store.renew(this.options.member, this.leaseMs);
        this.renewedAt = Date.now();
        for (const topic of this.options.topics) await this.balance(topic, membership);
      } catch (error) {
        this.options.onError(error);
      }
      await sleep(this.renewMs, undefined, { signal: this.stopping.signal }).catch(() => undefined);
    }
  }

  private async balance(topic: TopicSpec, { members, leases }: Membership): Promise<void> {
    const share = Math.ceil(topic.partitions / Math.max(1, members.length));
    const taken = new Map(leases.filter((lease) => lease.topic === topic.topic).map((lease) => [lease.partition, lease]));
    for (const partition of this.mine(topic)) {
      const owner = taken.get(partition)?.owner;
      if (owner !== undefined && owner !== this.options.member) await this.lose(topic.topic, partition);
    }
    const mine = this.mine(topic);
    for (const partition of mine.slice(share)) await this.giveUp(topic.topic, partition);
    await Promise.all(this.free(topic, taken, share - mine.length).map((partition) => this.take(topic.topic, partition)));
  }

  private mine(topic: TopicSpec): readonly number[] {
    const held = (partition: number): boolean => this.held.has(nameOf(topic.topic, partition));
    return Array.from({ length: topic.partitions }, (_, partition) => partition).filter(held);
  }

  private free(topic: TopicSpec, taken: ReadonlyMap<number, Lease>, wanted: number): readonly number[] {
    const free: number[] = [];
    for (let partition = 0; partition < topic.partitions && free.length < wanted; partition++) {
      const owner = taken.get(partition)?.owner;
      const isFree = owner === undefined || owner === this.options.member;
      if (isFree && !this.held.has(nameOf(topic.topic, partition))) free.push(partition);
    }
    return free;
  }

  private async take(topic: string, partition: number): Promise<void> {
    if (this.stopping.signal.aborted) return;
    const progress = await this.options.store.take(this.options.member, topic, partition, this.leaseMs);
    if (progress === undefined) return;
    this.held.add(nameOf(topic, partition));
    try {
      await this.options.onTaken(progress);
    } catch (error) {
      this.options.onError(error);
      await this.drop(topic, partition);
    }
  }

  private async lose(topic: string, partition: number): Promise<void> {
    this.held.delete(nameOf(topic, partition));
    await this.options.onLost(topic, partition);
  }

  private async giveUp(topic: string, partition: number): Promise<void> {
    await this.options.onSurplus(topic, partition);
    await this.drop(topic, partition);
  }
}

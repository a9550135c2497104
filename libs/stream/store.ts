import type { DurationMs } from '#kernel/time';
import type { NewRecord } from '#stream/log';

/** Where a partition stands, and the epoch under which its taker may change that. */
export interface PartitionProgress {
  readonly topic: string;
  readonly partition: number;
  readonly epoch: number;
  /** Counts the commits of all owners: an answer lost on the way is resolved by it. */
  readonly sequence: number;
  readonly nextOffset: number;
}

/** Another owner took the partition: what was not committed is void, and the partition is to be dropped. */
export class Fenced extends Error {
  constructor(topic: string, partition: number, epoch: number) {
    super(`${topic}/${partition} has another owner: epoch ${epoch} is over`);
    this.name = 'Fenced';
  }
}

/** The store cannot be reached, or gave up a transaction for reasons of its own: the same call may work later. */
export class StoreUnavailable extends Error {
  constructor(doing: string, cause: unknown) {
    super(`${doing}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.name = 'StoreUnavailable';
  }
}

export interface Lease {
  readonly topic: string;
  readonly partition: number;
  readonly owner: string;
}

/** Living members of the service (this one included) and the leases that are in force. Judged by the store's clock. */
export interface Membership {
  readonly members: readonly string[];
  readonly leases: readonly Lease[];
}

export interface OwnershipStore {
  /** Announces the member, renews every lease it holds, and says who else lives. */
  renew(member: string, leaseMs: DurationMs): Promise<Membership>;
  /** Takes a partition whose lease is free, under a new epoch; undefined when another member's lease is in force. */
  take(member: string, topic: string, partition: number, leaseMs: DurationMs): Promise<PartitionProgress | undefined>;
  /** Lets a partition go at once. Harmless when it is no longer held. */
  release(member: string, topic: string, partition: number): Promise<void>;
  /** Lets everything go and forgets the member. */
  leave(member: string): Promise<void>;
}

/** Something to be sent once the transaction that says it has committed. `id` is derived from what it says: receivers drop repeats by it. */
export interface OutboxMessage {
  readonly key: string;
  readonly id: string;
  readonly value: string | Buffer;
}

export interface QueryResult<Row> {
  readonly rows: Row[];
  readonly rowCount: number;
}

/** One transaction of a batch. */
export interface Transaction {
  query<Row = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<QueryResult<Row>>;
  /** Adds an outbox row to the transaction; rows are written in the order of the calls, when the handler is done. */
  emit(topic: string, message: OutboxMessage): void;
}

export interface ConsumerStore extends OwnershipStore {
  /**
   * Runs `work` and moves the partition from `progress` to `nextOffset` in one transaction, whatever happened to the answer of an
   * earlier try. Returns the new progress. Throws `Fenced`, `StoreUnavailable`, or what `work` threw; nothing is stored then.
   */
  commit(
    progress: PartitionProgress,
    nextOffset: number,
    work: (transaction: Transaction) => Promise<void>,
  ): Promise<PartitionProgress>;
}

export interface OutboxRow extends NewRecord {
  readonly row: number;
  readonly topic: string;
}

export interface RelayStore {
  /** True while this relay may send; a lease of the store's clock, renewed by asking. */
  mayRelay(relay: string, leaseMs: DurationMs): Promise<boolean>;
  /** Lets another relay begin at once. */
  endRelay(relay: string): Promise<void>;
  /** The oldest unsent rows, in the order in which they were written. */
  pending(limit: number): Promise<readonly OutboxRow[]>;
  /** Forgets rows that were sent. */
  sent(rows: readonly number[]): Promise<void>;
  pendingCount(): Promise<number>;
}

import type { Message, RecordMetadata } from 'kafkajs';
import { RecordTooLarge } from '#stream/log';
import { AppendTimeoutError, isPermanent, isTooLarge } from '#kafka/append-error';

/** One append's share in one partition; settled when the last of its records was seen, or the first of them failed. */
export class Ticket {
  private open: number;
  private settled = false;
  readonly done: Promise<void>;
  private resolve!: () => void;
  private reject!: (error: unknown) => void;

  constructor(
    records: number,
    readonly deadline: number,
  ) {
    this.open = records;
    this.done = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }

  get failed(): boolean {
    return this.settled && this.open > 0;
  }

  seen(): void {
    this.open -= 1;
    if (this.open > 0) return;
    this.settled = true;
    this.resolve();
  }

  fail(error: unknown): void {
    this.settled = true;
    this.reject(error);
  }
}

interface Entry {
  readonly message: Message;
  readonly bytes: number;
  readonly ticket: Ticket;
}

export interface LaneLimits {
  /** 500: kafkajs sends 79 k/s in batches of 500 with one in flight, 53–56 k/s in batches of 4,000. */
  readonly recordsMax: number;
  readonly bytesMax: number;
  readonly deliveryTimeoutMs: number;
}

/**
 * The appends to one partition, in order, one send in flight. Concurrent sends are reordered by kafkajs, idempotent or not (3 in
 * flight: 32 % of messages out of order, by up to 8,000 places); appends that come in meanwhile go together into the next send.
 * A send is tried until the partition's own answer was seen.
 */
export class AppendLane {
  private queue: Entry[] = [];
  private running = false;

  constructor(
    private readonly topic: string,
    private readonly partition: number,
    private readonly send: (messages: Message[]) => Promise<readonly RecordMetadata[]>,
    private readonly limits: LaneLimits,
    private readonly onRetry: (error: unknown) => void,
  ) {}

  push(message: Message, bytes: number, ticket: Ticket): void {
    this.queue.push({ message, bytes, ticket });
  }

  /** Starts sending, unless it runs already. */
  kick(): void {
    if (this.running || this.queue.length === 0) return;
    this.running = true;
    void this.drain();
  }

  /** `running` ends in the same tick in which the queue was found empty: no append can fall between. */
  private async drain(): Promise<void> {
    for (let batch = this.takeBatch(); batch.length > 0; batch = this.takeBatch()) await this.deliver(batch);
    this.running = false;
  }

  /** A ticket that failed takes its later records with it: sent alone they would stand before those that are appended again. */
  private takeBatch(): Entry[] {
    const batch: Entry[] = [];
    let bytes = 0;
    let taken = 0;
    for (const entry of this.queue) {
      const full = batch.length === this.limits.recordsMax || bytes + entry.bytes > this.limits.bytesMax;
      if (full && batch.length > 0) break;
      taken += 1;
      if (entry.ticket.failed) continue;
      batch.push(entry);
      bytes += entry.bytes;
    }
    this.queue = taken === this.queue.length ? [] : this.queue.slice(taken);
    return batch;
  }

  private async deliver(batch: readonly Entry[]): Promise<void> {
    try {
      await this.sendUntilSeen(batch);
      for (const { ticket } of batch) ticket.seen();
    } catch (error) {
      if (isTooLarge(error) && batch.length > 1) {
        for (const entry of batch) if (!entry.ticket.failed) await this.deliver([entry]);
        return;
      }
      const [first] = batch;
      const told = isTooLarge(error) && first !== undefined ? new RecordTooLarge(this.topic, first.bytes) : error;
      for (const { ticket } of batch) ticket.fail(told);
    }
  }

  private async sendUntilSeen(batch: readonly Entry[]): Promise<void> {
    const messages = batch.map(({ message }) => message);
    const deadline = Math.min(...batch.map(({ ticket }) => ticket.deadline));
    for (let waitMs = 50; ; waitMs = Math.min(waitMs * 2, 1_000)) {
      let fault: unknown;
      try {
        if (answers(await this.send(messages), this.partition)) return;
        fault = new Error(`the answer does not name partition ${this.partition}`);
      } catch (error) {
        if (isTooLarge(error) || isPermanent(error)) throw error;
        fault = error;
      }
      this.onRetry(fault);
      if (Date.now() + waitMs >= deadline)
        throw new AppendTimeoutError(this.topic, this.partition, this.limits.deliveryTimeoutMs, fault);
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  }
}

/** A send may resolve although nothing was appended (a broker died during it): only the partition's own answer with an offset counts. */
const answers = (metadata: readonly RecordMetadata[], partition: number): boolean =>
  metadata.some((answer) => answer.partition === partition && answer.errorCode === 0 && Number(answer.baseOffset ?? -1) >= 0);

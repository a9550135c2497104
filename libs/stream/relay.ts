import { setTimeout as sleep } from 'node:timers/promises';
import { type DurationMs, milliseconds, seconds } from '#kernel/time';
import { failpoint } from '#stream/failpoint';
import type { LogWriter } from '#stream/log';
import type { OutboxRow, RelayStore } from '#stream/store';

export interface RelayOptions {
  readonly store: RelayStore;
  readonly writer: LogWriter;
  /** Unique to this process and service. */
  readonly relay: string;
  readonly onError: (error: unknown) => void;
  readonly onSent?: (count: number) => void;
  /** Rows a round. */
  readonly limit?: number;
  readonly pollMs?: DurationMs;
  readonly leaseMs?: DurationMs;
}

/**
 * Sends what transactions left in the outbox, in the order of writing: one awaited append a topic, and the next round only when all
 * have answered, so that nothing overtakes (platform: concurrent sends are reordered). A row goes away once the log has it; a crash
 * in between sends it again, under the same id. A lease keeps the relays of other processes quiet; were two to run for a moment,
 * receivers would see repeats of ids they know, and nothing worse.
 */
export class OutboxRelay {
  private readonly limit: number;
  private readonly pollMs: DurationMs;
  private readonly leaseMs: DurationMs;
  private running = false;
  private loop: Promise<void> = Promise.resolve();
  private wake: (() => void) | undefined;
  private kicked = false;
  private leaseAskedAt = 0;
  private leased = false;

  constructor(private readonly options: RelayOptions) {
    this.limit = options.limit ?? 1_000;
    this.pollMs = options.pollMs ?? milliseconds(100);
    this.leaseMs = options.leaseMs ?? seconds(3);
  }

  start(): void {
    this.running = true;
    this.loop = this.run();
  }

  /** There is something to send: do not wait for the next poll. */
  kick(): void {
    this.kicked = true;
    this.wake?.();
  }

  /** Finishes the round in hand. */
  async stop(): Promise<void> {
    this.running = false;
    this.kick();
    await this.loop;
    await this.options.store.endRelay(this.options.relay).catch(this.options.onError);
  }

  private async run(): Promise<void> {
    while (this.running) {
      this.kicked = false;
      let more = false;
      try {
        more = (await this.mayRelay()) && (await this.round());
      } catch (error) {
        this.options.onError(error);
        if (this.running) await sleep(this.pollMs);
      }
      if (!more) await this.idle();
    }
  }

  private async mayRelay(): Promise<boolean> {
    const now = Date.now();
    if (!this.leased || now - this.leaseAskedAt >= this.leaseMs / 3) {
      this.leased = await this.options.store.mayRelay(this.options.relay, this.leaseMs);
      this.leaseAskedAt = now;
    }
    return this.leased;
  }

  /** True when there may be more. */
  private async round(): Promise<boolean> {
    const rows = await this.options.store.pending(this.limit);
    if (rows.length === 0) return false;
    failpoint('relay.before-append');
    await Promise.all([...byTopic(rows)].map(([topic, records]) => this.options.writer.append(topic, records)));
    failpoint('relay.after-append');
    await this.options.store.sent(rows.map(({ row }) => row));
    this.options.onSent?.(rows.length);
    return rows.length === this.limit;
  }

  private async idle(): Promise<void> {
    if (!this.running || this.kicked) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, this.pollMs);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.wake = undefined;
  }
}

function byTopic(rows: readonly OutboxRow[]): Map<string, OutboxRow[]> {
  const topics = new Map<string, OutboxRow[]>();
  for (const row of rows) {
    const of = topics.get(row.topic);
    if (of === undefined) topics.set(row.topic, [row]);
    else of.push(row);
  }
  return topics;
}

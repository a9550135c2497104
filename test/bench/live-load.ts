import { setTimeout as sleep } from 'node:timers/promises';
import type { LogWriter, NewRecord } from '#stream/log';
import type { LoadRecord } from '#simulator/payment-load';

/** As a producer that gathers for 20 ms: a send for each record would measure the broker. */
const TICK_MS = 20;

/** Appends to one topic and knows how many records were acknowledged at any recent moment. */
export class Feed {
  private acknowledged = 0;
  private readonly history: { readonly at: number; readonly total: number }[] = [];

  constructor(
    private readonly writer: LogWriter,
    private readonly topic: string,
  ) {}

  get total(): number {
    return this.acknowledged;
  }

  async append(records: readonly NewRecord[]): Promise<void> {
    await this.writer.append(this.topic, records);
    this.count(records.length);
  }

  count(records: number): void {
    this.acknowledged += records;
    this.history.push({ at: performance.now(), total: this.acknowledged });
    if (this.history.length > 4_000) this.history.splice(0, 2_000);
  }

  /** How many were acknowledged at that moment (`performance.now()`). */
  totalAt(at: number): number {
    return this.history.findLast((entry) => entry.at <= at)?.total ?? 0;
  }
}

/** Appends each record when the wall clock comes to its event time, however slow the log is: it does not wait for answers. */
export class LiveLoad {
  private running = true;
  private done: Promise<void> = Promise.resolve();
  private readonly inFlight = new Set<Promise<void>>();
  private failure: unknown;

  constructor(
    private readonly feed: Feed,
    private readonly load: Iterator<LoadRecord>,
    private readonly onRecord: (record: LoadRecord) => void,
  ) {}

  /** `delayMs`: how long after their event times the records go out. */
  start(delayMs: number): void {
    this.done = this.run(delayMs);
  }

  /** Resolves once everything that went out is acknowledged; throws what an append threw. */
  async stop(): Promise<void> {
    this.running = false;
    await this.done;
    await Promise.all(this.inFlight);
    if (this.failure !== undefined) throw this.failure instanceof Error ? this.failure : new Error(String(this.failure));
  }

  private async run(delayMs: number): Promise<void> {
    let next = this.load.next();
    while (this.running && next.done !== true && this.failure === undefined) {
      const due: LoadRecord[] = [];
      for (const now = Date.now(); next.done !== true && next.value.at + delayMs <= now; next = this.load.next()) {
        this.onRecord(next.value);
        due.push(next.value);
      }
      if (due.length > 0) this.send(due);
      await sleep(TICK_MS);
    }
  }

  private send(records: readonly LoadRecord[]): void {
    const sending = this.feed
      .append(records.map(({ key, value }) => ({ key, value })))
      .catch((error: unknown) => (this.failure = error))
      .then(() => void this.inFlight.delete(sending));
    this.inFlight.add(sending);
  }
}

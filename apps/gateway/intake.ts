import type { Log, LogAdmin, LogWriter, NewRecord } from '#stream/log';
import { failpoint } from '#stream/failpoint';

export const EVENTS_TOPIC = 'payment-events';
const probeMs = 2_000;

/** The log did not confirm in time; whether the events are in it is unknown, and sending them again is safe. */
export class LogUnavailable extends Error {
  override readonly name = 'LogUnavailable';
}

interface IntakeOptions {
  readonly log: Log;
  readonly partitions: number;
  readonly appendTimeoutMs: number;
  readonly onFailure: (error: unknown) => void;
}

/** Appends events and answers only once they are durable. The log's writer sends what comes in at the same time together. */
export class Intake {
  private writer: LogWriter | undefined;
  private admin: LogAdmin | undefined;
  private oldest = new Map<symbol, number>();

  constructor(private readonly options: IntakeOptions) {}

  async start(): Promise<void> {
    this.admin = await this.options.log.admin();
    await this.admin.ensureTopics([{ topic: EVENTS_TOPIC, partitions: this.options.partitions }]);
    this.writer = await this.options.log.writer();
  }

  /** Waits for the appends in hand. */
  async stop(): Promise<void> {
    await this.writer?.close();
    await this.admin?.close();
  }

  /** Why the log cannot be reached; null when it can. */
  async fault(): Promise<string | null> {
    if (this.admin === undefined) return 'not started yet';
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<string>((resolve) => {
      timer = setTimeout(() => resolve(`the log did not answer within ${probeMs} ms`), probeMs);
    });
    const probe = this.admin.offsets(EVENTS_TOPIC).then(() => null, String);
    return Promise.race([probe, late]).finally(() => clearTimeout(timer));
  }

  /** How long the append that waits longest has waited. */
  waitingMs(now: number): number {
    const [first] = this.oldest.values();
    return first === undefined ? 0 : now - first;
  }

  /**
   * `done` settles when the log has answered, which may be long after `durable` gave up waiting: until then the bytes are in memory.
   */
  append(records: readonly NewRecord[]): { readonly durable: Promise<void>; readonly done: Promise<void> } {
    const { writer } = this;
    if (writer === undefined) throw new LogUnavailable('the log is not open');
    failpoint('gateway.before-append');
    const ticket = Symbol();
    this.oldest.set(ticket, Date.now());
    const appended = writer.append(EVENTS_TOPIC, records);
    const done = appended
      .then(
        () => undefined,
        (error: unknown) => this.options.onFailure(error),
      )
      .finally(() => this.oldest.delete(ticket));
    return { durable: this.bounded(appended), done };
  }

  private async bounded(appended: Promise<void>): Promise<void> {
    const { appendTimeoutMs } = this.options;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new LogUnavailable(`not confirmed within ${appendTimeoutMs} ms`)), appendTimeoutMs);
    });
    try {
      await Promise.race([appended, late]);
    } finally {
      clearTimeout(timer);
    }
    failpoint('gateway.after-append');
  }
}

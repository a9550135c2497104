import type { Log, LogWriter, NewRecord } from '#stream/log';

/** A log that keeps what it is given, and can be made to answer late or to fail. */
export class LogDouble implements LogWriter {
  appended: NewRecord[] = [];
  answer: () => Promise<void> = () => Promise.resolve();

  async append(_topic: string, records: readonly NewRecord[]): Promise<void> {
    await this.answer();
    this.appended.push(...records);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  asLog(): Log {
    const close = () => Promise.resolve();
    const admin = {
      ensureTopics: close,
      partitionCount: () => Promise.resolve(8),
      offsets: () => this.answer().then(() => []),
      close,
    };
    const reader = () => {
      throw new Error('the gateway reads nothing');
    };
    const parts = { writer: () => Promise.resolve(this), admin: () => Promise.resolve(admin), reader, partitionOf: () => 0 };
    return { kind: 'postgres', ...parts, close };
  }
}

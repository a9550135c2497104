import type { ActionResult } from '#action/action';
import type { Finding } from '#detection/finding';
import type { Log, LogReader, PartitionBatch } from '#stream/log';

const topics = ['findings', 'action-results'] as const;

/** Hears what the services say, as anyone else on the log could. */
export class Observer {
  private readonly open = new Map<string, Finding>();
  private readonly newest = new Map<string, ActionResult>();
  private reader: LogReader | undefined;
  /** When something new was last heard. */
  heardAt = performance.now();

  constructor(private readonly log: Log) {}

  async start(): Promise<void> {
    const admin = await this.log.admin();
    const reader = this.log.reader({ group: `makewhole-demo-${process.pid}`, topics });
    this.reader = reader;
    await reader.start((batch) => Promise.resolve(this.hear(batch)));
    for (const topic of topics) {
      for (const { partition, start } of await admin.offsets(topic)) await reader.assign(topic, partition, start);
    }
    await admin.close();
  }

  /** Every finding as it was while it was open: the newest such line. */
  findings(): readonly Finding[] {
    return [...this.open.values()];
  }

  /** The newest state of every action. */
  results(): readonly ActionResult[] {
    return [...this.newest.values()];
  }

  /** Actions whose outcome is not known yet. */
  get underWay(): number {
    return this.results().filter(({ state }) => state === 'sent' || state === 'pending' || state === 'unknown').length;
  }

  async stop(): Promise<void> {
    await this.reader?.stop();
  }

  private hear({ topic, records }: PartitionBatch): void {
    if (records.length > 0) this.heardAt = performance.now();
    for (const { value } of records) {
      const { type, data } = JSON.parse(value?.toString('utf8') ?? '{}') as { type?: string; data?: unknown };
      if (topic === 'action-results') this.newest.set((data as ActionResult).key, data as ActionResult);
      else if (type === 'makewhole.finding') {
        const { finding } = data as { finding: Finding };
        if (finding.status === 'open') this.open.set(finding.findingId, finding);
      }
    }
  }
}

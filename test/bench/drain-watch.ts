import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { usageOf } from './process-usage';

/** What the database showed at one moment. */
export interface DrainSample {
  /** `performance.now()` */
  readonly at: number;
  /** Events whose effects are committed, in all partitions. */
  readonly committed: number;
  /** Of the process that was watched with it. */
  readonly cpuSeconds: number;
}

/** Reads the committed progress of the detector, from outside, over one connection. */
export class ProgressProbe {
  private constructor(private readonly client: Client) {}

  static async open(databaseUrl: string): Promise<ProgressProbe> {
    const client = new Client({ connectionString: databaseUrl, application_name: 'bench' });
    await client.connect();
    return new ProgressProbe(client);
  }

  async sample(pid?: number): Promise<DrainSample> {
    const cpuSeconds = pid === undefined ? Number.NaN : usageOf(pid).cpuSeconds;
    try {
      const { rows } = await this.client.query<{ committed: string | null }>(
        `SELECT sum(next_offset) AS committed FROM detector.partition_progress WHERE topic = 'payment-events'`,
      );
      return { at: performance.now(), committed: Number(rows[0]?.committed ?? 0), cpuSeconds };
    } catch (error) {
      if (!isNotMigrated(error)) throw error;
      return { at: performance.now(), committed: 0, cpuSeconds };
    }
  }

  /** All samples from the first commit until everything is committed. Throws when nothing moves for a minute. */
  async untilCommitted(total: number, pid?: number, everyMs = 25): Promise<DrainSample[]> {
    const samples: DrainSample[] = [];
    let movedAt = performance.now();
    for (let before = 0; ; await sleep(everyMs)) {
      const sample = await this.sample(pid);
      if (sample.committed > before) movedAt = sample.at;
      before = sample.committed;
      if (sample.committed > 0) samples.push(sample);
      if (sample.committed >= total) return samples;
      if (sample.at - movedAt > 60_000) throw new Error(`the detector stands at ${sample.committed} of ${total} events`);
    }
  }

  async close(): Promise<void> {
    await this.client.end();
  }
}

/** Events a second from a share of the total on until the end; 0: from the first commit that was seen. */
export function drainRate(samples: readonly DrainSample[], fromShare = 0): number {
  const last = samples.at(-1)!;
  const first = samples.find(({ committed }) => committed >= last.committed * fromShare)!;
  return (last.committed - first.committed) / ((last.at - first.at) / 1_000);
}

/** Microseconds of CPU an event, from the first commit that was seen. */
export function drainCpu(samples: readonly DrainSample[]): number {
  const [first, last] = [samples[0]!, samples.at(-1)!];
  return ((last.cpuSeconds - first.cpuSeconds) * 1e6) / (last.committed - first.committed);
}

/** The schema or table is not there yet: the service has only just started. */
const isNotMigrated = (error: unknown): boolean => ['3F000', '42P01'].includes((error as { code?: string }).code ?? '');

import type { Pool } from 'pg';
import { type DurationMs, seconds } from '#kernel/time';
import type { LogAdmin } from '#stream/log';
import { topics } from '#apps/actuator/results';

/** Money moves on facts that are no older than this, whoever owns the partitions that they come from. */
const staleAfterMs = seconds(2);

/**
 * Whether all that was said about payments has been read. After an outage orders and news wait on two topics side by side: an order must
 * not be carried out before the news that would stop it.
 */
export class FindingsRead {
  private readAt = Number.NEGATIVE_INFINITY;
  private ends = new Map<number, number>();
  private endsAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly pool: Pool,
    private readonly admin: LogAdmin,
  ) {}

  /** Compares what was read with where the topic ends now, and with where it ended at the last look: under traffic it never stands still. */
  async look(): Promise<void> {
    const now = performance.now();
    const ends = new Map((await this.admin.offsets(topics.findings)).map(({ partition, end }) => [partition, end]));
    const { rows } = await this.pool.query<{ partition: number; next_offset: number }>(
      'SELECT partition, next_offset FROM actuator.partition_progress WHERE topic = $1',
      [topics.findings],
    );
    const read = new Map(rows.map((row) => [row.partition, row.next_offset]));
    const reaches = (upTo: ReadonlyMap<number, number>): boolean =>
      [...upTo].every(([partition, end]) => (read.get(partition) ?? 0) >= end);
    if (reaches(ends)) this.readAt = now;
    else if (reaches(this.ends)) this.readAt = this.endsAt;
    this.ends = ends;
    this.endsAt = now;
  }

  /** How old the newest facts may be; infinite before the first look. */
  ageMs(): DurationMs {
    return performance.now() - this.readAt;
  }

  get isFresh(): boolean {
    return this.ageMs() <= staleAfterMs;
  }
}

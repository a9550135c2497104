import type { Pool } from 'pg';
import { openPool } from '#postgres/pool';
import type { Log } from '#stream/log';

const TOPIC = 'payment-events';

/** How far the detector has come, as its committed progress and the log say; no counter of a process is asked. */
export class Backlog {
  private readonly pool: Pool;

  constructor(
    databaseUrl: string,
    private readonly log: Log,
  ) {
    this.pool = openPool(databaseUrl, { max: 1, applicationName: 'makewhole demo' });
  }

  /** Events committed by the detector, and events in the log. */
  async read(): Promise<{ readonly committed: number; readonly appended: number }> {
    const admin = await this.log.admin();
    const appended = (await admin.offsets(TOPIC)).reduce((sum, { end }) => sum + end, 0);
    await admin.close();
    const { rows } = await this.pool.query<{ committed: number }>(
      'SELECT coalesce(sum(next_offset), 0)::bigint AS committed FROM detector.partition_progress WHERE topic = $1',
      [TOPIC],
    );
    return { committed: rows[0]?.committed ?? 0, appended };
  }

  close(): Promise<void> {
    return this.pool.end();
  }
}

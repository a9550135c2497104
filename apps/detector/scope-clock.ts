import type { Pool } from 'pg';
import { type InstantMs, NEVER } from '#kernel/time';
import type { LogAdmin, PartitionBatch } from '#stream/log';
import { DETECTOR_SCHEMA, PAYMENT_EVENTS } from '#apps/detector/detector-host';
import { SCOPE_EVENTS } from '#apps/detector/scope-host';

interface AccountStage {
  readonly partitions: number;
  /** Up to when every partition has applied what happened; null while one has not begun. */
  readonly watermark: InstantMs | null;
  /** The newest row that it wrote for the scopes, and the oldest that has not left. */
  readonly newest: number | null;
  readonly oldest: number | null;
}

const accountStage = `
  SELECT count(*)::int AS partitions, CASE WHEN bool_and(watermark IS NOT NULL) THEN min(watermark) END AS watermark,
    (SELECT max(id) FROM ${DETECTOR_SCHEMA}.outbox WHERE topic = $2) AS newest,
    (SELECT min(id) FROM ${DETECTOR_SCHEMA}.outbox WHERE topic = $2) AS oldest
  FROM ${DETECTOR_SCHEMA}.partition_progress WHERE topic = $1`;

/**
 * How far time may pass in the other scopes while nothing comes: up to where the account stage stands on all its partitions, once all
 * that it had told by then is in the log and read. The wall's time would make a backlog that pauses late for its merchants' hours.
 */
export class ScopeClock {
  /** Seen, and still on its way to the log. */
  private underWay: { readonly watermark: InstantMs; readonly newest: number } | undefined;
  private told: { readonly watermark: InstantMs; readonly ends: ReadonlyMap<number, number> } | undefined;

  constructor(
    private readonly pool: Pick<Pool, 'query'>,
    private readonly admin: LogAdmin,
  ) {}

  /** To be called again and again. */
  async look(): Promise<void> {
    const {
      rows: [stage],
    } = await this.pool.query<AccountStage>(accountStage, [PAYMENT_EVENTS, SCOPE_EVENTS]);
    const { partitions, watermark, newest, oldest } = stage!;
    if (this.underWay === undefined) {
      if (watermark === null || partitions < (await this.admin.partitionCount(PAYMENT_EVENTS))) return;
      this.underWay = { watermark, newest: newest ?? -1 };
    }
    if (oldest !== null && oldest <= this.underWay.newest) return;
    const ends = await this.admin.offsets(SCOPE_EVENTS);
    this.told = { watermark: this.underWay.watermark, ends: new Map(ends.map(({ partition, end }) => [partition, end])) };
    this.underWay = undefined;
  }

  /** Given a batch that found the end of its partition. */
  upTo({ partition, endOffset }: PartitionBatch): InstantMs {
    if (this.told === undefined || endOffset < (this.told.ends.get(partition) ?? NEVER)) return -NEVER;
    return this.told.watermark;
  }
}

import { readClockMarks } from '#apps/makewhole/verify/journal';
import type { AuditSources, EngineRun, LoggedRecord } from '#apps/makewhole/verify/sources';

/** One partition of `payment-events` as far as the detector has committed it. */
export interface AppliedPartition {
  readonly partition: number;
  readonly records: readonly LoggedRecord[];
  /** Silence up to here has been judged; negative infinity before the first event. */
  readonly watermark: number;
}

/** Every partition with the records below its committed offset, in the snapshot's state. */
export async function readApplied({ log, database }: AuditSources): Promise<readonly AppliedPartition[]> {
  const rows = await database.query<{ partition: number; next_offset: number; watermark: number | null }>(
    `SELECT partition, next_offset, watermark FROM detector.partition_progress WHERE topic = 'payment-events' ORDER BY partition`,
  );
  const records = new Map(rows.map(({ partition }) => [partition, [] as LoggedRecord[]]));
  const ends = new Map(rows.map((row) => [row.partition, row.next_offset]));
  await log.scan('payment-events', (record) => {
    if (record.offset < (ends.get(record.partition) ?? 0)) records.get(record.partition)?.push(record);
  });
  return rows.map(({ partition, watermark }) => ({
    partition,
    records: records.get(partition) ?? [],
    watermark: watermark ?? Number.NEGATIVE_INFINITY,
  }));
}

/**
 * What plain runs make of every partition. With a journal of the clock there is one, and the services must have said the same.
 * Without, there are two, the slowest and the fastest passing of time that the log allows: the services lie between them, so what
 * both say must have been said, and what was said must be what one of them says.
 */
export async function runPlainly(sources: AuditSources): Promise<readonly (readonly EngineRun[])[]> {
  const marks = await readClockMarks(sources.database);
  return (await readApplied(sources)).map(({ partition, records, watermark }) =>
    marks === undefined
      ? [sources.engine.run(records, 'events', watermark), sources.engine.run(records, 'clock', watermark)]
      : [sources.engine.run(records, marks.get(partition) ?? [], watermark)],
  );
}

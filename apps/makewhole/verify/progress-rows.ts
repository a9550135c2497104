import type { AuditDatabase } from '#apps/makewhole/verify/sources';

export interface Progress {
  readonly partition: number;
  readonly epoch: number;
  readonly nextOffset: number;
}

/** How far a service has committed a topic, by partition. */
export async function readProgress(
  database: AuditDatabase,
  service: string,
  topic: string,
): Promise<ReadonlyMap<number, Progress>> {
  const rows = await database.query<{ partition: number; epoch: number; next_offset: number }>(
    `SELECT partition, epoch, next_offset FROM ${service}.partition_progress WHERE topic = $1 ORDER BY partition`,
    [topic],
  );
  return new Map(rows.map((row) => [row.partition, { partition: row.partition, epoch: row.epoch, nextOffset: row.next_offset }]));
}

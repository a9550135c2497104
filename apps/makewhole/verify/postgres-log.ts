import type { AuditDatabase, AuditLog, LoggedPartition, LoggedRecord } from '#apps/makewhole/verify/sources';

interface HeadRow {
  readonly partition: number;
  readonly start_offset: number;
  readonly next_offset: number;
}
interface RecordRow {
  readonly offset: number;
  readonly appended_at: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: string | null;
}

const pageRecords = 2_000;

const page = `
  SELECT r."offset", r.appended_at, r.key, r.value, r.headers
  FROM log.record r JOIN log.topic t USING (topic_id)
  WHERE t.topic = $1 AND r.partition = $2 AND r."offset" >= $3
  ORDER BY r."offset" LIMIT ${pageRecords}`;

/** The log in schema `log`, read in the same snapshot as everything else. */
export function openPostgresAuditLog(database: AuditDatabase): AuditLog {
  const partitions = async (topic: string): Promise<readonly LoggedPartition[]> => {
    const heads = await database.query<HeadRow>(
      'SELECT h.partition, h.start_offset, h.next_offset FROM log.partition_head h JOIN log.topic t USING (topic_id) WHERE t.topic = $1 ORDER BY 1',
      [topic],
    );
    const cut = heads.find(({ start_offset }) => start_offset !== 0);
    if (cut) throw new Error(`${topic}/${cut.partition} begins at offset ${cut.start_offset}: the auditor needs the whole log`);
    return heads.map(({ partition, next_offset }) => ({ topic, partition, end: next_offset }));
  };
  return {
    partitions,
    scan: async (topic, visit) => {
      for (const { partition } of await partitions(topic)) await scanPartition(database, topic, partition, visit);
    },
    close: () => Promise.resolve(),
  };
}

async function scanPartition(
  database: AuditDatabase,
  topic: string,
  partition: number,
  visit: (record: LoggedRecord) => void,
): Promise<void> {
  for (let next = 0; ;) {
    const rows = await database.query<RecordRow>(page, [topic, partition, next]);
    for (const row of rows)
      visit({
        topic,
        partition,
        offset: row.offset,
        key: row.key?.toString() ?? null,
        value: row.value,
        headers: row.headers === null ? undefined : (JSON.parse(row.headers) as Record<string, string>),
        appendedAt: row.appended_at,
      });
    const last = rows.at(-1);
    if (!last || rows.length < pageRecords) return;
    next = last.offset + 1;
  }
}

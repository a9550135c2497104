import { readClockMarks } from '#apps/makewhole/verify/journal';
import type { AuditDatabase, AuditSources, EngineRun, LoggedRecord, Timekeeping } from '#apps/makewhole/verify/sources';

/** A stage whose work is judged: its schema, and the topic that it reads. */
export interface JudgedStage {
  readonly schema: string;
  readonly topic: string;
}
const ACCOUNTS: JudgedStage = { schema: 'detector', topic: 'payment-events' };
const SCOPES: JudgedStage = { schema: 'scopes', topic: 'scope-events' };

/** The stages that have run: that of the other scopes only runs where one of its detectors is on. */
export async function judgedStages(database: AuditDatabase): Promise<readonly JudgedStage[]> {
  const [found] = await database.query<{ has: boolean }>(`SELECT to_regclass('scopes.finding') IS NOT NULL AS has`);
  return found?.has === true ? [ACCOUNTS, SCOPES] : [ACCOUNTS];
}

/** One partition of a topic as far as its stage has committed it. */
export interface AppliedPartition {
  readonly partition: number;
  readonly records: readonly LoggedRecord[];
  /** Silence up to here has been judged; negative infinity before the first event. */
  readonly watermark: number;
}

/** Every partition with the records below its committed offset, in the snapshot's state. */
export async function readApplied(
  { log, database }: Pick<AuditSources, 'log' | 'database'>,
  { schema, topic }: JudgedStage = ACCOUNTS,
): Promise<readonly AppliedPartition[]> {
  const rows = await database.query<{ partition: number; next_offset: number; watermark: number | null }>(
    `SELECT partition, next_offset, watermark FROM ${schema}.partition_progress WHERE topic = $1 ORDER BY partition`,
    [topic],
  );
  const records = new Map(rows.map(({ partition }) => [partition, [] as LoggedRecord[]]));
  const ends = new Map(rows.map((row) => [row.partition, row.next_offset]));
  await log.scan(topic, (record) => {
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
export async function runPlainly(
  sources: AuditSources,
  stage: JudgedStage = ACCOUNTS,
): Promise<readonly (readonly EngineRun[])[]> {
  const marks = await readClockMarks(sources.database, stage.schema);
  const run = (records: readonly LoggedRecord[], time: Timekeeping, until: number): EngineRun =>
    stage === SCOPES ? sources.engine.runScopes(records, time, until) : sources.engine.run(records, time, until);
  return (await readApplied(sources, stage)).map(({ partition, records, watermark }) =>
    marks === undefined
      ? [run(records, 'events', watermark), run(records, 'clock', watermark)]
      : [run(records, marks.get(partition) ?? [], watermark)],
  );
}

import { judgedStages, readApplied, type AppliedPartition, type JudgedStage } from '#apps/makewhole/verify/applied-partitions';
import { violation, type Invariant, type Verdict, type Violation } from '#apps/makewhole/verify/invariant';
import type { AuditSources, LoggedRecord } from '#apps/makewhole/verify/sources';

interface CountsRow {
  readonly partition: number;
  readonly next_offset: number;
  readonly applied: number;
  readonly duplicate: number;
  readonly quarantined: number;
  readonly dead_lettered: number;
  readonly ignored: number;
}
interface LetterRow {
  readonly partition: number;
  readonly offset: number;
  readonly reason: string;
}

const countsByPartition = (schema: string): string => `
  SELECT partition, next_offset, applied, duplicate, quarantined, dead_lettered, ignored
  FROM ${schema}.partition_progress WHERE topic = $1`;
const letters = (schema: string): string => `SELECT partition, "offset", reason FROM ${schema}.dead_letter WHERE topic = $1`;

/** The counts of the detector's stages, their dead letters, and a count of the log itself by who said what under which id. */
export const everyOffset: Invariant = {
  number: 3,
  promise: 'every input offset is applied, duplicate, quarantined or dead-lettered: the counts add up',
  unit: 'records',
  async check(sources) {
    const verdicts: Verdict[] = [];
    for (const stage of await judgedStages(sources.database)) verdicts.push(await judgeStage(sources, stage));
    return {
      examined: verdicts.reduce((sum, { examined }) => sum + examined, 0),
      violations: verdicts.flatMap(({ violations }) => violations),
    };
  },
};

async function judgeStage(sources: AuditSources, stage: JudgedStage): Promise<Verdict> {
  const { schema, topic } = stage;
  const rows = await sources.database.query<CountsRow>(countsByPartition(schema), [topic]);
  const counts = new Map(rows.map((row) => [row.partition, row]));
  const buried = await sources.database.query<LetterRow>(letters(schema), [topic]);
  const applied = await readApplied(sources, stage);
  const violations = applied.flatMap((part) =>
    judge(
      part,
      counts.get(part.partition) as CountsRow,
      buried.filter(({ partition }) => partition === part.partition),
    ),
  );
  for (const { partition, end } of await sources.log.partitions(topic)) {
    const nextOffset = counts.get(partition)?.next_offset ?? 0;
    if (nextOffset > end)
      violations.push(violation('progress lies beyond the end of the log', { topic, partition, nextOffset, end }));
  }
  return { examined: applied.reduce((sum, { records }) => sum + records.length, 0), violations };
}

function judge({ partition, records }: AppliedPartition, counts: CountsRow, buried: readonly LetterRow[]): readonly Violation[] {
  const { applied, duplicate, quarantined, dead_lettered: dead, ignored } = counts;
  const violations: Violation[] = [];
  const expect = (what: string, found: number, expected: number): void => {
    if (found !== expected) violations.push(violation(what, { partition, found, expected }));
  };
  expect('the outcomes do not add up to the records', applied + duplicate + quarantined + dead + ignored, records.length);
  expect(
    'quarantined records and their letters differ',
    buried.filter(({ reason }) => reason === 'future-event').length,
    quarantined,
  );
  expect('dead records and their letters differ', buried.filter(({ reason }) => reason !== 'future-event').length, dead);
  const offsets = new Set(records.map(({ offset }) => offset));
  for (const { offset, reason } of buried)
    if (!offsets.has(offset))
      violations.push(violation('a dead letter names a record that is not there', { partition, offset, reason }));
  const isBuried = new Set(buried.map(({ offset }) => offset));
  const seen = new Set<string>();
  let repeats = 0;
  for (const record of records) {
    if (isBuried.has(record.offset)) continue;
    const identity = identityOf(record);
    if (identity === undefined)
      violations.push(violation('a record that nobody can read was not buried', { partition, offset: record.offset }));
    else if (seen.has(identity)) repeats++;
    else seen.add(identity);
  }
  expect('records told again and duplicates differ', duplicate, repeats);
  return violations;
}

/**
 * Buyer, source and id: who says the same again tells nothing new. Of a record between two stages, who said it to whom and the
 * number of it. Undefined for
 * bytes that are no JSON object.
 */
function identityOf({ value, headers }: LoggedRecord): string | undefined {
  try {
    const whole = JSON.parse(String(value)) as {
      source?: string;
      id?: string;
      data?: { accountId?: string };
      accountId?: string;
      from?: string;
      to?: string;
      position?: number;
    };
    if (whole.position !== undefined) return JSON.stringify([whole.from, whole.to, whole.position]);
    return headers?.['ce_id'] === undefined
      ? JSON.stringify([whole.data?.accountId, whole.source, whole.id])
      : JSON.stringify([whole.accountId, headers['ce_source'], headers['ce_id']]);
  } catch {
    return undefined;
  }
}

import { judgedStages, runPlainly, type JudgedStage } from '#apps/makewhole/verify/applied-partitions';
import { judgeClocks } from '#apps/makewhole/verify/case-clocks';
import { violation, type Invariant, type Verdict, type Violation } from '#apps/makewhole/verify/invariant';
import type { AuditSources, FiredDeadline } from '#apps/makewhole/verify/sources';

interface FiredRow {
  readonly partition: number;
  readonly account_id: string;
  readonly name: string;
  readonly subject: string;
  readonly at: number;
  readonly watermark: number;
  readonly progress_watermark: number | null;
}

const everyFired = (schema: string): string => `
  SELECT f.partition, f.account_id, f.name, f.subject, f.at, f.watermark, p.watermark AS progress_watermark
  FROM ${schema}.deadline_fired f
  LEFT JOIN ${schema}.partition_progress p ON p.topic = $1 AND p.partition = f.partition`;

/** What fired, against what fires when the same events pass through a plain run: there, an event that comes in time cancels. */
export const deadlines: Invariant = {
  number: 6,
  promise: 'every deadline fires once or was cancelled by a recorded event; none early',
  unit: 'deadlines',
  async check(sources) {
    const verdicts: Verdict[] = [];
    for (const stage of await judgedStages(sources.database)) verdicts.push(await judgeStage(sources, stage));
    verdicts.push(await judgeClocks(sources.database));
    return {
      examined: verdicts.reduce((sum, { examined }) => sum + examined, 0),
      violations: verdicts.flatMap(({ violations }) => violations),
    };
  },
};

async function judgeStage(sources: AuditSources, stage: JudgedStage): Promise<Verdict> {
  const rows = await sources.database.query<FiredRow>(everyFired(stage.schema), [stage.topic]);
  const violations: Violation[] = [];
  const fired = new Set<string>();
  for (const row of rows) {
    const deadline = { accountId: row.account_id, name: row.name, subject: row.subject, at: row.at };
    const name = nameOf(deadline);
    if (fired.has(name)) violations.push(violation('a deadline fired twice', deadline));
    fired.add(name);
    if (row.at > row.watermark) violations.push(violation('a deadline fired early', { ...deadline, watermark: row.watermark }));
    if (row.watermark > (row.progress_watermark ?? Number.NEGATIVE_INFINITY))
      violations.push(
        violation('a deadline fired at a time that the partition has not reached', { ...deadline, watermark: row.watermark }),
      );
  }
  const may = new Set<string>();
  for (const runs of await runPlainly(sources, stage)) {
    const sets = runs.map((run) => new Set(run.fired.map(nameOf)));
    for (const deadline of runs.flatMap((run) => run.fired)) {
      const name = nameOf(deadline);
      if (may.has(name)) continue;
      may.add(name);
      if (!fired.has(name) && sets.every((set) => set.has(name)))
        violations.push(violation('a deadline never fired', { ...deadline }));
    }
  }
  for (const row of rows)
    if (!may.has(nameOf({ accountId: row.account_id, name: row.name, subject: row.subject, at: row.at })))
      violations.push(violation('a deadline fired that was cancelled or never set', { ...row }));
  return { examined: rows.length, violations };
}

const nameOf = ({ accountId, name, subject, at }: FiredDeadline): string => JSON.stringify([accountId, name, subject, at]);

import { judgeSlim } from '#apps/makewhole/verify/slim-rows';
import { judgedStages, runPlainly } from '#apps/makewhole/verify/applied-partitions';
import { canonicalJson } from '#apps/makewhole/verify/canonical-json';
import { readToldFindings, type ToldLog } from '#apps/makewhole/verify/findings-topic';
import { violation, type Invariant, type Violation } from '#apps/makewhole/verify/invariant';
import { readPeoplesWord } from '#apps/makewhole/verify/peoples-word';
import { readProgress } from '#apps/makewhole/verify/progress-rows';
import type { AuditSources, EngineRun, ToldFinding } from '#apps/makewhole/verify/sources';
import { readStoredFindings, type StoredFinding } from '#apps/makewhole/verify/stored-findings';

/** What plain runs find, what the detector stored, what it told, and the cases that follow from what was told. */
export const findingsAndCases: Invariant = {
  number: 4,
  promise: 'the findings and cases are those of a plain single-threaded model over the same log',
  unit: 'findings and cases',
  async check(sources) {
    const stored = await readStoredFindings(sources.database);
    const told = await readToldFindings(sources.log);
    const runs = [];
    for (const stage of await judgedStages(sources.database)) runs.push(await runPlainly(sources, stage));
    const [accounts, scopes] = runs;
    const found = judgeFindings(stored, [...(accounts ?? []), ...(scopes ?? [])]);
    const slim = scopes === undefined ? [] : await judgeSlim(sources, accounts ?? []);
    const silent = await judgeTelling(sources, stored, told);
    const cases = await judgeCases(sources, told);
    return { examined: stored.size + cases.examined, violations: [...found, ...slim, ...silent, ...cases.violations] };
  },
};

function judgeFindings(
  stored: ReadonlyMap<string, StoredFinding>,
  partitions: readonly (readonly EngineRun[])[],
): readonly Violation[] {
  const violations: Violation[] = [];
  const expected = new Set<string>();
  for (const runs of partitions)
    for (const id of new Set(runs.flatMap(({ findings }) => [...findings.keys()]))) {
      expected.add(id);
      violations.push(...judgeFinding(stored.get(id), runs, id));
    }
  for (const [id, found] of stored)
    if (!expected.has(id)) violations.push(violation('a finding is stored that follows from nothing', { found }));
  return violations;
}

function judgeFinding(found: ToldFinding | undefined, runs: readonly EngineRun[], id: string): readonly Violation[] {
  const expected = runs.map(({ findings }) => findings.get(id)).filter((told) => told !== undefined);
  if (found === undefined)
    return expected.length < runs.length ? [] : [violation('a finding is missing', { expected: expected[0] })];
  return expected.some((one) => saysTheSame(one, found, runs.length === 1))
    ? []
    : [violation('a finding says something else than it should', { found, expected: expected[0] })];
}

/** Between two passings of time, a cleared finding may have been told at another moment of its history. */
function saysTheSame(one: ToldFinding, other: ToldFinding, isExact: boolean): boolean {
  if (one.status !== other.status || one.kind !== other.kind || one.accountId !== other.accountId) return false;
  if (one.status === 'cleared' && !isExact) return true;
  return canonicalJson(JSON.parse(one.text)) === canonicalJson(JSON.parse(other.text));
}

/** Each stored finding went out, or waits in the outbox. */
async function judgeTelling(
  { database }: AuditSources,
  stored: ReadonlyMap<string, StoredFinding>,
  told: ToldLog,
): Promise<readonly Violation[]> {
  const outboxes = (await judgedStages(database)).map(
    ({ schema }) => `SELECT value FROM ${schema}.outbox WHERE topic = 'findings'`,
  );
  const waiting = await database.query<{ value: Buffer }>(outboxes.join(' UNION ALL '));
  const known = new Set(told.messages.map(({ id }) => id));
  for (const { value } of waiting) known.add((JSON.parse(String(value)) as { id: string }).id);
  return [...stored.values()]
    .filter(({ messageId }) => !known.has(messageId))
    .map((finding) => violation('a finding was stored and never told', { finding }));
}

interface CaseRow {
  readonly case_id: string;
  readonly finding_ids: readonly string[];
}

const everyCase = `
  SELECT case_id, array(SELECT f ->> 'findingId' FROM json_array_elements(document -> 'findings') f) AS finding_ids
  FROM casework.cases`;

/** The cases that the pure steps make of the messages that casework has applied, against the rows that it made of them. */
async function judgeCases(
  { database, engine }: AuditSources,
  told: ToldLog,
): Promise<{ examined: number; violations: readonly Violation[] }> {
  const progress = await readProgress(database, 'casework', 'findings');
  const applied = told.messages.filter(({ partition, offset }) => offset < (progress.get(partition)?.nextOffset ?? 0));
  const word = await readPeoplesWord(database);
  const missing = new Map(engine.cases(applied, word).map((one) => [one.caseId, one]));
  const rows = await database.query<CaseRow>(everyCase);
  const violations: Violation[] = [];
  for (const { case_id: caseId, finding_ids: found } of rows) {
    const expected = missing.get(caseId)?.findingIds;
    missing.delete(caseId);
    if (!expected && found.length === 0 && word.touched.has(caseId)) continue;
    if (!expected) violations.push(violation('a case exists that no finding opens', { caseId, found }));
    else if ([...expected].sort().join() !== [...found].sort().join())
      violations.push(violation('a case holds other findings than it should', { caseId, found, expected }));
  }
  for (const expected of missing.values()) violations.push(violation('a case is missing', { expected }));
  return { examined: rows.length, violations };
}

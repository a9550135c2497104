import { violation, type Verdict, type Violation } from '#apps/makewhole/verify/invariant';
import type { AuditDatabase } from '#apps/makewhole/verify/sources';

interface LineRow {
  readonly case_id: string;
  readonly sequence: number;
  readonly at_ms: number;
  readonly by: string;
  readonly what: string;
  readonly data: { clock?: string; dueAt?: number; before?: { step?: string }; after?: { step?: string } };
}
interface ClockRow {
  readonly case_id: string;
  readonly stage: string;
  readonly name: string;
  readonly state: string;
}

const everyLine = `
  SELECT case_id, sequence, at_ms, by, what, data FROM casework.case_entry
  WHERE what IN ('clock missed', 'case escalated') ORDER BY case_id, sequence`;
const everyClock = `
  SELECT case_id, stage, clock ->> 'name' AS name, clock ->> 'state' AS state
  FROM casework.cases, json_array_elements(document -> 'clocks') AS clock`;

const ladder = ['platform_complaint', 'consumer_association', 'mediation', 'arbitration'];
const ends = ['court', 'police'];

/** Clocks of cases: none missed early; none stands still but for a buyer; the ladder is climbed step by step, and by time only once a step was missed. */
export async function judgeClocks(database: AuditDatabase): Promise<Verdict> {
  const lines = await database.query<LineRow>(everyLine);
  const clocks = await database.query<ClockRow>(everyClock);
  const violations: Violation[] = [];
  const missed = new Set<string>();
  for (const { case_id: caseId, sequence, at_ms: at, by, what, data } of lines) {
    const place = { caseId, sequence };
    if (what === 'clock missed') {
      if (!(at > (data.dueAt ?? Number.POSITIVE_INFINITY)))
        violations.push(violation('a clock of a case was missed early', { ...place, data, at }));
      missed.add(`${caseId} ${data.clock}`);
      continue;
    }
    const [from, to] = [data.before?.step ?? '', data.after?.step ?? ''];
    const isNext = from === ladder.at(-1) ? ends.includes(to) : ladder.includes(from) && ladder[ladder.indexOf(from) + 1] === to;
    if (!isNext) violations.push(violation('a step of the ladder was left out', { ...place, from, to }));
    if (by === 'makewhole' && !missed.has(`${caseId} ${from}`))
      violations.push(violation('a case was escalated before its step was over', { ...place, from, to }));
  }
  for (const { case_id: caseId, stage, name, state } of clocks)
    if (state === 'paused' && stage !== 'awaiting_buyer')
      violations.push(violation('a clock of a case stands still, and nobody waits for the buyer', { caseId, stage, name }));
  return { examined: lines.length + clocks.length, violations };
}

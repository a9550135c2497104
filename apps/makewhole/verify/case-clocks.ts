import { violation, type Verdict, type Violation } from '#apps/makewhole/verify/invariant';
import type { AuditDatabase } from '#apps/makewhole/verify/sources';

interface LineRow {
  readonly case_id: string;
  readonly sequence: number;
  readonly at_ms: number;
  readonly by: string;
  readonly what: string;
  readonly data: {
    readonly clock?: string;
    readonly dueAt?: number;
    readonly before?: { readonly step?: string };
    readonly after?: { readonly step?: string };
    readonly clocks?: readonly { readonly name: string; readonly state: string; readonly dueAt: number }[];
  };
}
interface ClockRow {
  readonly case_id: string;
  readonly stage: string;
  readonly name: string;
  readonly state: string;
}

const everyLine = `
  SELECT case_id, sequence, at_ms, by, what, data FROM casework.case_entry
  WHERE what IN ('clock missed', 'case escalated', 'case reopened', 'case open', 'case investigating', 'case awaiting_buyer', 'case resolving')
  ORDER BY case_id, sequence`;
const everyClock = `
  SELECT case_id, stage, clock ->> 'name' AS name, clock ->> 'state' AS state
  FROM casework.cases, json_array_elements(document -> 'clocks') AS clock`;

const ladder = ['platform_complaint', 'consumer_association', 'mediation', 'arbitration'];
const ends = ['court', 'police'];

/**
 * Clocks of cases: none missed early or while it stood still; none stands still but for a buyer, and none ends sooner for having stood still;
 * the ladder is climbed step by step, and by time only once a step was missed.
 */
export async function judgeClocks(database: AuditDatabase): Promise<Verdict> {
  const lines = await database.query<LineRow>(everyLine);
  const clocks = await database.query<ClockRow>(everyClock);
  const violations: Violation[] = [];
  const missed = new Set<string>();
  const still = new Map<string, number>();
  for (const { case_id: caseId, sequence, at_ms: at, by, what, data } of lines) {
    const place = { caseId, sequence };
    if (what === 'case reopened') for (const name of still.keys()) if (name.startsWith(`${caseId} `)) still.delete(name);
    for (const { name, state, dueAt } of data.clocks ?? []) {
      const heldUntil = still.get(`${caseId} ${name}`);
      if (state === 'running' && heldUntil !== undefined && dueAt < heldUntil)
        violations.push(violation('a clock of a case that stood still ends sooner for it', { ...place, name, dueAt, heldUntil }));
      if (state === 'paused') still.set(`${caseId} ${name}`, dueAt);
      else still.delete(`${caseId} ${name}`);
    }
    if (what === 'clock missed') {
      if (!(at > (data.dueAt ?? Number.POSITIVE_INFINITY)))
        violations.push(violation('a clock of a case was missed early', { ...place, data, at }));
      if (still.has(`${caseId} ${data.clock}`))
        violations.push(violation('a clock of a case was missed while it stood still', { ...place, data, at }));
      missed.add(`${caseId} ${data.clock}`);
      continue;
    }
    if (what !== 'case escalated') continue;
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

import { judgedStages, readApplied } from '#apps/makewhole/verify/applied-partitions';
import { readToldFindings } from '#apps/makewhole/verify/findings-topic';
import { violation, type Invariant, type Violation } from '#apps/makewhole/verify/invariant';
import { readPeoplesWord } from '#apps/makewhole/verify/peoples-word';
import { readProgress } from '#apps/makewhole/verify/progress-rows';
import type { AuditSources, GroupedCase, SaidMessage } from '#apps/makewhole/verify/sources';
import { readStoredFindings, type StoredFinding } from '#apps/makewhole/verify/stored-findings';

interface CaseRow {
  readonly case_id: string;
  readonly finding_ids: readonly string[];
  /** Minor units by currency. */
  readonly loss: Readonly<Record<string, number>>;
}

const everyCase = `
  SELECT case_id, loss,
    array(SELECT f ->> 'findingId' FROM json_array_elements(document -> 'findings') f) AS finding_ids
  FROM casework.cases`;

/**
 * Events from offset zero through the pure rooms into empty memory: the losses still open are grouped into the same cases with the
 * same sums. The engine has no way to reach a provider, so every call that the provider knows of must have been ordered by the
 * services: an order on the log for each. Cases of findings whose last word has not reached casework yet are not judged.
 */
export const replay: Invariant = {
  number: 7,
  promise: 'replaying from offset zero into an empty database gives the same cases and no provider call',
  unit: 'cases',
  async check(sources) {
    const findings = [...(await readStoredFindings(sources.database)).values()];
    const word = await readPeoplesWord(sources.database);
    const open = new Set(
      findings.flatMap(({ status, findingId }) => (status === 'open' && !word.dismissed.has(findingId) ? [findingId] : [])),
    );
    const said: SaidMessage[] = [];
    for (const { records, watermark } of await readApplied(sources))
      said.push(...sources.engine.run(records, 'events', watermark).said);
    const [, scopes] = await judgedStages(sources.database);
    if (scopes !== undefined)
      for (const { records, watermark } of await readApplied(sources, scopes))
        said.push(...sources.engine.runScopes(records, 'events', watermark).said);
    const replayed = sources.engine.cases(
      said.sort((a, b) => a.at - b.at),
      word,
    );
    const stored = await sources.database.query<CaseRow>(everyCase);
    const underWay = await readUnderWay(sources, findings);
    const violations = [...judgeGroups(settled(replayed, stored, underWay), open), ...(await judgeCalls(sources))];
    return { examined: stored.length, violations };
  },
};

/** The findings whose last word waits in an outbox or was not read by casework yet. */
async function readUnderWay({ log, database }: AuditSources, findings: readonly StoredFinding[]): Promise<ReadonlySet<string>> {
  const progress = await readProgress(database, 'casework', 'findings');
  const { messages } = await readToldFindings(log);
  const heard = new Set(
    messages.flatMap(({ id, partition, offset }) => (offset < (progress.get(partition)?.nextOffset ?? 0) ? [id] : [])),
  );
  return new Set(findings.flatMap(({ findingId, messageId }) => (heard.has(messageId) ? [] : [findingId])));
}

interface BothSides {
  readonly replayed: readonly GroupedCase[];
  readonly stored: readonly CaseRow[];
}

/** Without the cases that a finding under way may still change, and those that share a finding with one of them. */
function settled(replayed: readonly GroupedCase[], stored: readonly CaseRow[], underWay: ReadonlySet<string>): BothSides {
  const touched = new Set(underWay);
  for (const { findingIds } of replayed)
    if (findingIds.some((id) => underWay.has(id))) findingIds.forEach((id) => touched.add(id));
  const isSettled = (findingIds: readonly string[]): boolean => !findingIds.some((id) => touched.has(id));
  return {
    replayed: replayed.filter(({ findingIds }) => isSettled(findingIds)),
    stored: stored.filter((row) => isSettled(row.finding_ids)),
  };
}

/** Two cases are the same when the same findings that are still open stand in them. */
function judgeGroups({ replayed, stored }: BothSides, open: ReadonlySet<string>): readonly Violation[] {
  const groupOf = (findingIds: readonly string[]): string =>
    findingIds
      .filter((id) => open.has(id))
      .sort()
      .join(' ');
  const again = new Map(replayed.map((one) => [groupOf(one.findingIds), one]));
  const violations: Violation[] = [];
  for (const row of stored) {
    const group = groupOf(row.finding_ids);
    if (group === '') continue;
    const one = again.get(group);
    again.delete(group);
    if (!one)
      violations.push(violation('a replay does not give this case', { caseId: row.case_id, findingIds: row.finding_ids }));
    else if (!sameMoney(one.loss, row.loss))
      violations.push(
        violation('a replay gives this case another loss', { caseId: row.case_id, stored: row.loss, replayed: one.loss }),
      );
  }
  for (const [group, one] of again)
    if (group !== '') violations.push(violation('a replay gives a case that is not there', { one }));
  return violations;
}

const sameMoney = (sums: GroupedCase['loss'], stored: CaseRow['loss']): boolean =>
  sums.length === Object.keys(stored).length && sums.every(({ currency, minor }) => stored[currency] === minor);

async function judgeCalls({ log, provider = [] }: AuditSources): Promise<readonly Violation[]> {
  const ordered = new Set<string>();
  await log.scan('actions', ({ value }) => {
    const { type, data } = JSON.parse(String(value)) as { type: string; data: { key: string } };
    if (type !== 'makewhole.policy') ordered.add(data.key);
  });
  return provider
    .filter(({ key }) => !ordered.has(key))
    .map((effect) => violation('the provider was called without an order on the log', { effect }));
}

import { judgedStages } from '#apps/makewhole/verify/applied-partitions';
import { violation, type Invariant, type Violation } from '#apps/makewhole/verify/invariant';
import { readJournal, type JournalRow } from '#apps/makewhole/verify/journal';
import type { AuditDatabase } from '#apps/makewhole/verify/sources';

const services = ['detector', 'casework', 'actuator'] as const;

interface TakenRow {
  readonly topic: string;
  readonly partition: number;
  readonly epoch: number;
  readonly member: string;
  readonly next_offset: number;
}
interface ProgressRow {
  readonly topic: string;
  readonly partition: number;
  readonly epoch: number;
  readonly next_offset: number;
}

/**
 * Each owner begins where the one before it ended or later, and the newest epoch is the one that holds the progress. Where a
 * journal of commits is kept, each of them is looked at: one epoch, no gap, no step back.
 */
export const progress: Invariant = {
  number: 5,
  promise: 'one epoch per committed batch; progress never goes back',
  unit: 'takings and commits',
  async check({ database }) {
    const violations: Violation[] = [];
    let examined = 0;
    const stages = (await judgedStages(database)).map(({ schema }) => schema);
    for (const service of new Set([...services, ...stages])) {
      const taken = await takings(database, service);
      violations.push(...(await judgeEpochs(database, service, taken)));
      examined += taken.length;
    }
    const commits = await readJournal(database);
    violations.push(...judgeCommits(commits));
    return { examined: examined + commits.length, violations };
  },
};

const takings = (database: AuditDatabase, service: string): Promise<readonly TakenRow[]> =>
  database.query<TakenRow>(`SELECT * FROM ${service}.epoch_taken ORDER BY topic, partition, epoch`);

async function judgeEpochs(database: AuditDatabase, service: string, taken: readonly TakenRow[]): Promise<readonly Violation[]> {
  const violations: Violation[] = [];
  const last = new Map<string, TakenRow>();
  for (const row of taken) {
    const place = `${row.topic}/${row.partition}`;
    const before = last.get(place);
    const evidence = { service, place, epoch: row.epoch, nextOffset: row.next_offset };
    if (before && row.next_offset < before.next_offset)
      violations.push(violation('a new owner began before the one it followed', { ...evidence, before: before.next_offset }));
    if (row.epoch !== (before?.epoch ?? 0) + 1) violations.push(violation('an epoch is missing', evidence));
    last.set(place, row);
  }
  for (const row of await database.query<ProgressRow>(
    `SELECT topic, partition, epoch, next_offset FROM ${service}.partition_progress`,
  )) {
    const place = `${row.topic}/${row.partition}`;
    const end = last.get(place);
    if (end?.epoch !== row.epoch)
      violations.push(
        violation('progress stands under an epoch that nobody took last', {
          service,
          place,
          epoch: row.epoch,
          taken: end?.epoch,
        }),
      );
    else if (row.next_offset < end.next_offset)
      violations.push(violation('progress went back', { service, place, nextOffset: row.next_offset, before: end.next_offset }));
  }
  return violations;
}

function judgeCommits(commits: readonly JournalRow[]): readonly Violation[] {
  const violations: Violation[] = [];
  const ends = new Map<string, JournalRow>();
  for (const commit of commits) {
    const place = `${commit.service} ${commit.topic}/${commit.partition}`;
    const before = ends.get(place);
    const evidence = { place, epoch: commit.epoch, from: commit.from_offset, to: commit.next_offset };
    if (commit.next_offset < commit.from_offset) violations.push(violation('a commit moved progress back', evidence));
    if (before && commit.epoch < before.epoch)
      violations.push(violation('an owner committed after its epoch was over', { ...evidence, newest: before.epoch }));
    if (before && commit.from_offset !== before.next_offset)
      violations.push(violation('two commits do not join', { ...evidence, before: before.next_offset }));
    if (commit.from_epoch !== commit.epoch && commit.next_offset !== commit.from_offset)
      violations.push(violation('one commit spans two epochs', evidence));
    ends.set(place, commit);
  }
  return violations;
}

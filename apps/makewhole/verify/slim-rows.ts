import { inflateRawSync } from 'node:zlib';
import { violation, type Violation } from '#apps/makewhole/verify/invariant';
import type { AuditSources, EngineRun, SlimRow } from '#apps/makewhole/verify/sources';

interface SlimRows {
  readonly rows?: readonly (readonly unknown[])[];
  /** The same as JSON, deflated, in base64. */
  readonly packed?: string;
}
interface SlimRecord extends SlimRows {
  readonly from: string;
  readonly to: string;
  readonly position: number;
}
const rowsOf = ({ rows, packed = '' }: SlimRows): readonly (readonly unknown[])[] =>
  rows ?? (JSON.parse(inflateRawSync(Buffer.from(packed, 'base64')).toString()) as (readonly unknown[])[]);

/** Records that one commit may make for one group. */
const PARTS_MAX = 1_000;

interface ProgressRow {
  readonly partition: number;
  readonly sequence: number;
}

/**
 * What the accounts' stage told the other scopes, against what plain runs tell: each row once, those of one partition and one group of
 * keys in their order. A record that was sent twice is known by its number. Sums are added up before they are compared, since what
 * one commit adds together is chance; so is how far the log was read when a deadline spoke: what names no event is compared without its
 * place. Between two passings of time, order and number are not certain, and nothing is judged.
 */
export async function judgeSlim(
  sources: AuditSources,
  partitions: readonly (readonly EngineRun[])[],
): Promise<readonly Violation[]> {
  if (partitions.some((runs) => runs.length !== 1)) return [];
  const progress = await sources.database.query<ProgressRow>(
    `SELECT partition, sequence FROM detector.partition_progress WHERE topic = 'payment-events' ORDER BY partition`,
  );
  const told = await readTold(sources, new Map(progress.map((row) => [`payment-events/${row.partition}`, row.sequence])));
  const violations: Violation[] = [];
  partitions.forEach(([run], index) => {
    const stream = `payment-events/${progress[index]!.partition}`;
    const groups = new Map<string, SlimRow[]>();
    for (const row of run!.slim) groups.set(row.group, [...(groups.get(row.group) ?? []), row]);
    for (const [group, rows] of groups) {
      const name = `${stream} ${group}`;
      const found = told.get(name) ?? [];
      told.delete(name);
      const expected = asTexts(rows.map(({ cells, sumFrom }) => ({ cells, sumFrom })));
      const sumFrom = new Map(rows.flatMap((row) => (row.sumFrom === undefined ? [] : [[row.cells[2], row.sumFrom] as const])));
      const given = asTexts(found.map((cells) => ({ cells, sumFrom: sumFrom.get(cells[2]) })));
      const at = expected.findIndex((text, place) => text !== given[place]);
      if (at >= 0 || given.length !== expected.length)
        violations.push(
          violation('the scopes were told something else than follows from the events', {
            stream: name,
            place: at < 0 ? expected.length : at,
            found: given[at < 0 ? expected.length : at],
            expected: expected[at],
          }),
        );
    }
  });
  for (const [name, rows] of told)
    if (rows.length > 0)
      violations.push(violation('the scopes were told what no event says', { stream: name, rows: rows.length }));
  return violations;
}

/** Rows by stream: those on the log, each record once, and then those that wait in the outbox. */
async function readTold(
  { log, database }: AuditSources,
  sequences: ReadonlyMap<string, number>,
): Promise<Map<string, (readonly unknown[])[]>> {
  const told = new Map<string, { position: number; rows: (readonly unknown[])[] }>();
  const hear = (value: Buffer | null): void => {
    const { from, to, position, ...rest } = JSON.parse(String(value)) as SlimRecord;
    const stream = told.get(`${from} ${to}`) ?? { position: -1, rows: [] };
    told.set(`${from} ${to}`, stream);
    // A commit that is newer than the snapshot of the database is judged the next time.
    if (position <= stream.position || Math.floor(position / PARTS_MAX) >= (sequences.get(from) ?? 0)) return;
    stream.position = position;
    stream.rows.push(...rowsOf(rest));
  };
  await log.scan('scope-events', ({ value }) => hear(value));
  const waiting = await database.query<{ value: Buffer }>(
    `SELECT value FROM detector.outbox WHERE topic = 'scope-events' ORDER BY id`,
  );
  for (const { value } of waiting) hear(value);
  return new Map([...told].map(([name, { rows }]) => [name, rows]));
}

/** Where a row names the event that it was told by; empty for what a finding said. */
const EVENT_ID = 6;

/** Rows as text; at the end and without an offset what names no event, and sums as one row each. */
function asTexts(rows: readonly { readonly cells: readonly unknown[]; readonly sumFrom: number | undefined }[]): string[] {
  const texts: string[] = [];
  const unplaced: string[] = [];
  const sums = new Map<string, number[]>();
  for (const { cells, sumFrom } of rows) {
    if (sumFrom === undefined) {
      if (cells[EVENT_ID] === '') unplaced.push(JSON.stringify(cells.slice(1)));
      else texts.push(JSON.stringify(cells));
      continue;
    }
    const name = JSON.stringify(cells.slice(1, sumFrom));
    const sum = sums.get(name) ?? [];
    cells.slice(sumFrom).forEach((cell, at) => (sum[at] = (sum[at] ?? 0) + (cell as number)));
    sums.set(name, sum);
  }
  return [...texts, ...unplaced.sort(), ...[...sums].map(([name, sum]) => `${name} ${JSON.stringify(sum)}`).sort()];
}

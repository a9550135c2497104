import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { SaidSlim } from '#stream/effects';
import { SlimSums } from '#stream/slim-sums';
import type { Cell, Origin } from '#stream/stage';
import type { PartitionCommit } from '#stream/stage-store';

/** One record for another stage: what one commit of one partition says to one group of keys. */
export interface SlimRecord {
  readonly id: string;
  readonly topic: string;
  readonly key: string;
  readonly value: string;
}

/** A record as its reader takes it apart: each row is the offset that made it so, then the cells. */
export interface SlimRows {
  readonly origin: Origin;
  readonly rows: readonly (readonly Cell[])[];
}

/** Characters of rows in one record; far below what a log takes, since some characters are several bytes. */
const RECORD_CHARACTERS = 200_000;
/** Characters of rows from which they are packed. */
const PACKED_FROM = 2_000;
/** Records that one commit may make for one group. */
const PARTS_MAX = 1_000;

/**
 * The records of a commit. Their origin is the partition and the commit's own number, not an offset: silence says things too, and has
 * none. A commit that is repeated has the same number, and one that was sent twice is known by it.
 */
export function packSlim({ progress: { topic, partition, sequence }, effects }: PartitionCommit): readonly SlimRecord[] {
  if (effects.slim.length === 0) return [];
  const records: SlimRecord[] = [];
  for (const [group, said] of byGroup(effects.slim)) {
    const [{ emission }] = said as [SaidSlim];
    summed(said).forEach((rows, part) => {
      if (part >= PARTS_MAX) throw new Error(`one commit of ${topic}/${partition} says too much to ${group}`);
      const origin = `"from":"${topic}/${partition}","to":${JSON.stringify(group)},"position":${sequence * PARTS_MAX + part}`;
      const value = `{${origin},${rowsField(rows)}}`;
      const id = `${topic}/${partition}/${sequence}/${group}/${part}`;
      records.push({ id, topic: emission.topic, key: group, value });
    });
  }
  return records;
}

/** Throws on a record that is none of ours: nobody else writes to such a topic. */
export function unpackSlim(value: Buffer | null): SlimRows {
  const { from, to, position, rows, packed } = JSON.parse(String(value)) as {
    from: string;
    to: string;
    position: number;
    rows?: readonly (readonly Cell[])[];
    packed?: string;
  };
  return { origin: { stream: `${from} ${to}`, position }, rows: rows ?? unpackRows(packed ?? '') };
}

/**
 * Rows repeat each other: packed they are a fifth, on their way through the database, to the log and back. Few are not worth the set-up
 * of a compressor.
 */
function rowsField(rows: readonly string[]): string {
  const text = `[${rows.join(',')}]`;
  if (text.length < PACKED_FROM) return `"rows":${text}`;
  return `"packed":"${deflateRawSync(text, { level: 1 }).toString('base64')}"`;
}

const unpackRows = (packed: string): readonly (readonly Cell[])[] =>
  JSON.parse(inflateRawSync(Buffer.from(packed, 'base64')).toString()) as readonly (readonly Cell[])[];

function byGroup(slim: readonly SaidSlim[]): ReadonlyMap<string, SaidSlim[]> {
  const groups = new Map<string, SaidSlim[]>();
  for (const one of slim) {
    const known = groups.get(one.emission.group);
    if (known === undefined) groups.set(one.emission.group, [one]);
    else known.push(one);
  }
  return groups;
}

/** Rows as text, sums added up, cut into records. */
function summed(said: readonly SaidSlim[]): readonly (readonly string[])[] {
  const sums = new SlimSums();
  const rows: { readonly offset: number; readonly cells: readonly Cell[] }[] = [];
  for (const { emission, offset } of said) {
    const cells = sums.row(emission);
    if (cells !== undefined) rows.push({ offset, cells });
  }
  const records: string[][] = [[]];
  let characters = 0;
  for (const { offset, cells } of rows) {
    const text = JSON.stringify([offset, ...cells]);
    if (characters + text.length > RECORD_CHARACTERS && characters > 0) {
      records.push([]);
      characters = 0;
    }
    records[records.length - 1]!.push(text);
    characters += text.length;
  }
  return records;
}

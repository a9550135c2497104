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
  const records: SlimRecord[] = [];
  for (const [group, { topic: to, offsets, rows }] of byGroup(effects.slim)) {
    cut(rows.map((cells, at) => [offsets[at]!, ...cells])).forEach((text, part) => {
      if (part >= PARTS_MAX) throw new Error(`one commit of ${topic}/${partition} says too much to ${group}`);
      const origin = `"from":"${topic}/${partition}","to":${JSON.stringify(group)},"position":${sequence * PARTS_MAX + part}`;
      const id = `${topic}/${partition}/${sequence}/${group}/${part}`;
      records.push({ id, topic: to, key: group, value: `{${origin},${rowsField(text)}}` });
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
const rowsField = (text: string): string =>
  text.length < PACKED_FROM ? `"rows":${text}` : `"packed":"${deflateRawSync(text, { level: 1 }).toString('base64')}"`;

const unpackRows = (packed: string): readonly (readonly Cell[])[] =>
  JSON.parse(inflateRawSync(Buffer.from(packed, 'base64')).toString()) as readonly (readonly Cell[])[];

interface Said {
  readonly topic: string;
  readonly sums: SlimSums;
  readonly offsets: number[];
  readonly rows: (readonly Cell[])[];
}

function byGroup(slim: readonly SaidSlim[]): ReadonlyMap<string, Said> {
  const groups = new Map<string, Said>();
  for (const { emission, offset } of slim) {
    let said = groups.get(emission.group);
    if (said === undefined)
      groups.set(emission.group, (said = { topic: emission.topic, sums: new SlimSums(), offsets: [], rows: [] }));
    const row = said.sums.row(emission);
    if (row === undefined) continue;
    said.offsets.push(offset);
    said.rows.push(row);
  }
  return groups;
}

/** Rows as JSON, whole or cut in halves until each fits. */
function cut(rows: readonly (readonly Cell[])[]): readonly string[] {
  const text = JSON.stringify(rows);
  if (text.length <= RECORD_CHARACTERS || rows.length === 1) return [text];
  const middle = rows.length >> 1;
  return [...cut(rows.slice(0, middle)), ...cut(rows.slice(middle))];
}

import type { InstantMs } from '#kernel/time';
import { SEPARATOR, toColumn } from '#postgres/stage-key';
import type { Buried, Mark, Said } from '#stream/effects';
import { packSlim, type SlimRecord } from '#stream/slim-record';
import { type DirtyState, isFresh, type PartitionCommit } from '#stream/stage-store';
import type { PartitionProgress } from '#stream/store';

/**
 * The parameters of `commit_partitions`. Effects are few and go as JSON; states are many and go as two texts and arrays of numbers
 * (measured, platform: escaping arrays element by element costs node-postgres more than the upsert).
 */
export function commitParameters(topic: string, deadLetterTopic: string, partitions: readonly PartitionCommit[]): unknown[] {
  const said = partitions.flatMap((commit) => commit.effects.said.map((one) => saidRow(commit, one)));
  // After all that is said, so that its places are counted as before.
  const slim = partitions.flatMap((commit) => packSlim(commit).map((record) => slimRow(commit.progress.partition, record)));
  const buried = partitions.flatMap(({ progress, effects }) =>
    effects.buried.map((one) => buriedRow(topic, progress.partition, deadLetterTopic, one)),
  );
  const fired = partitions.flatMap(({ progress: { partition }, effects }) =>
    effects.fired.map(({ key, deadline, offset, watermark }) => ({
      partition,
      account_id: toColumn(key),
      name: deadline.name,
      subject: storable(deadline.subject),
      at: deadline.at,
      watermark,
      offset,
    })),
  );
  const marks = partitions.flatMap(({ progress: { partition }, effects }) =>
    oneAnOffset(effects.marks).map((mark) => ({ partition, ...mark })),
  );
  const states = partitions.flatMap(({ progress: { partition }, states: dirty }) => dirty.map((state) => ({ partition, state })));
  return [
    topic,
    JSON.stringify(partitions.map(progressRow)),
    rowsOrNull([...said, ...slim].map((row, n) => ({ n, ...row }))),
    rowsOrNull(buried),
    rowsOrNull(fired),
    rowsOrNull(marks),
    ...stateArrays(states),
  ];
}

/** The positions in the whole commit, as positions within each partition's own. */
export function newsByPartition(partitions: readonly PartitionCommit[], news: readonly number[]): Map<number, number[]> {
  const fresh = new Set(news);
  const byPartition = new Map<number, number[]>();
  let n = 0;
  for (const { progress, effects } of partitions) {
    const own: number[] = [];
    for (let at = 0; at < effects.said.length; at++) if (fresh.has(n++)) own.push(at);
    byPartition.set(progress.partition, own);
  }
  return byPartition;
}

/** Marks of one offset as one: the newest shared state, the latest watermark. */
function oneAnOffset(marks: readonly Mark[]): Mark[] {
  const byOffset = new Map<number, Mark>();
  for (const { offset, watermark, shared } of marks) {
    const before = byOffset.get(offset);
    byOffset.set(offset, { offset, watermark: watermark ?? before?.watermark ?? null, shared: shared ?? before?.shared ?? null });
  }
  return [...byOffset.values()];
}

const rowsOrNull = (rows: readonly unknown[]): string | null => (rows.length === 0 ? null : JSON.stringify(rows));

/** Before the first event there is no instant. */
const instantOrNull = (instant: InstantMs): InstantMs | null => (Number.isFinite(instant) ? instant : null);

const progressRow = (commit: PartitionCommit) => ({
  partition: commit.progress.partition,
  epoch: commit.progress.epoch,
  sequence: commit.progress.sequence,
  expected: commit.progress.nextOffset,
  next_offset: commit.nextOffset,
  watermark: instantOrNull(commit.watermark),
  last_event_id: storable(commit.lastEventId),
  ...commit.counts,
  shared: commit.shared,
  checkpoint_offset: commit.checkpointOffset,
  checkpoint_watermark: instantOrNull(commit.checkpointWatermark),
  checkpoint_shared: commit.checkpointShared,
});

const saidRow = ({ progress, readUpTo }: PartitionCommit, { emission }: Said) => ({
  partition: progress.partition,
  kind: emission.kind,
  id: emission.id,
  topic: emission.topic,
  key: toColumn(emission.key),
  body: readUpTo === null ? emission.body : withSource(emission.body, progress, isFresh(readUpTo, Date.now())),
  digest: emission.digest,
});

/**
 * A CloudEvent with where it comes from as extension attributes: who acts on it must know whether later events of the same partition
 * had long been waiting behind it.
 */
const withSource = (body: string, { topic, partition }: PartitionProgress, isAtEnd: boolean): string =>
  `{"sourcepartition":"${topic}/${partition}","sourceend":${isAtEnd},${body.slice(1)}`;

/** Only goes out: it differs from everything that was told, by the number of the commit. */
const slimRow = (partition: number, { id, topic, key, value }: SlimRecord) => ({
  partition,
  kind: 'slim',
  id,
  topic,
  key,
  body: value,
  digest: 'slim',
});

function buriedRow(topic: string, partition: number, messageTopic: string, { offset, key, letter }: Buried) {
  const fields = {
    reason: letter.reason,
    source: storable(letter.source),
    id: storable(letter.id),
    pointer: storable(letter.pointer),
    expected: storable(letter.expected),
    found: storable(letter.found),
    bytes: letter.bytes.toString('base64'),
  };
  const message = JSON.stringify({ topic, partition, offset, ...letter, bytes: fields.bytes });
  return { partition, offset, key: storable(key) ?? '', message_topic: messageTopic, message, ...fields };
}

/** A text column holds neither NUL nor half a surrogate pair; what cannot be kept is replaced, as decoding UTF-8 would. */
function storable(text: string | null | undefined): string | null {
  if (text === null || text === undefined) return null;
  return Buffer.from(text.replaceAll('\u0000', '\ufffd')).toString();
}

function stateArrays(states: readonly { readonly partition: number; readonly state: DirtyState }[]): (string | null)[] {
  if (states.length === 0) return [null, null, null, null, null];
  for (const { state } of states)
    if (state.text.includes(SEPARATOR))
      throw new Error(`the state of ${state.key} has a control character: it must be text such as JSON`);
  return [
    `{${states.map(({ partition }) => partition).join(',')}}`,
    states.map(({ state }) => toColumn(state.key)).join(SEPARATOR),
    states.map(({ state }) => state.text).join(SEPARATOR),
    `{${states.map(({ state }) => state.offset).join(',')}}`,
    `{${states.map(({ state }) => instantOrNull(state.deadline) ?? 'NULL').join(',')}}`,
  ];
}

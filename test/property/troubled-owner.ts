import fc from 'fast-check';
import type { LogRecord } from '#stream/log';
import { MemoryStageStore } from '#stream/memory-stage-store';
import { type PlainOutcome, plainPartition } from '#stream/plain-partition';
import type { Stage } from '#stream/stage';
import { engineLimits, StageEngine } from '#stream/stage-engine';

/** When the first record may have happened. */
export const START = 1_000_000;

export const draftArbitrary = fc.record({
  id: fc.integer({ min: 0, max: 60 }),
  key: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
  step: fc.integer({ min: -1_500, max: 2_500 }),
  act: fc.constantFrom('begin' as const, 'begin' as const, 'end' as const, 'teach' as const),
  errand: fc.integer({ min: 0, max: 3 }),
  due: fc.integer({ min: -2_000, max: 20_000 }),
});
export type Draft = typeof draftArbitrary extends fc.Arbitrary<infer Drawn> ? Drawn : never;

/** What comes between the owner of a partition and its log: it reads so much, waits, crashes, and loses requests and answers. */
export const troublesArbitrary = (readMax: number) =>
  fc.record({
    operations: fc.array(
      fc.oneof(
        { weight: 6, arbitrary: fc.record({ kind: fc.constant('read' as const), count: fc.integer({ min: 1, max: readMax }) }) },
        { weight: 2, arbitrary: fc.record({ kind: fc.constant('idle' as const), forMs: fc.integer({ min: 0, max: 9_000 }) }) },
        { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const) }) },
        { weight: 2, arbitrary: fc.record({ kind: fc.constant('crash' as const) }) },
        { weight: 1, arbitrary: fc.record({ kind: fc.constant('hand over' as const) }) },
      ),
      { maxLength: 30 },
    ),
    disturbances: fc.array(fc.constantFrom(undefined, undefined, 'lose-request' as const, 'lose-answer' as const), {
      maxLength: 20,
    }),
    limits: fc.record({
      hotStatesMax: fc.integer({ min: 1, max: 8 }),
      coldBytesMax: fc.constantFrom(0, 2 * 1024 * 1024),
      firedMax: fc.integer({ min: 1, max: 4 }),
      flushedMax: fc.integer({ min: 1, max: 20 }),
    }),
  });
export type Troubles = ReturnType<typeof troublesArbitrary> extends fc.Arbitrary<infer Drawn> ? Drawn : never;

/** Holds a troubled owner to what one thread without faults makes of the same log; answers both, for what else is to be compared. */
export async function expectAsPlain<State, Event, Shared>(
  records: readonly LogRecord[],
  troubles: Troubles,
  newStage: () => Stage<State, Event, Shared>,
): Promise<{ readonly store: MemoryStageStore; readonly plain: PlainOutcome }> {
  const store = new MemoryStageStore();
  const faults = [...troubles.disturbances];
  store.disturb = () => faults.shift();
  await run(records, troubles, store, newStage);
  const plain = plainPartition(records, store.allMarks.get(0) ?? [], newStage());
  expect(store.sent.map(({ id, digest }) => `${id} ${digest}`)).toEqual(plain.sent);
  expect(store.fired.map(({ key, deadline }) => `${key} ${deadline.subject} ${deadline.at}`)).toEqual(plain.fired);
  expect(store.buried.map(({ offset, reason }) => `${offset} ${reason}`)).toEqual(plain.buried);
  expect(store.counts(0)).toEqual(plain.counts);
  expect(Object.fromEntries([...store.states(0)].map(([key, { text }]) => [key, text]))).toEqual(plain.states);
  expect(store.last(0)!.watermark).toBe(plain.watermark);
  return { store, plain };
}

async function run<State, Event, Shared>(
  records: readonly LogRecord[],
  { operations, limits }: Troubles,
  store: MemoryStageStore,
  newStage: () => Stage<State, Event, Shared>,
): Promise<void> {
  let now = START;
  const failures: unknown[] = [];
  const newEngine = () =>
    new StageEngine(
      newStage(),
      store,
      {
        stored: () => undefined,
        fenced: () => undefined,
        failed: (_, error) => failures.push(error),
        error: () => undefined,
      },
      { ...engineLimits, ...limits, checkpointMs: 40, commitIntervalMs: 1, retryMs: 1 },
      () => now,
    );
  let engine = newEngine();
  let position = await engine.take(store.take(0));
  const read = async (count: number): Promise<void> => {
    const batch = records.slice(position, position + count);
    position += batch.length;
    now = Math.max(now, batch.at(-1)?.appendedAt ?? 0);
    await engine.batch({ topic: 'toy', partition: 0, records: batch, endOffset: records.length });
  };
  const again = async (): Promise<void> => {
    engine = newEngine();
    position = await engine.take(store.take(0));
  };
  for (const operation of operations) {
    now += 10;
    if (operation.kind === 'read') await read(operation.count);
    else if (operation.kind === 'wait') await new Promise((resolve) => setTimeout(resolve, 3));
    else if (operation.kind === 'crash') await engine.abort().then(again);
    else if (operation.kind === 'hand over') await engine.stop().then(again);
    else if (position >= (store.last(0)?.nextOffset ?? 0)) {
      now += operation.forMs;
      await engine.batch({ topic: 'toy', partition: 0, records: [], endOffset: position });
    }
  }
  while (position < records.length) await read(20);
  now += 60_000;
  await engine.batch({ topic: 'toy', partition: 0, records: [], endOffset: records.length });
  await engine.stop();
  if (failures.length > 0) throw failures[0];
}

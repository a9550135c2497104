import fc from 'fast-check';
import type { LogRecord } from '#stream/log';
import { MemoryStageStore } from '#stream/memory-stage-store';
import { plainPartition } from '#stream/plain-partition';
import { engineLimits, StageEngine } from '#stream/stage-engine';
import { type ToyEvent, type ToyState, ToyStage } from '#stream/toy-stage';
import { patience, runs } from '#test/laws/runs';

const START = 1_000_000;

const keys = ['a', 'b', 'c', 'd', 'e', 'f'];
const eventArbitrary = fc.record({
  id: fc.integer({ min: 0, max: 60 }),
  key: fc.constantFrom(...keys),
  step: fc.integer({ min: -1_500, max: 2_500 }),
  act: fc.constantFrom('begin', 'begin', 'end', 'teach'),
  errand: fc.integer({ min: 0, max: 3 }),
  due: fc.integer({ min: -2_000, max: 20_000 }),
});
const recordArbitrary = fc.oneof(
  { weight: 12, arbitrary: eventArbitrary },
  { weight: 1, arbitrary: fc.constant('ignored' as const) },
  { weight: 1, arbitrary: fc.constant('rubbish' as const) },
  { weight: 1, arbitrary: fc.constant('future' as const) },
);
const operation = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('read' as const), count: fc.integer({ min: 1, max: 12 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('idle' as const), forMs: fc.integer({ min: 0, max: 9_000 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('crash' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('hand over' as const) }) },
);

describe('a partition whose owner crashes', () => {
  it(
    'says, fires, buries and counts what one thread without faults does, whatever was lost and whenever',
    async () => {
      const property = fc.asyncProperty(
        fc.array(recordArbitrary, { minLength: 5, maxLength: 80 }),
        fc.array(operation, { maxLength: 30 }),
        fc.array(fc.constantFrom(undefined, undefined, 'lose-request', 'lose-answer'), { maxLength: 20 }),
        fc.record({
          hot: fc.integer({ min: 1, max: 8 }),
          cold: fc.constantFrom(0, 2 * 1024 * 1024),
          fired: fc.integer({ min: 1, max: 4 }),
        }),
        async (drafts, operations, disturbances, limits) => {
          const records = toRecords(drafts);
          const store = new MemoryStageStore();
          const faults = [...disturbances] as ReturnType<MemoryStageStore['disturb']>[];
          store.disturb = () => faults.shift();
          await run(records, operations, store, limits);
          const plain = plainPartition(records, store.allMarks.get(0) ?? []);
          expect(store.sent.map(({ id, digest }) => `${id} ${digest}`)).toEqual(plain.sent);
          expect(store.fired.map(({ key, deadline }) => `${key} ${deadline.subject} ${deadline.at}`)).toEqual(plain.fired);
          expect(store.buried.map(({ offset, reason }) => `${offset} ${reason}`)).toEqual(plain.buried);
          expect(store.counts(0)).toEqual(plain.counts);
          expect(Object.fromEntries([...store.states(0)].map(([key, { text }]) => [key, text]))).toEqual(plain.states);
          expect(store.last(0)!.watermark).toBe(plain.watermark);
        },
      );
      await fc.assert(property, runs(150));
    },
    patience(120_000),
  );
});

function toRecords(
  drafts: readonly (string | { id: number; key: string; step: number; act: string; errand: number; due: number })[],
) {
  let at = START;
  return drafts.map((draft, offset): LogRecord => {
    const record = (value: string): LogRecord => ({
      offset,
      key: 'k',
      value: Buffer.from(value),
      headers: undefined,
      appendedAt: at,
    });
    if (draft === 'future')
      return record(JSON.stringify({ id: `f${offset}`, key: 'a', at: at + 10 * 60_000, act: 'begin', errand: 'a:9' }));
    if (typeof draft === 'string') return record(draft);
    at += draft.step;
    const { id, key, act, errand, due } = draft;
    const event: ToyEvent = {
      id: `${key}${id}`,
      key,
      at,
      act: act as ToyEvent['act'],
      errand: `${key}:${errand}`,
      due: at + due,
    };
    return record(JSON.stringify(event));
  });
}

type Operation =
  | { kind: 'read'; count: number }
  | { kind: 'idle'; forMs: number }
  | { kind: 'wait' }
  | { kind: 'crash' }
  | { kind: 'hand over' };

async function run(
  records: readonly LogRecord[],
  operations: readonly Operation[],
  store: MemoryStageStore,
  limits: { hot: number; cold: number; fired: number },
): Promise<void> {
  let now = START;
  let position = 0;
  const failures: unknown[] = [];
  const newEngine = (): StageEngine<ToyState, ToyEvent, unknown> =>
    new StageEngine(
      new ToyStage() as never,
      store,
      {
        stored: () => undefined,
        fenced: () => undefined,
        failed: (_, error) => failures.push(error),
        error: () => undefined,
      },
      {
        ...engineLimits,
        hotStatesMax: limits.hot,
        coldBytesMax: limits.cold,
        firedMax: limits.fired,
        checkpointMs: 40,
        commitIntervalMs: 1,
        retryMs: 1,
        flushedMax: 3,
      },
      () => now,
    );
  let engine = newEngine();
  position = await engine.take(store.take(0));
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

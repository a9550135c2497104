import fc from 'fast-check';
import type { InstantMs } from '#kernel/time';
import type { LogRecord } from '#stream/log';
import { MemoryStageStore } from '#stream/memory-stage-store';
import { plainPartition } from '#stream/plain-partition';
import { engineLimits, StageEngine } from '#stream/stage-engine';
import type { Applied, Decoded, FiredDeadline, Origin, Outgoing, Stage } from '#stream/stage';
import { type ToyEvent, type ToyState, ToyStage } from '#stream/toy-stage';

const START = 1_000_000;

interface Learnt {
  newest: Record<string, number>;
  /** Of everything that happened to any key: two histories that differ anywhere differ here. */
  trace: number;
}

/** Records are batches, and the keys share something that every event and every deadline changes and reads. */
class LearningStage implements Stage<ToyState, ToyEvent, Learnt> {
  private readonly toy = new ToyStage();
  readonly name = 'learning';
  readonly latenessMs = 1_000;
  readonly storesTogether = true;

  decode(record: LogRecord): Decoded<ToyEvent> {
    const { origin, events } = JSON.parse(String(record.value)) as { origin: Origin; events: ToyEvent[] };
    return { kind: 'batch', origin, parts: events.map((event) => ({ key: event.key, at: event.at, event })) };
  }
  admit(shared: Learnt, { stream, position }: Origin): boolean {
    if (position <= (shared.newest[stream] ?? -1)) return false;
    shared.newest[stream] = position;
    return true;
  }
  newState = (): ToyState => this.toy.newState();
  newShared = (): Learnt => ({ newest: {}, trace: 0 });
  sharedVersion = (): number => 0;

  apply(state: ToyState, event: ToyEvent, shared: Learnt, watermark: InstantMs, record: LogRecord, out: Outgoing[]): Applied {
    const applied = this.toy.apply(state, event, { taught: [String(shared.trace)], version: 0 }, watermark, record, out as never);
    shared.trace = (Math.imul(shared.trace, 31) + state.trace) | 0;
    return applied;
  }
  nextDeadline = (state: ToyState): InstantMs => this.toy.nextDeadline(state);
  fire(state: ToyState, shared: Learnt, until: InstantMs, out: Outgoing[]): readonly FiredDeadline[] {
    const fired = this.toy.fire(state, { taught: [String(shared.trace)], version: 0 }, until, out as never);
    for (const { at } of fired) shared.trace = (Math.imul(shared.trace, 37) + at) | 0;
    return fired;
  }
  encode = (state: ToyState): string => this.toy.encode(state);
  decodeState = (text: string): ToyState => this.toy.decodeState(text);
  encodeShared = (shared: Learnt): string => JSON.stringify(shared);
  decodeShared = (text: string): Learnt => JSON.parse(text) as Learnt;
}

const eventArbitrary = fc.record({
  id: fc.integer({ min: 0, max: 60 }),
  key: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
  step: fc.integer({ min: -1_500, max: 2_500 }),
  act: fc.constantFrom('begin', 'begin', 'end', 'teach'),
  errand: fc.integer({ min: 0, max: 3 }),
  due: fc.integer({ min: -2_000, max: 20_000 }),
});
const batchArbitrary = fc.record({
  stream: fc.constantFrom('one', 'other'),
  events: fc.array(eventArbitrary, { maxLength: 6 }),
  isRepeat: fc.boolean(),
});
const operation = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('read' as const), count: fc.integer({ min: 1, max: 6 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('idle' as const), forMs: fc.integer({ min: 0, max: 9_000 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('crash' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('hand over' as const) }) },
);

describe('a partition of batches whose keys share what they learn', () => {
  it('comes to the same as one thread without faults, shared state included, whatever was lost and whenever', async () => {
    const property = fc.asyncProperty(
      fc.array(batchArbitrary, { minLength: 5, maxLength: 40 }),
      fc.array(operation, { maxLength: 30 }),
      fc.array(fc.constantFrom(undefined, undefined, 'lose-request', 'lose-answer'), { maxLength: 20 }),
      fc.record({
        hot: fc.integer({ min: 1, max: 8 }),
        cold: fc.constantFrom(0, 2 * 1024 * 1024),
        fired: fc.integer({ min: 1, max: 4 }),
        flushed: fc.integer({ min: 1, max: 20 }),
      }),
      async (drafts, operations, disturbances, limits) => {
        const records = toRecords(drafts);
        const store = new MemoryStageStore();
        const faults = [...disturbances] as ReturnType<MemoryStageStore['disturb']>[];
        store.disturb = () => faults.shift();
        await run(records, operations, store, limits);
        const plain = plainPartition(records, store.allMarks.get(0) ?? [], new LearningStage());
        expect(store.sent.map(({ id, digest }) => `${id} ${digest}`)).toEqual(plain.sent);
        expect(store.fired.map(({ key, deadline }) => `${key} ${deadline.subject} ${deadline.at}`)).toEqual(plain.fired);
        expect(store.counts(0)).toEqual(plain.counts);
        expect(Object.fromEntries([...store.states(0)].map(([key, { text }]) => [key, text]))).toEqual(plain.states);
        expect(store.last(0)!.watermark).toBe(plain.watermark);
        expect(JSON.parse(store.last(0)!.shared)).toEqual(plain.shared);
      },
    );
    await fc.assert(property, { numRuns: 200 });
  }, 120_000);
});

type Draft = { id: number; key: string; step: number; act: string; errand: number; due: number };

function toRecords(drafts: readonly { stream: string; events: readonly Draft[]; isRepeat: boolean }[]): LogRecord[] {
  let at = START;
  const positions = new Map<string, number>();
  const values: string[] = [];
  for (const { stream, events, isRepeat } of drafts) {
    const position = (positions.get(stream) ?? -1) + 1;
    positions.set(stream, position);
    const value = JSON.stringify({
      origin: { stream, position },
      events: events.map(({ id, key, step, act, errand, due }) => {
        at += step;
        return { id: `${key}${id}`, key, at, act, errand: `${key}:${errand}`, due: at + due };
      }),
    });
    values.push(value);
    if (isRepeat) values.push(values[Math.floor(values.length / 2)]!);
  }
  return values.map((value, offset) => ({ offset, key: 'g', value: Buffer.from(value), headers: undefined, appendedAt: at }));
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
  limits: { hot: number; cold: number; fired: number; flushed: number },
): Promise<void> {
  let now = START;
  const failures: unknown[] = [];
  const newEngine = (): StageEngine<ToyState, ToyEvent, Learnt> =>
    new StageEngine(
      new LearningStage(),
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
        flushedMax: limits.flushed,
      },
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

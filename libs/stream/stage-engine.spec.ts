import { minutes, seconds } from '#kernel/time';
import type { LogRecord } from '#stream/log';
import { MemoryStageStore } from '#stream/memory-stage-store';
import { type EngineLimits, engineLimits, StageEngine } from '#stream/stage-engine';
import { isFresh } from '#stream/stage-store';
import type { Emission } from '#stream/stage';
import { type ToyEvent, ToyStage } from '#stream/toy-stage';

const START = Date.UTC(2026, 0, 1);

class TellsItsEnd extends ToyStage {
  caughtUp(partition: number, _: number, occasion: string): readonly Emission[] {
    return [{ id: 'end', topic: 'traces', key: String(partition), body: '{}', digest: occasion, kind: 'message' }];
  }
}

describe('the engine of a stage', () => {
  let store: MemoryStageStore;
  let now: number;
  let failures: string[];
  const engines: StageEngine<never, never, never>[] = [];

  beforeEach(() => {
    store = new MemoryStageStore();
    now = START;
    failures = [];
  });
  afterEach(async () => {
    for (const engine of engines.splice(0)) await engine.abort();
  });

  const start = async (limits: Partial<EngineLimits> = {}, stage = new ToyStage()) => {
    const engine = new StageEngine(
      stage,
      store,
      {
        stored: () => undefined,
        fenced: () => undefined,
        failed: (_, error) => void failures.push(String(error)),
        error: () => undefined,
      },
      { ...engineLimits, commitIntervalMs: 1, retryMs: 1, ...limits },
      () => now,
    );
    engines.push(engine as never);
    const from = await engine.take(store.take(0));
    return { engine, from };
  };
  const record = (offset: number, event: Partial<ToyEvent> & { key: string }): LogRecord => {
    const full = { id: `e${offset}`, at: START, act: 'begin', errand: `${event.key}:1`, ...event };
    return { offset, key: event.key, value: Buffer.from(JSON.stringify(full)), headers: undefined, appendedAt: START };
  };
  const batch = (records: readonly LogRecord[], endOffset = (records.at(-1)?.offset ?? -1) + 1) => ({
    topic: 'toy',
    partition: 0,
    records,
    endOffset,
  });
  const subjects = (): string[] => store.fired.map(({ deadline }) => deadline.subject);

  it('spreads a burst of deadlines over many commits', async () => {
    const { engine } = await start({ firedMax: 10 });
    await engine.batch(batch(Array.from({ length: 100 }, (_, n) => record(n, { key: `k${n}`, due: START + n }))));
    const before = store.commits;
    now = START + minutes(10);
    await engine.batch(batch([], 100));
    await engine.stop();
    expect(subjects()).toHaveLength(100);
    expect(store.commits - before).toBeGreaterThanOrEqual(9);
    expect(store.firedAtOnceMax).toBeLessThanOrEqual(10);
  });

  it('tells the end of a backlog once, after all that was said in it; what is said on fresh facts says so itself', async () => {
    const { engine } = await start({}, new TellsItsEnd());
    const told: string[] = [];
    const untilTold = async (count: number): Promise<void> => {
      while (store.sent.length < count) await new Promise((resolve) => setTimeout(resolve, 1));
      for (let at = told.length; at < count; at++)
        told.push(`${store.sent[at]!.id} ${isFresh(store.sentReadUpTo[at] ?? -Infinity, now) ? 'fresh' : 'behind'}`);
    };
    const appendedAgo = (ms: number, offset: number, key: string, at = now - ms): LogRecord => ({
      ...record(offset, { key, at, act: 'end' }),
      appendedAt: now - ms,
    });
    now = START + minutes(60);
    await engine.batch(batch([record(0, { key: 'k', act: 'end' })], 2));
    await untilTold(1);
    await engine.batch(batch([record(1, { key: 'l', act: 'end' })], 2));
    await untilTold(3);
    await engine.batch(batch([record(2, { key: 'm', act: 'end' })], 3));
    await untilTold(4);
    now += minutes(1);
    await engine.batch(batch([appendedAgo(seconds(30), 3, 'n'), appendedAgo(0, 4, 'o')], 90));
    await untilTold(6);
    await engine.batch(batch([appendedAgo(0, 5, 'history', now - minutes(5))], 90));
    await untilTold(7);
    await engine.batch(batch([appendedAgo(seconds(4), 6, 'p')], 90));
    await untilTold(9);
    await engine.batch(batch([appendedAgo(seconds(3), 7, 'q')], 90));
    await untilTold(10);
    await engine.stop();
    expect(told).toEqual([
      'trace-k behind',
      'trace-l fresh',
      'end fresh',
      'trace-m fresh',
      'trace-n behind',
      'trace-o behind',
      'trace-history behind',
      'trace-p fresh',
      'end fresh',
      'trace-q fresh',
    ]);
  });

  it('fires no deadline before the backlog is read, and none before its time', async () => {
    const { engine } = await start();
    now = START + minutes(60);
    const begun = record(0, { key: 'k', due: START + seconds(30) });
    const ended = record(1, { key: 'k', act: 'end', at: START + seconds(20) });
    await engine.batch(batch([begun], 2));
    await engine.batch(batch([ended], 2));
    await engine.batch(batch([], 2));
    await engine.batch(batch([record(2, { key: 'late', due: now + seconds(5) })]));
    now += seconds(5);
    await engine.batch(batch([], 3));
    expect(subjects()).toEqual([]);
    now += seconds(1);
    await engine.batch(batch([], 3));
    await engine.stop();
    expect(subjects()).toEqual(['late:1']);
    for (const { deadline, watermark } of store.fired) expect(deadline.at).toBeLessThanOrEqual(watermark);
  });

  it('lets time pass while nothing comes no further than it is allowed', async () => {
    const { engine } = await start();
    await engine.batch(batch([record(0, { key: 'a', due: START + minutes(5) })]));
    now = START + minutes(10);
    await engine.batch({ ...batch([], 1), idleUntil: START + minutes(5) - 1 });
    await engine.batch({ ...batch([], 1), idleUntil: -Infinity });
    await engine.giveUp(0);
    expect(subjects()).toEqual([]);
    const { engine: next } = await start();
    await next.batch({ ...batch([], 1), idleUntil: START + minutes(5) });
    await next.giveUp(0);
    expect(subjects()).toEqual(['a:1']);
  });

  it('remembers deadlines months away through a handover, without their states in memory', async () => {
    const first = await start();
    const far = START + minutes(60 * 24 * 200);
    await first.engine.batch(batch(Array.from({ length: 20 }, (_, n) => record(n, { key: `k${n}`, due: far + n }))));
    await first.engine.stop();
    const second = await start({ hotStatesMax: 2, coldBytesMax: 0 });
    expect(second.from).toBe(20);
    for (now = START; now < far; now += minutes(60 * 24 * 20)) await second.engine.batch(batch([], 20));
    expect(subjects()).toEqual([]);
    now = far + minutes(5);
    await second.engine.batch(batch([], 20));
    await second.engine.stop();
    expect(subjects()).toHaveLength(20);
  });

  it('folds again only what the last owner had not stored', async () => {
    const first = await start({ checkpointMs: 1_000_000 });
    await first.engine.batch(batch(Array.from({ length: 50 }, (_, n) => record(n, { key: `k${n}` }))));
    while ((store.last(0)?.nextOffset ?? 0) < 50) await new Promise((resolve) => setTimeout(resolve, 2));
    await first.engine.abort();
    expect((await start()).from).toBe(0);
    const third = await start();
    await third.engine.batch(batch(Array.from({ length: 50 }, (_, n) => record(n, { key: `k${n}` }))));
    await third.engine.stop();
    expect((await start()).from).toBe(50);
    expect(store.counts(0).applied).toBe(50);
  });

  it('refuses a log that ends before what was already applied', async () => {
    const first = await start();
    await first.engine.batch(batch([record(0, { key: 'a' }), record(1, { key: 'b' })]));
    await first.engine.stop();
    const second = await start();
    await second.engine.batch(batch([], 1));
    expect(failures[0]).toContain('holds offsets 0 to 1, not 2');
  });

  it('quarantines an event of the future: it moves no watermark and changes no state', async () => {
    const { engine } = await start();
    await engine.batch(
      batch([
        record(0, { key: 'a', due: START + minutes(4) }),
        record(1, { key: 'a', at: START + minutes(5) + 1 }),
        record(2, { key: 'a', act: 'end' }),
      ]),
    );
    await engine.stop();
    expect(store.buried).toEqual([{ partition: 0, offset: 1, reason: 'future-event' }]);
    expect(store.counts(0)).toMatchObject({ applied: 2, quarantined: 1 });
    expect(subjects()).toEqual([]);
  });

  it('holds its input back while the store does not answer, and loses nothing', async () => {
    const { engine } = await start({ uncommittedMax: 20 });
    let isDown = true;
    store.disturb = () => (isDown ? 'lose-request' : undefined);
    let delivered = 0;
    const feeding = (async () => {
      for (let n = 0; n < 100; n += 10, delivered = n)
        await engine.batch(
          batch(
            Array.from({ length: 10 }, (_, i) => record(n + i, { key: `k${i}` })),
            100,
          ),
        );
    })();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(delivered).toBeLessThanOrEqual(40);
    isDown = false;
    await feeding;
    await engine.stop();
    expect(store.counts(0).applied).toBe(100);
  });
});

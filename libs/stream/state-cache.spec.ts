import { NEVER } from '#kernel/time';
import { Checkpoint } from '#stream/checkpoint';
import { ColdTier } from '#stream/cold-tier';
import type { StageStore, StoredState } from '#stream/stage-store';
import { HotBudget, StateCache } from '#stream/state-cache';
import { ToyStage, type ToyState } from '#stream/toy-stage';

const stage = new ToyStage();
const stored = (key: string): StoredState => ({ key, text: stage.encode({ ...stage.newState(), trace: 7 }), offset: 3 });

describe('the states in memory', () => {
  const load = jest.fn((_: number, keys: readonly string[]) => Promise.resolve(keys.filter((key) => key !== 'new').map(stored)));
  const open = ({ hot = 2, coldBytes = 0, isComplete = false } = {}) => {
    const budget = new HotBudget(hot);
    const checkpoint = new Checkpoint<ToyState>(1_000, { offset: 0, watermark: 0, shared: '' }, 0);
    const store = { load } as unknown as StageStore;
    const cold = new ColdTier({ bytesMax: coldBytes });
    return { budget, checkpoint, cache: new StateCache({ partition: 0, stage, store, checkpoint, budget, cold, isComplete }) };
  };
  const trimWell = (cache: { trim(): void }): void => {
    for (let n = 0; n < 20; n++) cache.trim();
  };
  beforeEach(() => load.mockClear());

  it('asks for all missing keys in one query, and knows those that do not exist', async () => {
    const { cache } = open({ hot: 10 });
    await cache.load(['a', 'b', 'new', 'a']);
    expect(load.mock.calls).toEqual([[0, ['a', 'b', 'new']]]);
    expect(cache.find('a')).toMatchObject({ offset: 3, state: { trace: 7 } });
    expect([cache.find('new'), cache.isAtHand('new'), cache.isAtHand('other')]).toEqual([undefined, true, false]);
  });

  it('asks nothing while no state was ever stored', async () => {
    const { cache } = open({ isComplete: true });
    expect(cache.isAtHand('a')).toBe(true);
    await cache.load(['a']);
    expect(load).not.toHaveBeenCalled();
  });

  it('lets stored states leave when there are too many, to bytes first and back without a query', async () => {
    const { cache, budget } = open({ coldBytes: 4 * 1024 * 1024 });
    await cache.load(['a', 'b', 'c', 'd']);
    cache.find('a')!.state.seen.push('x');
    trimWell(cache);
    expect(budget.used).toBe(2);
    load.mockClear();
    await cache.load(['a', 'b', 'c', 'd']);
    expect(load).not.toHaveBeenCalled();
    expect(cache.find('a')!.state.seen).toEqual(['x']);
  });

  it('keeps what is not stored, and what a commit without an answer carries', async () => {
    const { cache, checkpoint, budget } = open({ hot: 0 });
    await cache.load(['dirty', 'flying']);
    cache.changed(cache.find('flying')!, 4);
    const [flying] = checkpoint.take(1, { offset: 5, watermark: 0, shared: '' }, { min: 1, max: 1, isFresh: false });
    cache.changed(cache.find('dirty')!, 4);
    trimWell(cache);
    expect(budget.used).toBe(2);
    flying!.inFlight = false;
    trimWell(cache);
    expect([cache.peek('flying'), budget.used]).toEqual([undefined, 1]);
  });

  it('lets a state leave with the text that was stored, unless it changed meanwhile', async () => {
    const { cache, checkpoint, budget } = open({ hot: 0, coldBytes: 4 * 1024 * 1024 });
    await cache.load(['same', 'changed']);
    for (const key of ['same', 'changed']) cache.changed(cache.find(key)!, 4);
    const taken = checkpoint.take(1, { offset: 5, watermark: 0, shared: '' }, { min: 2, max: 2, isFresh: false });
    cache.changed(cache.find('changed')!, 5);
    for (const held of taken) {
      held.inFlight = false;
      cache.release(held, stage.encode({ ...stage.newState(), trace: 9 }));
    }
    expect(cache.peek('same')?.state.trace).toBe(7);
    cache.trim();
    expect([cache.peek('same'), cache.peek('changed')?.state.trace, budget.used]).toEqual([undefined, 7, 1]);
    load.mockClear();
    await cache.load(['same']);
    expect([cache.peek('same')?.state.trace, load.mock.calls.length]).toEqual([9, 0]);
  });

  it('takes a state that comes back for queued when its deadline lies within the horizon', async () => {
    const { cache } = open();
    const text = stage.encode({ ...stage.newState(), due: { errand: 50 } });
    load.mockResolvedValue([{ key: 'near', text, offset: 1 }]);
    cache.horizon = 100;
    await cache.load(['near']);
    expect(cache.peek('near')).toMatchObject({ deadline: 50, queued: 50 });
    cache.horizon = -NEVER;
    cache.clear();
    await cache.load(['near']);
    expect(cache.peek('near')).toMatchObject({ deadline: 50, queued: NEVER });
  });
});

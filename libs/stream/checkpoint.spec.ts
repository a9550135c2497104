import { NEVER } from '#kernel/time';
import { Checkpoint, type Tracked } from '#stream/checkpoint';

const state = (key: string): Tracked<null> => ({
  key,
  state: null,
  offset: -1,
  deadline: NEVER,
  queued: NEVER,
  dirtySince: -1,
  inFlight: false,
  recent: false,
});
const boundary = (offset: number) => ({ offset, watermark: offset * 10, shared: `s${offset}` });
const share = { min: 0, max: 1_000, isFresh: false };
const nothing = { min: 0, max: 0, isFresh: false };

describe('the rolling checkpoint', () => {
  it.each([
    { isFresh: false, dirty: 110, ageMs: 1_200 },
    { isFresh: true, dirty: 20, ageMs: 200 },
  ])('writes those dirty longest first, and each about once an interval; fresh: $isFresh', ({ isFresh, dirty, ageMs }) => {
    const checkpoint = new Checkpoint<null>(1_000, boundary(0), 0);
    const written: string[] = [];
    for (let n = 0; n < 200; n++) {
      checkpoint.note(state(`k${n}`), n);
      written.push(...checkpoint.take((n + 1) * 10, boundary(n + 1), { ...share, isFresh }).map(({ key }) => key));
    }
    expect(written).toEqual(Array.from(written, (_, n) => `k${n}`));
    expect(checkpoint.dirty).toBeLessThanOrEqual(dirty);
    expect(checkpoint.ageMs(2_000)).toBeLessThanOrEqual(ageMs);
  });

  it('folds again from the newest commit before anything that is still dirty', () => {
    const checkpoint = new Checkpoint<null>(1_000, boundary(0), 0);
    const [a, b] = [state('a'), state('b')];
    checkpoint.note(a, 0);
    checkpoint.take(1, boundary(5), nothing);
    checkpoint.note(b, 7);
    checkpoint.take(2, boundary(9), nothing);
    expect(checkpoint.boundary()).toMatchObject({ offset: 0 });
    expect(checkpoint.take(3, boundary(12), { min: 1, max: 1, isFresh: false })).toEqual([a]);
    expect(checkpoint.boundary()).toMatchObject({ offset: 5, watermark: 50, shared: 's5' });
    checkpoint.note(a, 14);
    expect(checkpoint.take(4, boundary(15), { min: 1, max: 1, isFresh: false })).toEqual([b]);
    expect(checkpoint.boundary()).toMatchObject({ offset: 12 });
    expect(checkpoint.take(5, boundary(16), { min: 1, max: 1, isFresh: false })).toEqual([a]);
    expect(checkpoint.boundary()).toMatchObject({ offset: 16 });
    expect(checkpoint.ageMs(99)).toBe(0);
  });

  it('counts a state once, from its first change on', () => {
    const checkpoint = new Checkpoint<null>(1_000, boundary(0), 0);
    const a = state('a');
    checkpoint.note(a, 3);
    checkpoint.note(a, 8);
    expect([a.dirtySince, checkpoint.dirty]).toEqual([3, 1]);
  });
});

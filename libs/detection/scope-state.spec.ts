import { days, minutes, NEVER, type InstantMs } from '#kernel/time';
import type { AnyScopeDetector } from '#detection/scope-detector';
import { entryOf, groupOf, newScopeState, SHELF_MAX, stateKeyOf, TOLD_FOR, TOLD_MAX, trimTold } from '#detection/scope-state';
import type { Told } from '#detection/told';

const START = Date.UTC(2026, 4, 4, 8);
/** A state is a time from which it is idle. */
const detectors = [{ isIdle: (until: InstantMs, now: InstantMs) => now >= until }] as unknown as readonly AnyScopeDetector[];
const toldAt = (at: InstantMs): Told => ({ at }) as Told;

function shelf(count: number, idleFrom: (n: number) => InstantMs = () => NEVER) {
  const state = newScopeState('network/~1');
  for (let n = 0; n < count; n++) entryOf(state, `k-${n}`, START + n, detectors, START).parts[0] = idleFrom(n);
  return state;
}

describe('where a key is kept', () => {
  it('is its own place, and for networks one of 256 shelves; it never moves', () => {
    expect(stateKeyOf('merchant', 'm-1')).toBe('merchant/m-1');
    expect(newScopeState('merchant/m/1').scope).toBe('merchant');
    expect(stateKeyOf('network', '203.0.113.7')).toBe('network/~255');
    const shelves = new Set(Array.from({ length: 5_000 }, (_, n) => stateKeyOf('network', `10.0.${n >> 8}.${n & 255}`)));
    expect(shelves.size).toBe(256);
    for (const key of shelves) expect(key).toMatch(/^network\/~(\d|\d\d|1\d\d|2[0-4]\d|25[0-5])$/);
  });

  it('is sent with those of one of eight groups', () => {
    expect(groupOf('merchant/m-1')).toBe('scopes-7');
    const groups = new Set(Array.from({ length: 200 }, (_, n) => groupOf(`merchant/m-${n}`)));
    expect([...groups].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7].map((n) => `scopes-${n}`));
  });
});

describe('the entry of a key', () => {
  it('is made once and remembers its newest event', () => {
    const state = newScopeState('merchant/m-1');
    const made = entryOf(state, 'm-1', START, detectors, START);
    expect(made).toEqual({ key: 'm-1', parts: [undefined], told: [], lastAt: START });
    expect(entryOf(state, 'm-1', START + 5, detectors, START)).toBe(made);
    entryOf(state, 'm-1', START + 1, detectors, START);
    expect(made.lastAt).toBe(START + 5);
  });

  it('of a merchant is never swept away', () => {
    const state = newScopeState('merchant/m-1');
    entryOf(state, 'm-1', START, detectors, START).parts[0] = START;
    entryOf(state, 'm-2', START + days(9), detectors, START + days(9));
    expect([...state.entries.keys()]).toEqual(['m-1', 'm-2']);
    expect(state.sweptAt).toBe(-NEVER);
  });
});

describe('a shelf of networks', () => {
  const keys = (state: ReturnType<typeof newScopeState>) => [...state.entries.keys()];

  it('drops what is idle when a new one comes ten minutes later, and not before', () => {
    const state = shelf(3, (n) => (n === 1 ? NEVER : START));
    entryOf(state, 'new', START, detectors, START + minutes(10) - 1);
    expect(keys(state)).toEqual(['k-0', 'k-1', 'k-2', 'new']);
    entryOf(state, 'k-1', START, detectors, START + minutes(11));
    expect(state.entries.size).toBe(4);
    entryOf(state, 'newer', START, detectors, START + minutes(10));
    expect(keys(state)).toEqual(['k-1', 'newer']);
    expect(state.sweptAt).toBe(START + minutes(10));
  });

  it('keeps an idle one of which something was told, as long as that is remembered', () => {
    const state = shelf(1, () => START);
    entryOf(state, 'k-0', START, detectors, START).told = [toldAt(START)];
    entryOf(state, 'new', START, detectors, START + TOLD_FOR);
    expect(keys(state)).toContain('k-0');
    entryOf(state, 'newer', START, detectors, START + TOLD_FOR + minutes(10));
    expect(keys(state)).not.toContain('k-0');
  });

  it('that is full drops what is idle at once, and needs no more', () => {
    const state = shelf(SHELF_MAX, (n) => (n < 3 ? START : NEVER));
    entryOf(state, 'new', START, detectors, START);
    expect(state.entries.size).toBe(SHELF_MAX - 3 + 1);
    expect(state.entries.has('k-3')).toBe(true);
  });

  it('that stays full loses the eighth that was heard of least recently', () => {
    const state = shelf(SHELF_MAX);
    entryOf(state, 'k-0', START + days(1), detectors, START);
    entryOf(state, 'new', START + days(1), detectors, START);
    expect(state.entries.size).toBe(SHELF_MAX - SHELF_MAX / 8 + 1);
    expect(state.entries.has('k-0')).toBe(true);
    expect(keys(state).filter((key) => Number(key.slice(2)) >= 1 && Number(key.slice(2)) <= SHELF_MAX / 8)).toEqual([]);
    expect(state.entries.has(`k-${SHELF_MAX / 8 + 1}`)).toBe(true);
  });

  it('loses those of one time by their keys', () => {
    const state = newScopeState('network/~1');
    // 389 has no factor in common with the size: every key once, in no order.
    for (let n = 0; n < SHELF_MAX; n++)
      entryOf(state, `k-${1_001 + ((n * 389) % SHELF_MAX)}`, START, detectors, START).parts[0] = NEVER;
    entryOf(state, 'new', START, detectors, START);
    expect(state.entries.has(`k-${1_000 + SHELF_MAX / 8}`)).toBe(false);
    expect(state.entries.has(`k-${1_001 + SHELF_MAX / 8}`)).toBe(true);
  });

  it('keeps what any of its detectors still needs, and asks none that has heard nothing', () => {
    const two = [...detectors, ...detectors];
    const state = newScopeState('network/~1');
    const kept = [[START], [START, NEVER], [undefined, START], [NEVER, START]].map((parts, n) => {
      Object.assign(entryOf(state, `k-${n}`, START, two, START).parts, parts);
      return `k-${n}`;
    });
    entryOf(state, 'new', START, two, START + minutes(10));
    expect(kept.filter((key) => state.entries.has(key))).toEqual(['k-1', 'k-3']);
  });

  it('is full below its bound by no one: one less is kept as it is', () => {
    const state = shelf(SHELF_MAX - 1);
    entryOf(state, 'new', START, detectors, START);
    expect(state.entries.size).toBe(SHELF_MAX);
  });
});

it('what was told is remembered for thirty days, the newest only where it is too much', () => {
  const entry = entryOf(newScopeState('merchant/m-1'), 'm-1', START, detectors, START);
  entry.told = Array.from({ length: TOLD_MAX + 2 }, (_, n) => toldAt(START + n));
  trimTold(entry, START);
  expect(entry.told.map(({ at }) => at - START)).toEqual(Array.from({ length: TOLD_MAX }, (_, n) => n + 2));
  trimTold(entry, START + TOLD_FOR + 10);
  expect(entry.told[0]!.at).toBe(START + 10);
  entry.told = [];
  trimTold(entry, START + TOLD_FOR + 10);
  expect(entry.told).toEqual([]);
});

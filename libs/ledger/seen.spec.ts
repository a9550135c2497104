import fc from 'fast-check';
import { days } from '#kernel/time';
import { nothingSeen, SEEN_FOR, SEEN_MAX, seenPairs, seenText, sight } from '#ledger/seen';

const START = Date.UTC(2026, 5, 1);

describe('the memory of events', () => {
  it('knows the same source and id again, and whether the content is the same', () => {
    const seen = nothingSeen();
    expect(sight(seen, '/shop', 'e1', 7, START)).toBe('new');
    expect(sight(seen, '/shop', 'e1', 7, START)).toBe('duplicate');
    expect(sight(seen, '/shop', 'e1', 8, START)).toBe('conflict');
    expect(sight(seen, '/other', 'e1', 7, START)).toBe('new');
    expect(sight(seen, '/shop', 'e2', 7, START)).toBe('new');
  });

  it('never takes one event for another, and never forgets the newest of its window', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ minLength: 1, maxLength: 12 }), { maxLength: SEEN_MAX * 3 }), (ids) => {
        const seen = nothingSeen();
        ids.forEach((id, at) => expect(sight(seen, '/s', id, at, START)).toBe('new'));
        ids.slice(-SEEN_MAX).forEach((id) => expect(sight(seen, '/s', id, ids.indexOf(id), START)).toBe('duplicate'));
        expect(seen.newer.length + seen.older.length).toBeLessThanOrEqual(SEEN_MAX * 2 * 2);
        expect(seenPairs(seenText(seen.newer))).toEqual(seen.newer);
        expect(seenText(seen.newer)).toHaveLength((seen.newer.length / 2) * 12);
      }),
    );
  });

  it('of many events knows the last two generations, and no more', () => {
    const seen = nothingSeen();
    const told = (n: number) => sight(seen, '/s', `e${n}`, n, START);
    for (let n = 0; n < SEEN_MAX * 3; n++) expect(told(n)).toBe('new');
    expect([seen.older.length, seen.newer.length]).toEqual([SEEN_MAX * 2, SEEN_MAX * 2]);
    for (let n = SEEN_MAX; n < SEEN_MAX * 3; n++) expect(told(n)).toBe('duplicate');
    expect(told(SEEN_MAX - 1)).toBe('new');
    expect([seen.older.length, seen.newer.length]).toEqual([SEEN_MAX * 2, 2]);
  });

  it('of a quiet account keeps an event for a window, whatever comes in between', () => {
    const seen = nothingSeen();
    sight(seen, '/s', 'e1', 1, START);
    expect(seen.since).toBe(START);
    sight(seen, '/s', 'e2', 1, START + SEEN_FOR - 1);
    expect(seen.newer).toHaveLength(4);
    sight(seen, '/s', 'e3', 1, START + SEEN_FOR);
    expect([seen.older.length, seen.newer.length]).toEqual([4, 2]);
    sight(seen, '/s', 'e4', 1, START + 3 * SEEN_FOR);
    expect([seen.older.length, seen.newer.length]).toEqual([0, 2]);
  });

  it('forgets what lies two windows of time back', () => {
    const seen = nothingSeen();
    sight(seen, '/s', 'e1', 1, START);
    sight(seen, '/s', 'e2', 1, START + SEEN_FOR);
    expect(sight(seen, '/s', 'e1', 1, START + SEEN_FOR)).toBe('duplicate');
    sight(seen, '/s', 'e3', 1, START + 3 * SEEN_FOR + days(1));
    expect(sight(seen, '/s', 'e1', 1, START + 3 * SEEN_FOR + days(1))).toBe('new');
  });
});

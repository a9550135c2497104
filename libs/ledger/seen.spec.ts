import fc from 'fast-check';
import { days } from '#kernel/time';
import { look, nothingSeen, remember, SEEN_FOR, SEEN_MAX } from '#ledger/seen';

const START = Date.UTC(2026, 5, 1);

describe('the memory of events', () => {
  it('knows the same source and id again, and whether the content is the same', () => {
    const seen = nothingSeen();
    expect(look(seen, '/shop', 'e1', 7)).toBe('new');
    remember(seen, '/shop', 'e1', 7, START);
    expect(look(seen, '/shop', 'e1', 7)).toBe('duplicate');
    expect(look(seen, '/shop', 'e1', 8)).toBe('conflict');
    expect(look(seen, '/other', 'e1', 7)).toBe('new');
    expect(look(seen, '/shop', 'e2', 7)).toBe('new');
  });

  it('never takes one event for another, and never forgets the newest of its window', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ minLength: 1, maxLength: 12 }), { maxLength: SEEN_MAX * 3 }), (ids) => {
        const seen = nothingSeen();
        ids.forEach((id, at) => {
          expect(look(seen, '/s', id, at)).toBe('new');
          remember(seen, '/s', id, at, START);
        });
        ids.slice(-SEEN_MAX).forEach((id) => expect(look(seen, '/s', id, ids.indexOf(id))).toBe('duplicate'));
        expect(seen.newer.length + seen.older.length).toBeLessThanOrEqual(SEEN_MAX * 2 * 12);
      }),
    );
  });

  it('forgets what lies two windows of time back', () => {
    const seen = nothingSeen();
    remember(seen, '/s', 'e1', 1, START);
    remember(seen, '/s', 'e2', 1, START + SEEN_FOR);
    expect(look(seen, '/s', 'e1', 1)).toBe('duplicate');
    remember(seen, '/s', 'e3', 1, START + 3 * SEEN_FOR + days(1));
    expect(look(seen, '/s', 'e1', 1)).toBe('new');
  });
});

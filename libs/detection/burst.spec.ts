import fc from 'fast-check';
import { minutes } from '#kernel/time';
import { MEMBERS_MAX, newBurst, noteMember, packBurst, unpackBurst } from '#detection/burst';

const windowMs = minutes(60);
const START = Date.UTC(2026, 4, 4, 8);

const tries = fc.array(
  fc.record({
    id: fc.integer({ min: 0, max: 400 }),
    minute: fc.integer({ min: 0, max: 200 }),
    mark: fc.constantFrom(1, 2, 4),
    stored: fc.boolean(),
  }),
  { minLength: 300, maxLength: 600 },
);

describe('a burst', () => {
  it('is the same whether or not it was stored between two tries, also beyond its bound', () => {
    fc.assert(
      fc.property(tries, (all) => {
        const kept = newBurst();
        let stored = newBurst();
        all.forEach(({ id, minute, mark, stored: goesOut }, n) => {
          noteMember(kept, id, START + minutes(minute), `e-${n}`, mark, windowMs);
          noteMember(stored, id, START + minutes(minute), `e-${n}`, mark, windowMs);
          if (goesOut) stored = unpackBurst(JSON.parse(JSON.stringify(packBurst(stored))) as never);
        });
        expect(packBurst(stored)).toEqual(packBurst(kept));
        expect(kept.members.length).toBeLessThanOrEqual(MEMBERS_MAX);
      }),
      { numRuns: 50 },
    );
  });

  it('keeps nobody who was last seen more than two windows before the newest', () => {
    const burst = newBurst();
    noteMember(burst, 1, START, 'e-1', 1, windowMs);
    noteMember(burst, 2, START + minutes(30), 'e-2', 1, windowMs);
    noteMember(burst, 1, START + minutes(60), 'e-3', 1, windowMs);
    noteMember(burst, 3, START + minutes(151), 'e-4', 1, windowMs);
    expect(burst.members.map(({ id }) => id)).toEqual([1, 3]);
  });
});

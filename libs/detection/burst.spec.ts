import { runs } from '#test/laws/runs';
import fc from 'fast-check';
import { minutes, NEVER } from '#kernel/time';
import {
  crossingOf,
  isBurstIdle,
  MEMBERS_MAX,
  membersOf,
  newBurst,
  noteMember,
  packBurst,
  sizeOf,
  unpackBurst,
  type Burst,
} from '#detection/burst';

const windowMs = minutes(60);
const START = Date.UTC(2026, 4, 4, 8);

const tries = fc.array(
  fc.record({
    id: fc.integer({ min: 0, max: 400 }),
    minute: fc.integer({ min: 0, max: 200 }),
    mark: fc.constantFrom(1, 2, 4),
    stored: fc.integer({ min: 0, max: 29 }).map((n) => n === 0),
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
      runs(30),
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

/** Tries by minute, of one member each; `e-n` is the nth. */
function burstOf(...told: readonly (readonly [id: number, minute: number, mark?: number])[]): Burst {
  const burst = newBurst();
  told.forEach(([id, minute, mark = 1], n) => noteMember(burst, id, START + minutes(minute), `e-${n}`, mark, windowMs));
  return burst;
}
const idsOf = ({ members }: Pick<Burst, 'members'>) => members.map(({ id }) => id);

describe('a member', () => {
  it('is known by its first try, its last, and all that became of it, in whatever order they are told', () => {
    const [member, ...others] = burstOf([7, 10, 2], [7, 5, 1], [7, 20, 4], [7, 15, 1]).members;
    expect(others).toEqual([]);
    expect(member).toEqual({ id: 7, firstAt: START + minutes(5), lastAt: START + minutes(20), eventId: 'e-1', mark: 7 });
  });

  it('first tried twice at one instant is known by the lesser event', () => {
    const first = (...ids: readonly string[]) => {
      const burst = newBurst();
      for (const id of ids) noteMember(burst, 7, START, id, 1, windowMs);
      return burst.members[0]!.eventId;
    };
    expect([first('e-1', 'e-2'), first('e-2', 'e-1'), first('e-1', 'e-1')]).toEqual(['e-1', 'e-1', 'e-1']);
  });

  it('goes once two windows have passed since its last try, not before', () => {
    expect(idsOf(burstOf([1, 0], [2, 120]))).toEqual([1, 2]);
    expect(idsOf(burstOf([1, 0], [2, 121]))).toEqual([2]);
    expect(idsOf(burstOf([1, 0], [2, 10], [1, 100], [3, 130], [4, 131]))).toEqual([1, 3, 4]);
    // Told late, it is already too old.
    expect(idsOf(burstOf([1, 200], [2, 79], [3, 80]))).toEqual([1, 3]);
  });
});

describe('a burst of more members than are kept', () => {
  const alike = (count: number, mark = 1) => Array.from({ length: count }, (_, n) => [n, n / 10, mark] as const);

  it('keeps the first, who are its evidence', () => {
    const burst = burstOf(...alike(MEMBERS_MAX), [-1, 60], [-2, 5]);
    expect(burst.members).toHaveLength(MEMBERS_MAX);
    expect(idsOf(burst)).not.toContain(-1);
    expect(idsOf(burst)).toContain(-2);
    expect(idsOf(burst)).not.toContain(MEMBERS_MAX - 1);
    expect(burst.newestAt).toBe(Math.max(...burst.members.map(({ lastAt }) => lastAt)));
  });

  it('lets one of another fate take the place of one of the many', () => {
    const burst = burstOf(...alike(MEMBERS_MAX), [-1, 60, 2]);
    expect(idsOf(burst)).toContain(-1);
    expect(idsOf(burst)).not.toContain(MEMBERS_MAX - 1);
  });
});

describe('a burst passes its threshold', () => {
  const all = () => true;
  const crossing = (burst: Burst, now = -NEVER, counts: Parameters<typeof crossingOf>[4] = all) => {
    const found = crossingOf(burst, 3, windowMs, now, counts);
    return found === null ? null : [(found.at - START) / minutes(1), ...found.eventIds];
  };

  it('when so many first tried within the window, its ends included', () => {
    expect(crossing(burstOf([1, 0], [2, 30], [3, 60]))).toEqual([60, 'e-0', 'e-1', 'e-2']);
    expect(crossing(burstOf([1, 0], [2, 30], [3, 61]))).toBeNull();
    expect(crossing(burstOf([1, 0], [2, 30]))).toBeNull();
    expect(crossing(burstOf([1, 0], [2, 50], [3, 100], [4, 105]))).toEqual([105, 'e-1', 'e-2', 'e-3']);
  });

  it('at the first time at which they did, told in any order, those alone that count', () => {
    expect(crossing(burstOf([4, 40], [3, 20], [2, 10], [1, 0]))).toEqual([20, 'e-3', 'e-2', 'e-1']);
    const marked = burstOf([1, 0, 2], [2, 1], [3, 2], [4, 3]);
    expect(crossing(marked, -NEVER, ({ mark }) => mark === 1)).toEqual([3, 'e-1', 'e-2', 'e-3']);
    expect(crossing(marked, -NEVER, ({ mark }) => mark === 2)).toBeNull();
  });

  it('and it stays so once nothing can come before it; until then an earlier try corrects it', () => {
    const burst = burstOf([1, 10], [2, 20], [3, 30]);
    expect(crossing(burst)).toEqual([30, 'e-0', 'e-1', 'e-2']);
    noteMember(burst, 4, START, 'late', 1, windowMs);
    expect(crossing(burst, START + minutes(30))).toEqual([20, 'late', 'e-0', 'e-1']);
    noteMember(burst, 5, START + minutes(1), 'later', 1, windowMs);
    expect(crossing(burst, START + minutes(21))).toEqual([20, 'late', 'e-0', 'e-1']);
  });

  it('and is another once two windows have passed since', () => {
    const burst = burstOf([1, 0], [2, 1], [3, 2]);
    crossing(burst);
    burst.said = 'said';
    noteMember(burst, 4, START + minutes(122), 'e-9', 1, windowMs);
    expect([burst.crossing?.at, burst.said]).toEqual([START + minutes(2), 'said']);
    noteMember(burst, 5, START + minutes(123), 'e-10', 1, windowMs);
    expect([burst.crossing, burst.said]).toEqual([null, '']);
  });

  it('with those from a window before to a window after it', () => {
    const burst = burstOf([1, 0], [2, 1], [3, 2], [4, 62], [5, 63]);
    expect(membersOf(burst, windowMs)).toEqual([]);
    crossing(burst);
    expect(membersOf(burst, windowMs).map(({ id }) => id)).toEqual([1, 2, 3, 4]);
    const early = burstOf([9, 0], [1, 59], [2, 60], [3, 61]);
    crossing(early, -NEVER, ({ id }) => id < 9);
    expect(membersOf(early, windowMs).map(({ id }) => id)).toEqual([1, 2, 3]);
  });
});

it('a burst is the same from its text, before and after it passed its threshold', () => {
  const burst = burstOf([1, 0, 2], [2, 30], [2, 45], [3, 59, 4]);
  const through = () => unpackBurst(JSON.parse(JSON.stringify(packBurst(burst))) as never);
  expect(through()).toEqual(burst);
  crossingOf(burst, 3, windowMs, -NEVER, () => true);
  burst.said = 'said';
  expect(burst.crossing).not.toBeNull();
  expect(through()).toEqual(burst);
  expect(unpackBurst(packBurst(newBurst()))).toEqual(newBurst());
});

it('a size is said in powers of two of the threshold', () => {
  expect([5, 9, 10, 19, 20, 256].map((count) => sizeOf(count, 5))).toEqual([5, 5, 10, 10, 20, 160]);
});

it('a burst is idle when all of it lies two windows back', () => {
  const burst = burstOf([1, 0], [2, 10]);
  expect(isBurstIdle(burst, START + minutes(130), windowMs)).toBe(false);
  expect(isBurstIdle(burst, START + minutes(130) + 1, windowMs)).toBe(true);
  expect(isBurstIdle(newBurst(), START, windowMs)).toBe(true);
});

import * as fc from 'fast-check';

import { DueKeys } from '#apps/makewhole/verify/due-keys';

describe('the queue of due keys', () => {
  it('gives each key once, at the time that was set last, earliest first', () => {
    const settings = fc.array(fc.tuple(fc.integer({ min: 0, max: 20 }).map(String), fc.integer({ min: 0, max: 1_000 })));
    fc.assert(
      fc.property(settings, fc.integer({ min: 0, max: 1_000 }), (set, until) => {
        const due = new DueKeys();
        for (const [key, at] of set) due.set(key, at);
        const popped: { key: string; at: number }[] = [];
        for (let next = due.pop(until); next; next = due.pop(until)) popped.push(next);
        const expected = [...new Map(set)].filter(([, at]) => at <= until).map(([key, at]) => ({ key, at }));
        expect(popped.map(({ at }) => at)).toEqual(expected.map(({ at }) => at).sort((a, b) => a - b));
        expect(new Set(popped.map(({ key, at }) => `${key} ${at}`))).toEqual(
          new Set(expected.map(({ key, at }) => `${key} ${at}`)),
        );
      }),
    );
  });
});

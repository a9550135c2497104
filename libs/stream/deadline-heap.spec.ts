import fc from 'fast-check';
import { DeadlineHeap } from '#stream/deadline-heap';

const entries = fc.array(fc.tuple(fc.integer({ min: 0, max: 20 }), fc.constantFrom('a', 'b', 'c', 'd')), { maxLength: 60 });
const sorted = (list: readonly (readonly [number, string])[]) =>
  [...list].sort(([one, key], [other, otherKey]) => one - other || (key < otherKey ? -1 : key > otherKey ? 1 : 0));

function drain(heap: DeadlineHeap): [number, string][] {
  const out: [number, string][] = [];
  for (; heap.size > 0; heap.pop()) out.push([heap.next, heap.nextKey!]);
  return out;
}

describe('a heap of deadlines', () => {
  it('gives the earliest first and ties by key, whatever the order of pushing', () => {
    fc.assert(
      fc.property(entries, (list) => {
        const heap = new DeadlineHeap();
        for (const [deadline, key] of list) heap.push(deadline, key);
        expect(drain(heap)).toEqual(sorted(list));
      }),
    );
  });

  it('visits all that is due and nothing else, up to the limit', () => {
    fc.assert(
      fc.property(entries, fc.integer({ min: 0, max: 20 }), fc.integer({ min: 1, max: 10 }), (list, until, limit) => {
        const heap = new DeadlineHeap();
        for (const [deadline, key] of list) heap.push(deadline, key);
        const seen: string[] = [];
        heap.visitDue(until, limit, (key) => seen.push(key));
        const due = list.filter(([deadline]) => deadline <= until).map(([, key]) => key);
        expect(seen).toHaveLength(Math.min(limit, due.length));
        heap.visitDue(until, Number.POSITIVE_INFINITY, (key) => expect(due).toContain(key));
      }),
    );
  });

  it('keeps its order after entries were dropped', () => {
    fc.assert(
      fc.property(entries, (list) => {
        const heap = new DeadlineHeap();
        for (const [deadline, key] of list) heap.push(deadline, key);
        heap.keep((deadline) => deadline % 2 === 0);
        expect(drain(heap)).toEqual(sorted(list.filter(([deadline]) => deadline % 2 === 0)));
      }),
    );
  });
});

import { emptyShapes, shapeDistance, shapeLength } from '#detection/statistics/shape-memory';

/** What was answered for each value. */
const distances = (values: readonly number[], memory = emptyShapes()) => values.map((value) => shapeDistance(memory, value));
const constant = (count: number, value = 5) => Array<number>(count).fill(value);

describe('how unlike any before the newest values are', () => {
  it('is not known before ten windows, each seven values apart, were kept', () => {
    // The first window is full at the eighth value, the first one is kept at the seventh that is.
    const first = distances(constant(100)).findIndex((distance) => distance !== undefined);
    expect(first).toBe(shapeLength - 1 + 70);
  });

  it('is nothing for what always was so, and the sum of the differences for what was not', () => {
    const memory = emptyShapes();
    expect(distances(constant(200), memory).at(-1)).toBe(0);
    expect(shapeDistance(memory, 8)).toBe(3);
    expect(shapeDistance(memory, 1)).toBe(7);
  });

  it('is that to the third nearest: the like of one odd window in the past is odd again', () => {
    const odd = (count: number): number | undefined => {
      const shapes = [...Array.from({ length: 20 }, () => constant(8)), ...Array.from({ length: count }, () => constant(8, 9))];
      return shapeDistance({ recent: constant(7, 9), shapes, seen: 0 }, 9);
    };
    expect([odd(0), odd(1), odd(2), odd(3)]).toEqual([32, 32, 32, 0]);
  });

  it('is that to the third nearest of those kept, as sorting them all has it', () => {
    const memory = emptyShapes();
    const values = Array.from({ length: 160 }, (_, at) => ((at * 37) % 101) + ((at * at) % 13));
    for (const value of values) {
      const known = memory.shapes.map((shape) => [...shape]);
      const distance = shapeDistance(memory, value);
      if (distance === undefined) continue;
      const apart = known.map((shape) => shape.reduce((sum, one, at) => sum + Math.abs(one - memory.recent[at]!), 0));
      expect(distance).toBe(apart.sort((one, other) => one - other)[2]);
    }
  });

  it('is not remembered of the oldest, once 128 are kept', () => {
    const shapes = Array.from({ length: 127 }, (_, at) => constant(8, at));
    const memory = { recent: constant(7, 500), shapes, seen: 6 };
    shapeDistance(memory, 500);
    expect([shapes.length, shapes[0]![0], shapes.at(-1)![0], memory.seen]).toEqual([128, 0, 500, 7]);
    distances(constant(7, 600), memory);
    expect([shapes.length, shapes[0]![0], shapes.at(-1)![7], memory.seen]).toEqual([128, 1, 600, 14]);
  });

  it('is remembered of 128 windows, the newest, to six digits', () => {
    const memory = emptyShapes();
    const values = Array.from({ length: 1_200 }, (_, at) => at + 1 / 3);
    distances(values, memory);
    expect(memory.shapes).toHaveLength(128);
    expect(memory.shapes.at(-1)![0]).toBe(Number((1_189 + 1 / 3).toPrecision(6)));
    expect(memory.shapes.every(({ length }) => length === shapeLength)).toBe(true);
    expect(memory.recent).toHaveLength(shapeLength);
  });
});

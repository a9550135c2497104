import { sixDigits } from '#detection/statistics/six-digits';

/** Windows of a series, kept as the values themselves (six digits): the newest values, and windows that lie apart in time. */
export interface ShapeMemory {
  recent: number[];
  shapes: number[][];
  seen: number;
}

export const emptyShapes = (): ShapeMemory => ({ recent: [], shapes: [], seen: 0 });

/** Values in a window. 6 to 12 differ by less than 2 points of NAB. */
export const shapeLength = 8;
/** Windows kept, the oldest forgotten first: 900 numbers. 64 and 200 differ by less than 1 point of NAB. */
const shapesKept = 128;
/** Values between two kept windows, so that they hardly overlap and the memory is long. */
const stride = 7;
/** The distance to the third nearest: one odd window in the past does not make its like normal. */
const neighbour = 3;
/** Windows before a distance means anything. */
const shapesNeeded = 10;

/**
 * How far the newest window is from the third nearest of those kept (sum of absolute differences, unit of the value): a pattern never
 * seen is far from all. `undefined` until enough windows are known. Then the value is learnt.
 */
export function shapeDistance(memory: ShapeMemory, value: number): number | undefined {
  const { recent, shapes } = memory;
  recent.push(sixDigits(value));
  if (recent.length > shapeLength) recent.shift();
  if (recent.length < shapeLength) return undefined;
  memory.seen += 1;
  const distance = shapes.length < shapesNeeded ? undefined : nearest(shapes, recent);
  if (memory.seen % stride === 0) {
    shapes.push([...recent]);
    if (shapes.length > shapesKept) shapes.shift();
  }
  return distance;
}

/** Looked up once: a global is slow to reach from inside a test's context. */
const { abs } = Math;

function nearest(shapes: readonly (readonly number[])[], recent: readonly number[]): number {
  const best: number[] = Array<number>(neighbour).fill(Infinity);
  for (const shape of shapes) {
    let distance = 0;
    const worst = best[neighbour - 1] as number;
    for (let at = 0; at < shapeLength && distance < worst; at += 1) {
      distance += abs((shape[at] as number) - (recent[at] as number));
    }
    if (distance >= worst) continue;
    let place = neighbour - 1;
    for (; place > 0 && (best[place - 1] as number) > distance; place -= 1) best[place] = best[place - 1] as number;
    best[place] = distance;
  }
  return best[neighbour - 1] as number;
}

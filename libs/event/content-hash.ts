import { finishHash, hashText, mixBlock } from '#kernel/hash';
import { dataFieldNames } from '#event/field-names';

/** JSON nested deeper than this is no event of ours; the bound keeps every later walk off the end of the stack. */
export const NESTING_MAX = 64;

/** What `hashContent` answers for a value nested deeper than `NESTING_MAX`. */
export const TOO_DEEP = -1;

/**
 * 32 bits (unsigned) over a JSON object, whatever the order of its fields. Two contents that differ get the same hash, and a
 * conflicting redelivery then passes for a plain one, with odds of 1 in 4.3 · 10^9.
 */
export function hashContent(value: object): number {
  tooDeep = false;
  const hash = hashFields(value, NESTING_MAX);
  return tooDeep ? TOO_DEEP : hash >>> 0;
}

/** Of the walk in progress: a result type with a failure would cost the hot path a check a value. */
let tooDeep = false;

const nameHashes: ReadonlyMap<string, number> = new Map(dataFieldNames.map((name) => [name, hashText(name, 0)]));
const STRING = 0x5354_5249;
const NUMBER = 0x4e55_4d42;
const ARRAY = 0x4152_5259;
const OBJECT = 0x4f42_4a45;
const TRUE = 0x5452_5545;
const FALSE = 0x4641_4c53;
const NULL = 0x4e55_4c4c;

/** Fields are summed, so that their order does not count; each is mixed with its name before. */
function hashFields(value: object, depthLeft: number): number {
  if (depthLeft === 0) return refuse();
  const fields = value as Readonly<Record<string, unknown>>;
  let sum = OBJECT;
  for (const name in fields) {
    const nameHash = nameHashes.get(name) ?? hashText(name, 0);
    sum = (sum + finishHash(mixBlock(nameHash, hashValue(fields[name], depthLeft)))) | 0;
  }
  return sum;
}

function hashItems(items: readonly unknown[], depthLeft: number): number {
  if (depthLeft === 0) return refuse();
  let hash = ARRAY;
  for (const item of items) hash = mixBlock(hash, hashValue(item, depthLeft));
  return finishHash(hash ^ items.length);
}

function hashValue(value: unknown, depthLeft: number): number {
  if (typeof value === 'string') return hashText(value, STRING);
  if (typeof value === 'number') return hashNumber(value);
  if (typeof value === 'object' && value !== null)
    return Array.isArray(value) ? hashItems(value, depthLeft - 1) : hashFields(value, depthLeft - 1);
  if (value === null) return NULL;
  return value === true ? TRUE : FALSE;
}

const double = new Float64Array(1);
const halves = new Int32Array(double.buffer);

function hashNumber(value: number): number {
  double[0] = value + 0; // -0 and 0 are one amount: adding 0 makes them one bit pattern.
  return finishHash(mixBlock(mixBlock(NUMBER, halves[0] ?? 0), halves[1] ?? 0));
}

function refuse(): number {
  tooDeep = true;
  return 0;
}

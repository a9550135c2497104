/** Configuration as it is read, before it is checked. */
export type Tree = Record<string, unknown>;

export const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value);

/** What `over` says wins, at every depth; lists are replaced, not joined. */
export function overlay(base: Tree, over: Tree): Tree {
  const result: Tree = { ...base };
  for (const [name, value] of Object.entries(over)) {
    const below = result[name];
    result[name] = isTree(value) && isTree(below) ? overlay(below, value) : value;
  }
  return result;
}

/** Freezes every level. */
export function freezeTree<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) freezeTree(inner);
  }
  return value;
}

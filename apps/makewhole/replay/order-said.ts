import type { Said } from '#apps/makewhole/replay/account-replay';

/**
 * In the order in which things became true; what became true at one instant, by key, and for one key in the order in which it was
 * said. So the interleaving of accounts in the input does not show.
 */
export function orderSaid<One extends Pick<Said, 'key' | 'at'>>(said: readonly One[]): One[] {
  return [...said].sort((one, other) => one.at - other.at || (one.key < other.key ? -1 : one.key > other.key ? 1 : 0));
}

import type { InstantMs } from '#kernel/time';
import type { Habit, Place, Profile } from '#ledger/profile';

/**
 * Whose device and network an act came from: both the buyer's `own`; both named and neither (`strange`); one of them (`mixed`); or neither
 * named (`unknown`).
 */
export type Whose = 'own' | 'strange' | 'mixed' | 'unknown';

/**
 * A device or network is the buyer's once it was used for a while, so that a thief who waits a day stays a stranger; at once where
 * it is the first one of the account, or where a step-up passed on it.
 */
export function whoseIs(
  { devices, networks, acts }: Profile,
  { deviceId, network }: Place,
  at: InstantMs,
  { ownAfterMs }: { readonly ownAfterMs: number },
): Whose {
  if (deviceId === '' && network === '') return 'unknown';
  const isProven = acts.some(
    ({ kind, at: provenAt, place }) =>
      kind === 'step-up' && provenAt <= at && place.deviceId === deviceId && place.network === network,
  );
  const isOwnDevice = deviceId === '' || isProven || isSettled(devices, deviceId, at, ownAfterMs);
  const isOwnNetwork = network === '' || isProven || isSettled(networks, network, at, ownAfterMs);
  if (isOwnDevice && isOwnNetwork) return 'own';
  return !isOwnDevice && !isOwnNetwork ? 'strange' : 'mixed';
}

function isSettled(habits: readonly Habit[], id: string, at: InstantMs, ownAfterMs: number): boolean {
  const habit = habits.find((known) => known.id === id);
  if (habit === undefined || habit.firstAt >= at) return false;
  return at - habit.firstAt >= ownAfterMs || habits.every(({ firstAt }) => firstAt >= habit.firstAt);
}

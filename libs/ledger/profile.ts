import type { InstantMs } from '#kernel/time';

/** A device or a network of the buyer's, with the first and the last time it was used. */
export interface Habit {
  readonly id: string;
  firstAt: InstantMs;
  lastAt: InstantMs;
}

/** Where an act came from; text is empty, a place NaN, where the event did not say. */
export interface Place {
  readonly deviceId: string;
  readonly network: string;
  readonly country: string;
  readonly lat: number;
  readonly lon: number;
}

export interface LogIn {
  readonly at: InstantMs;
  readonly place: Place;
  readonly eventId: string;
}

/** `credential`: a reset password or a changed second factor, `phishing`: its report, `profile`: contact, address or payout. */
export type ActKind = 'credential' | 'phishing' | 'step-up' | 'profile';

/** An act on the account that a takeover is made of, or that answers the suspicion. */
export interface Act {
  readonly kind: ActKind;
  readonly at: InstantMs;
  readonly place: Place;
  readonly eventId: string;
}

export interface Travel {
  readonly country: string;
  readonly from: InstantMs;
  readonly to: InstantMs;
}

/** A failed log-in; entries of one instant are one. */
export type FailedLogIn = InstantMs;

/** How the buyer uses the account. Every list is by time and bounded by `PROFILE_MAX`. */
export interface Profile {
  /** The least recently used go first. */
  devices: Habit[];
  networks: Habit[];
  logIns: LogIn[];
  failedLogIns: FailedLogIn[];
  acts: Act[];
  travels: Travel[];
  /** The newest time at which part of a takeover may have happened: most accounts have none and are passed over at once. */
  suspectAt: InstantMs;
}

export const PROFILE_MAX = { habits: 12, logIns: 8, failedLogIns: 10, acts: 24, travels: 4 } as const;

export const newProfile = (): Profile => ({
  devices: [],
  networks: [],
  logIns: [],
  failedLogIns: [],
  acts: [],
  travels: [],
  suspectAt: -Infinity,
});

/** Known: used before that instant. */
export const isKnownBefore = (habits: readonly Habit[], id: string, at: InstantMs): boolean =>
  habits.some((habit) => habit.id === id && habit.firstAt < at);

/** Notes a use; answers whether it was the first one known of. */
export function noteUse(habits: Habit[], id: string, at: InstantMs): boolean {
  if (id === '') return false;
  for (const habit of habits) {
    if (habit.id !== id) continue;
    if (at > habit.lastAt) habit.lastAt = at;
    if (at >= habit.firstAt) return false;
    habit.firstAt = at;
    return true;
  }
  if (habits.length >= PROFILE_MAX.habits) forgetLeastRecent(habits);
  habits.push({ id, firstAt: at, lastAt: at });
  return true;
}

function forgetLeastRecent(habits: Habit[]): void {
  let oldest = 0;
  habits.forEach((habit, index) => {
    if (habit.lastAt < (habits[oldest] as Habit).lastAt) oldest = index;
  });
  habits.splice(oldest, 1);
}

/** Inserts by time and id; what stands there already is not doubled; beyond `max` the oldest goes. */
export function insertByTime<Item extends { readonly at: InstantMs; readonly eventId: string }>(
  items: Item[],
  item: Item,
  max: number,
): void {
  let at = items.length;
  for (; at > 0; at--) {
    const other = items[at - 1] as Item;
    if (other.at < item.at || (other.at === item.at && other.eventId < item.eventId)) break;
    if (other.at === item.at && other.eventId === item.eventId) return;
  }
  items.splice(at, 0, item);
  if (items.length > max) items.shift();
}

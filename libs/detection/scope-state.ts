import { hashText } from '#kernel/hash';
import { days, minutes, type InstantMs, NEVER } from '#kernel/time';
import type { AnyScopeDetector } from '#detection/scope-detector';
import type { Scope } from '#detection/scope-event';
import type { Told } from '#detection/told';

/** Everything that is kept of one key of a scope. */
export interface ScopeEntry {
  readonly key: string;
  /** Each detector's own, in the order of the scope's detectors; undefined before it heard of the key. */
  readonly parts: unknown[];
  told: Told[];
  /** Newest event time. */
  lastAt: InstantMs;
}

/**
 * What the runtime stores under one key: one entry, or for networks, whose keys are without number, a shelf of many small ones of
 * which those that matter no more are dropped.
 */
export interface ScopeState {
  readonly scope: Scope;
  readonly entries: Map<string, ScopeEntry>;
  sweptAt: InstantMs;
}

/** Networks in memory at most: shelves times their room. The least recently heard of go first. */
const SHELVES = 256;
export const SHELF_MAX = 1_024;
/** Findings remembered a key; what was told before that and is told again is told under the same id. */
export const TOLD_MAX = 32;
export const TOLD_FOR = days(30);

/** The key under which a scope's key is stored, and by which it is sent. */
export function stateKeyOf(scope: Scope, key: string): string {
  if (scope !== 'network') return `${scope}/${key}`;
  return `network/~${(hashText(key, 0x5ca1ab1e) >>> 0) % SHELVES}`;
}

/** Keys of one group are sent together. Fixed, so that a key stays where it is. */
const GROUPS = 8;
export const groupOf = (stateKey: string): string => `scopes-${(hashText(stateKey, 0x0ddba11) >>> 0) % GROUPS}`;

export const newScopeState = (stateKey: string): ScopeState => ({
  scope: stateKey.slice(0, stateKey.indexOf('/')) as Scope,
  entries: new Map(),
  sweptAt: -NEVER,
});

/** The entry of a key, made where there is none; a shelf is swept now and then. */
export function entryOf(
  state: ScopeState,
  key: string,
  at: InstantMs,
  detectors: readonly AnyScopeDetector[],
  now: InstantMs,
): ScopeEntry {
  let entry = state.entries.get(key);
  if (entry === undefined) {
    if (state.scope === 'network') sweep(state, detectors, now);
    entry = { key, parts: new Array<unknown>(detectors.length), told: [], lastAt: at };
    state.entries.set(key, entry);
  } else if (at > entry.lastAt) entry.lastAt = at;
  return entry;
}

/** Drops what is idle, every ten minutes or when the shelf is full; and then the least recent eighth, if that was not enough. */
function sweep(state: ScopeState, detectors: readonly AnyScopeDetector[], now: InstantMs): void {
  if (state.entries.size < SHELF_MAX && now < state.sweptAt + minutes(10)) return;
  state.sweptAt = now;
  for (const [key, entry] of state.entries) {
    trimTold(entry, now);
    if (entry.told.length === 0 && isIdle(entry, detectors, now)) state.entries.delete(key);
  }
  if (state.entries.size < SHELF_MAX) return;
  const oldest = [...state.entries.values()].sort((one, other) => one.lastAt - other.lastAt || (one.key < other.key ? -1 : 1));
  for (const { key } of oldest.slice(0, SHELF_MAX / 8)) state.entries.delete(key);
}

const isIdle = ({ parts }: ScopeEntry, detectors: readonly AnyScopeDetector[], now: InstantMs): boolean =>
  detectors.every((detector, at) => parts[at] === undefined || detector.isIdle?.(parts[at], now) === true);

/** Forgets the oldest findings once they are too many or old and closed. */
export function trimTold(entry: ScopeEntry, now: InstantMs): void {
  if (entry.told.length === 0) return;
  if (entry.told.length > TOLD_MAX) entry.told = entry.told.slice(-TOLD_MAX);
  if (entry.told[0]!.at < now - TOLD_FOR) entry.told = entry.told.filter(({ at }) => at >= now - TOLD_FOR);
}

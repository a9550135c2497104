import { NEVER, seconds, type InstantMs } from '#kernel/time';
import type { Cell } from '#ledger/packing';
import type { Claim } from '#detection/claim';
import type { ScopeClaim, ScopeDetector, ScopeView } from '#detection/scope-detector';
import type { SlimEvent } from '#detection/scope-event';

export interface Driven<State> {
  readonly state: State;
  /** Each time something was said, and the watermark at which it was. */
  readonly said: readonly (ScopeClaim & { readonly saidAt: InstantMs })[];
}

/**
 * Drives a scope detector over one key's events as the runtime does: deadlines up to the watermark fire before each event, and up to
 * `until` after the last. With `storedEvery` the state is written and read again after so many events.
 */
export function driveScope<State>(
  detector: ScopeDetector<State>,
  key: string,
  events: readonly SlimEvent[],
  { until = -NEVER, storedEvery = 0 }: { until?: InstantMs; storedEvery?: number } = {},
): Driven<State> {
  let state = detector.newState(key);
  const said: (ScopeClaim & { saidAt: InstantMs })[] = [];
  const view = {
    key,
    now: -NEVER,
    shared: (): never => {
      throw new Error('this detector shares nothing');
    },
    say: (claim: ScopeClaim) => void said.push({ ...claim, saidAt: view.now }),
    score: () => undefined,
  } satisfies ScopeView & { now: InstantMs };
  const advance = (now: InstantMs): void => {
    if (now > view.now) view.now = now;
    for (let due = detector.nextDeadline?.(state) ?? NEVER; due <= view.now; due = detector.nextDeadline?.(state) ?? NEVER)
      detector.fire?.(state, due, view);
  };
  for (const [at, event] of events.entries()) {
    advance(event.at - seconds(60));
    detector.apply(state, event, view);
    if (storedEvery > 0 && at % storedEvery === 0)
      state = detector.decode(JSON.parse(JSON.stringify(detector.encode(state))) as Cell, key);
  }
  advance(until);
  return { state, said };
}

export const isOpenClaim = ({ clearedAt }: Pick<Claim, 'clearedAt'>): boolean => clearedAt === NEVER;

import { NEVER, seconds, type InstantMs } from '#kernel/time';
import type { Cell } from '#ledger/packing';
import type { Claim } from '#detection/claim';
import { findingEmission, scoreEmission, type Emission } from '#detection/emission';
import { modeOf, type DetectorModes } from '#detection/mode';
import type { AnyScopeDetector, ScopeClaim, ScopeView } from '#detection/scope-detector';
import { unpackSlimEvent, type SlimEvent } from '#detection/scope-event';
import { newScopeShared, type ScopeShared, SharedText } from '#detection/scope-shared';
import { entryOf, newScopeState, stateKeyOf, trimTold, type ScopeEntry, type ScopeState } from '#detection/scope-state';
import { ScopeText } from '#detection/scope-text';
import { tellDifferences, type Told } from '#detection/told';

/** A record of slim events; libs/stream/slim-record.ts makes them and takes them apart. */
interface RecordBytes {
  readonly value: Buffer | null;
}
interface Origin {
  readonly stream: string;
  readonly position: number;
}
interface FiredDeadline {
  readonly name: string;
  readonly subject: string;
  readonly at: InstantMs;
}

export interface ScopeStageOptions {
  /** How far events may lie apart from the order of their times. */
  readonly latenessMs?: number;
  /** The rows of a record, each with the offset of its source first. */
  readonly unpack?: (value: Buffer | null) => { readonly origin: Origin; readonly rows: readonly (readonly Cell[])[] };
  /** Say each score, as a replay does; without it scores only make findings. */
  readonly tellsScores?: boolean;
  readonly modes?: DetectorModes;
}

const APPLIED = { kind: 'applied' } as const;
const NONE: readonly FiredDeadline[] = [];
const refuse = (): never => {
  throw new Error('this stage reads no records');
};

/**
 * Slim events of merchants, networks, operators and routes, folded by scope key. A `Stage` of the runtime by shape, as the account
 * stage is. All its states are stored together, since its detectors may learn from any event into what their keys share.
 */
export function scopeStage(detectors: readonly AnyScopeDetector[], options: ScopeStageOptions = {}) {
  const listeners = listenersByScope(detectors);
  const text = new ScopeText(listeners);
  const sharedText = new SharedText(detectors);
  const { unpack = refuse, tellsScores = false, modes = {}, latenessMs = seconds(60) } = options;

  let entry = undefined as unknown as ScopeEntry;
  let common = undefined as unknown as ScopeShared;
  let scope: ScopeState['scope'] = 'merchant';
  let out = undefined as unknown as Emission[];
  const view: ScopeView & { key: string; now: InstantMs } = {
    key: '',
    now: -NEVER,
    shared: (part) => sharedText.partOf(common, part),
    say: (claim) => say(claim),
    score: tellsScores ? (score) => void out.push(scoreEmission(score)) : undefined,
  };

  const say = (claim: ScopeClaim): void => {
    const mode = modeOf(modes, claim.kind);
    if (mode === 'off') return;
    const { accountId } = claim;
    const subject = accountId ?? `${scope}/${entry.key}`;
    const whole: Claim = {
      ...claim,
      ...(accountId === undefined ? { scope: { kind: scope, key: entry.key } } : {}),
      ...(mode === 'shadow' ? { mode } : {}),
    };
    const speaker = { detector: claim.kind, subject, accountId: subject, knowsSince: NEVER };
    tellDifferences(entry.told, speaker, [whole], (told: Told) => out.push(findingEmission(told, subject, [])));
    trimTold(entry, view.now);
  };

  const enter = (state: ScopeState, of: ScopeEntry, shared: ScopeShared, now: InstantMs, emissions: Emission[]): void => {
    entry = of;
    scope = state.scope;
    common = shared;
    out = emissions;
    view.key = of.key;
    view.now = now;
  };

  /** Of those whose states have deadlines: a shelf of networks has none. */
  const nextDeadline = (state: ScopeState): InstantMs => {
    const { all } = listeners[state.scope];
    let next = NEVER;
    if (state.scope === 'network') return next;
    for (const { parts } of state.entries.values())
      for (let at = 0; at < all.length; at++) next = Math.min(next, deadlineOf(all[at]!, parts[at]));
    return next;
  };

  return {
    name: 'scope',
    latenessMs,
    storesTogether: true,

    decode({ value }: RecordBytes) {
      const { origin, rows } = unpack(value);
      const parts = rows.map((cells) => {
        const event = unpackSlimEvent(cells, 1);
        return { key: stateKeyOf(event.scope, event.key), at: event.at, event };
      });
      return { kind: 'batch' as const, origin, parts };
    },

    admit(shared: ScopeShared, { stream, position }: Origin): boolean {
      if (position <= (shared.newest.get(stream) ?? -1)) return false;
      shared.newest.set(stream, position);
      return true;
    },

    newState: newScopeState,
    newShared: newScopeShared,
    /** Checkpoints hold all of it: a refold needs no marks. */
    sharedVersion: (): number => 0,

    apply(
      state: ScopeState,
      event: SlimEvent,
      shared: ScopeShared,
      watermark: InstantMs,
      _record: unknown,
      emissions: Emission[],
    ) {
      const { all, byType } = listeners[event.scope];
      const heard = byType[event.type];
      if (heard === undefined) return APPLIED;
      const now = Math.max(watermark, -8_640_000_000_000);
      const of = entryOf(state, event.key, event.at, all, now);
      enter(state, of, shared, now, emissions);
      for (const at of heard) all[at]!.apply((of.parts[at] ??= all[at]!.newState(event.key)), event, view);
      return APPLIED;
    },

    nextDeadline,

    fire(state: ScopeState, shared: ScopeShared, until: InstantMs, emissions: Emission[]): readonly FiredDeadline[] {
      if (nextDeadline(state) > until) return NONE;
      const { all } = listeners[state.scope];
      const fired: FiredDeadline[] = [];
      for (const of of state.entries.values()) {
        enter(state, of, shared, until, emissions);
        for (let next = earliest(all, of); next.at <= until; next = earliest(all, of)) {
          all[next.detector]!.fire?.(of.parts[next.detector], next.at, view);
          fired.push({ name: all[next.detector]!.name, subject: of.key, at: next.at });
        }
      }
      return fired;
    },

    encode: (state: ScopeState): string => text.encode(state),
    decodeState: (encoded: string, key: string): ScopeState => text.decode(encoded, key),
    encodeShared: (shared: ScopeShared): string => sharedText.encode(shared),
    decodeShared: (encoded: string): ScopeShared => sharedText.decode(encoded),
  };
}

export interface Listeners {
  readonly all: readonly AnyScopeDetector[];
  /** Places in `all`. */
  readonly byType: Readonly<Record<string, readonly number[]>>;
}

function listenersByScope(detectors: readonly AnyScopeDetector[]): Readonly<Record<ScopeState['scope'], Listeners>> {
  const of = (scope: ScopeState['scope']): Listeners => {
    const all = detectors.filter((detector) => detector.scope === scope);
    const byType: Record<string, number[]> = {};
    all.forEach(({ listens, name, nextDeadline, isIdle }, at) => {
      if (scope === 'network' && (nextDeadline !== undefined || isIdle === undefined))
        throw new Error(`${name}: a detector of networks has no deadlines and says when a state is idle`);
      for (const type of listens) (byType[type] ??= []).push(at);
    });
    return { all, byType };
  };
  return { merchant: of('merchant'), network: of('network'), operator: of('operator'), route: of('route') };
}

const deadlineOf = (detector: AnyScopeDetector, part: unknown): InstantMs =>
  part === undefined ? NEVER : (detector.nextDeadline?.(part) ?? NEVER);

/** By time; at one instant in the order of the detectors. */
function earliest(
  all: readonly AnyScopeDetector[],
  { parts }: ScopeEntry,
): { readonly at: InstantMs; readonly detector: number } {
  let first = { at: NEVER, detector: -1 };
  all.forEach((detector, at) => {
    const due = deadlineOf(detector, parts[at]);
    if (due < first.at) first = { at: due, detector: at };
  });
  return first;
}

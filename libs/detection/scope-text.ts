import { NEVER } from '#kernel/time';
import type { Cell } from '#ledger/packing';
import type { Scope } from '#detection/scope-event';
import type { Listeners } from '#detection/scope-stage';
import { newScopeState, type ScopeState } from '#detection/scope-state';
import type { Told } from '#detection/told';

/** Bumped when the layout changes; a state of another layout is refused instead of being guessed at. */
const LAYOUT = 1;

/** Cells of an entry: key, newest time, each detector's own under its name, what was told. */
type EntryCells = readonly [key: string, lastAt: number, parts: readonly (readonly [string, Cell])[], told?: readonly Told[]];

/** A state of the scope stage as JSON. A detector finds its own by its name: one that was off, is new or has heard nothing begins anew. */
export class ScopeText {
  constructor(private readonly listeners: Readonly<Record<Scope, Listeners>>) {}

  encode({ scope, entries, sweptAt }: ScopeState): string {
    const { all } = this.listeners[scope];
    const rows = [...entries.values()].map(({ key, lastAt, parts, told }): EntryCells => {
      const own: [string, Cell][] = [];
      for (let at = 0; at < all.length; at++) if (parts[at] !== undefined) own.push([all[at]!.name, all[at]!.encode(parts[at])]);
      return told.length === 0 ? [key, lastAt, own] : [key, lastAt, own, told];
    });
    return JSON.stringify([LAYOUT, sweptAt === -NEVER ? null : sweptAt, rows]);
  }

  decode(text: string, stateKey: string): ScopeState {
    const [layout, sweptAt, rows] = JSON.parse(text) as [number, number | null, readonly EntryCells[]];
    if (layout !== LAYOUT)
      throw new Error(`state of ${stateKey} has layout ${layout}, expected ${LAYOUT}: rebuild it from the log`);
    const state = newScopeState(stateKey);
    state.sweptAt = sweptAt ?? -NEVER;
    const { all } = this.listeners[state.scope];
    for (const [key, lastAt, own, told = []] of rows) {
      const stored = new Map(own);
      const parts = all.map((detector) => {
        const cell = stored.get(detector.name);
        return cell === undefined ? undefined : detector.decode(cell, key);
      });
      state.entries.set(key, { key, parts, told: [...told], lastAt });
    }
    return state;
  }
}

import type { Cell } from '#ledger/packing';
import type { AnyScopeDetector, SharedPart } from '#detection/scope-detector';

/** What the keys of one partition of `scope-events` have in common. */
export interface ScopeShared {
  /** The newest position told by each stream: at or below it is a repeat. */
  readonly newest: Map<string, number>;
  readonly parts: Map<string, unknown>;
  /** Parts as they were stored, until somebody asks for them. */
  readonly stored: Map<string, Cell>;
}

export const newScopeShared = (): ScopeShared => ({ newest: new Map(), parts: new Map(), stored: new Map() });

/** Shared state as text: streams, then the parts by name. */
export class SharedText {
  private readonly known = new Map<string, SharedPart<unknown>>();

  constructor(detectors: readonly AnyScopeDetector[]) {
    for (const { uses = [] } of detectors) for (const part of uses) this.known.set(part.name, part);
  }

  partOf<Part>(shared: ScopeShared, part: SharedPart<Part>): Part {
    const held = shared.parts.get(part.name) as Part | undefined;
    if (held !== undefined) return held;
    if (!this.known.has(part.name)) throw new Error(`no detector says that it uses the shared part ${part.name}`);
    const stored = shared.stored.get(part.name);
    const opened = stored === undefined ? part.create() : part.decode(stored);
    shared.parts.set(part.name, opened);
    return opened;
  }

  encode({ newest, parts, stored }: ScopeShared): string {
    const cells = new Map<string, Cell>(stored);
    for (const [name, part] of parts) cells.set(name, this.known.get(name)!.encode(part));
    return JSON.stringify([[...newest].sort(byName), [...cells].sort(byName)]);
  }

  decode(text: string): ScopeShared {
    const [newest, stored] = JSON.parse(text) as [[string, number][], [string, Cell][]];
    return { newest: new Map(newest), parts: new Map(), stored: new Map(stored) };
  }
}

const byName = ([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number => (one < other ? -1 : 1);

import { NEVER, type InstantMs } from '#kernel/time';
import type { Instrument } from '#event/types';

/** A cell of packed data: small numbers and short text, nested. */
export type Cell = string | number | readonly Cell[];

/**
 * Writes values as short cells: text that repeats within a state becomes a number, a time its distance from another, and what is
 * empty or `NEVER` a 0, which is left out at the end of a row.
 */
export class Packer {
  readonly words: string[] = [];
  readonly instruments: Instrument[] = [];

  constructor(readonly base: InstantMs) {}

  /** Text that is likely to stand in the state again: its place in `words`, counted from 1. */
  word(text: string): number {
    if (text === '') return 0;
    const known = this.words.lastIndexOf(text);
    return known >= 0 ? known + 1 : this.words.push(text);
  }

  /** Distance from the state's base; 0 where it never happened. */
  time(at: InstantMs): number {
    return since(this.base, at);
  }

  instrument(instrument: Instrument | null): number {
    if (instrument === null) return 0;
    const known = this.instruments.indexOf(instrument);
    return known >= 0 ? known + 1 : this.instruments.push(instrument);
  }
}

export class Unpacker {
  constructor(
    readonly base: InstantMs,
    private readonly words: readonly string[],
    private readonly instruments: readonly Instrument[],
  ) {}

  word(place: Cell | undefined): string {
    return this.words[(place as number) - 1] ?? '';
  }

  time(distance: Cell | undefined, never: InstantMs = NEVER): InstantMs {
    return at(this.base, distance, never);
  }

  instrument(place: Cell | undefined): Instrument | null {
    return this.instruments[(place as number) - 1] ?? null;
  }
}

/** Above zero from the base on, below zero before it; 0 is kept for what never happened. */
export const since = (base: InstantMs, time: InstantMs): number => {
  if (time === NEVER || time === -NEVER) return 0;
  return time >= base ? time - base + 1 : time - base;
};

export function at(base: InstantMs, distance: Cell | undefined, never: InstantMs = NEVER): InstantMs {
  if (distance === undefined || distance === 0) return never;
  return (distance as number) > 0 ? base + (distance as number) - 1 : base + (distance as number);
}

/** A row without the empty cells at its end. */
export function row(cells: Cell[]): readonly Cell[] {
  for (let last = cells[cells.length - 1]; last === 0 || last === ''; last = cells[cells.length - 1]) cells.pop();
  return cells;
}

export const text = (cell: Cell | undefined): string => (cell === undefined || cell === 0 ? '' : (cell as string));
export const number = (cell: Cell | undefined): number => (cell as number | undefined) ?? 0;
export const rows = (cell: Cell | undefined): readonly (readonly Cell[])[] =>
  cell === undefined || cell === 0 ? [] : (cell as readonly (readonly Cell[])[]);

import { SlimSums } from '#stream/slim-sums';
import type { Cell, SlimEmission } from '#stream/stage';

/** A slim event as cells: scope-event.ts. */
export type SlimRow = readonly Cell[];

const ROWS = 2_000;

/** Gathers slim events into pieces, within which what can be added up is. */
export class SlimPiece {
  private rows: SlimRow[] = [];
  private sums = new SlimSums();

  constructor(private readonly full: (rows: readonly SlimRow[]) => void) {}

  add(emission: SlimEmission): void {
    const row = this.sums.row(emission);
    if (row === undefined) return;
    this.rows.push(row);
    if (this.rows.length >= ROWS) this.flush();
  }

  flush(): void {
    const { rows } = this;
    this.rows = [];
    this.sums = new SlimSums();
    this.full(rows);
  }
}

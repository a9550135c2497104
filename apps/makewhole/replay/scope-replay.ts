import type { InstantMs } from '#kernel/time';
import { byTime } from '#detection/scope-event';
import type { scopeStage } from '#detection/scope-stage';
import type { SlimEmission } from '#stream/stage';
import { RowSorter } from '#apps/makewhole/replay/row-sorter';
import { ScopeFold, type ScopeOutputs } from '#apps/makewhole/replay/scope-fold';
import { SlimPiece, type SlimRow } from '#apps/makewhole/replay/slim-piece';

/**
 * The scope stage over what the accounts of a file told it. In a file everything is known, so that slim events are put in the order
 * of their times (then of their ids) before they are folded: neither the interleaving of accounts nor a second delivery shows.
 */
export class ScopeReplay {
  private readonly rows = new RowSorter(byTime);
  private readonly piece = new SlimPiece((rows) => this.take(rows));

  constructor(
    private readonly stage: ReturnType<typeof scopeStage>,
    private readonly outputs: ScopeOutputs,
  ) {}

  hear(emission: SlimEmission): void {
    this.piece.add(emission);
  }

  take(rows: readonly SlimRow[]): void {
    for (const row of rows) this.rows.add(row);
  }

  /** After the last event; deadlines up to `until` fall due. */
  finish(until: InstantMs): void {
    this.piece.flush();
    const fold = new ScopeFold(this.stage, this.outputs);
    for (const row of this.rows.sorted()) fold.row(row);
    fold.finish(until);
  }
}
